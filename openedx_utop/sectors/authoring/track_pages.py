"""Tracks made, named and looked at as their learners see them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.sectors.authoring import api
from openedx_utop.sectors.authoring.data import Column, GroupNameTaken, Plan
from openedx_utop.sectors.authoring.desk import FOLDER, authors_only
from openedx_utop.sectors.authoring.tables import outline
from openedx_utop.sectors.levels.data import Level
from openedx_utop.visitors import visitor_id

LONGEST_NAME = 255


@require_POST
@authors_only
def make(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Give the ticked sectors a track."""
    made = api.open_tracks(course_key, request.POST.getlist("sector"), by=visitor_id(request), now=timezone.now())
    if made:
        text = ngettext("The track is there: {names}.", "The tracks are there: {names}.", len(made))
        messages.success(request, text.format(names=", ".join(made)))
    else:
        messages.error(request, _("Tick at least one trade."))
    return redirect("openedx_utop_studio:authoring", course_key)


@require_POST
@authors_only
def rename(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Give a content group another name."""
    name, group_id = request.POST.get("name", "").strip()[:LONGEST_NAME], request.POST.get("group", "")
    if not name or not group_id.isdigit():
        messages.error(request, _("Choose a group and give it a name."))
        return redirect("openedx_utop_studio:authoring", course_key)
    try:
        api.rename_track(course_key, int(group_id), name, by=visitor_id(request))
    except GroupNameTaken as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The group has its new name; its content and its learners stay."))
    return redirect("openedx_utop_studio:authoring", course_key)


@require_safe
@authors_only
def preview(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """The course as learners of one track, or of none yet, find it."""
    plan = api.read_plan(course_key)
    column = _looked_as(plan, request.GET.get("group", ""), request.GET.get("level", ""))
    group = column.group_id if column else None
    context = {
        "plan": plan,
        "course_key": course_key,
        "column": column,
        "levels": [level for level in Level if level in plan.levels],
        "sections": outline(plan, group),
        "totals": api.totals(plan, group),
    }
    return render(request, f"{FOLDER}/preview.html", context)


def _looked_as(plan: Plan, number: str, level: str) -> Column | None:
    """The trade of this number at this level, else at the lowest."""
    ways = [each for each in (*plan.tracks, *plan.trades) if str(each.trade) == number]
    ways.sort(key=lambda each: (each.level != level, each.level not in plan.levels[:1]))
    return next(iter(ways), None)

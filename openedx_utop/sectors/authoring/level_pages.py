"""The levels of a course: ticked, looked at, written."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from opaque_keys.edx.keys import CourseKey

from openedx_utop.sectors.authoring import api, forms
from openedx_utop.sectors.authoring.data import AuthoringError
from openedx_utop.sectors.authoring.desk import FOLDER, authors_only
from openedx_utop.sectors.authoring.pages import tell_drafts
from openedx_utop.sectors.authoring.tables import level_lines
from openedx_utop.sectors.levels.data import Level, OneLevelAlone
from openedx_utop.visitors import visitor_id


@require_POST
@authors_only
def choose(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """What the ticked levels would change; with `confirmed`, written."""
    wanted = [level for level in Level if level in request.POST.getlist("level")]
    try:
        if "confirmed" in request.POST:
            return _written(request, course_key, wanted)
        return _reviewed(request, course_key, wanted)
    except (AuthoringError, OneLevelAlone) as refusal:
        messages.error(request, str(refusal))
        return redirect("openedx_utop_studio:authoring", course_key)


def _reviewed(request: HttpRequest, course_key: CourseKey, wanted: list[Level]) -> HttpResponse:
    plan = api.read_plan(course_key)
    review = api.review_levels(course_key, plan, wanted)
    if review.before == review.after:
        messages.info(request, _("Nothing is changed yet."))
        return redirect("openedx_utop_studio:authoring", course_key)
    context = {
        "plan": plan,
        "course_key": course_key,
        "review": review,
        "lines": level_lines(plan, review),
        "wanted": wanted,
        "base": forms.encoded(plan.cells),
    }
    return render(request, f"{FOLDER}/levels_review.html", context)


def _written(request: HttpRequest, course_key: CourseKey, wanted: list[Level]) -> HttpResponse:
    base = forms.cells_in(request.POST, "base")
    drafts = api.set_levels(course_key, wanted, base=base, by=visitor_id(request), now=timezone.now())
    if wanted:
        messages.success(request, _("The course has these levels now. Untick those that a row is not for."))
    else:
        messages.success(request, _("The course has no levels any more: each trade goes one way."))
    tell_drafts(request, drafts)
    return redirect("openedx_utop_studio:authoring", course_key)

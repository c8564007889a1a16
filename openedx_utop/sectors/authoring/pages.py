"""The table of a course's tracks: tick, look at what it changes, write."""

import json
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from opaque_keys.edx.keys import CourseKey

from openedx_utop.sectors.authoring import api, forms
from openedx_utop.sectors.authoring.data import UNIT, Origin, Plan, Row
from openedx_utop.sectors.authoring.desk import FOLDER, authors_only, status_of
from openedx_utop.sectors.authoring.forms import Draft
from openedx_utop.sectors.authoring.tables import finding_lines, review_lines, table
from openedx_utop.sectors.authoring.versions import changed
from openedx_utop.sectors.levels.data import Level
from openedx_utop.visitors import visitor_id


@require_http_methods(["GET", "HEAD", "POST"])
@authors_only
def matrix(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """The table as the course is, or with the author's ticks; and what they would change."""
    plan = api.read_plan(course_key)
    if request.method != "POST":
        return show_table(request, course_key, plan, fresh(plan))
    draft = forms.sent(plan, request.POST)
    if api.changes(draft.base, plan.cells):
        return show_conflict(request, course_key, plan, draft)
    if request.POST.get("action") == "copy":
        return _copy(request, course_key, plan, draft)
    if request.POST.get("action") != "review":
        return show_table(request, course_key, plan, draft)
    return show_review(request, course_key, plan, draft)


@require_POST
@authors_only
def confirm(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Write what was reviewed."""
    plan = api.read_plan(course_key)
    draft = forms.sent(plan, request.POST)
    try:
        drafts = api.write(
            course_key,
            base=draft.base,
            cells=draft.cells,
            origin=draft.origin,
            by=visitor_id(request),
            now=timezone.now(),
        )
    except api.ChangedMeanwhile:
        return show_conflict(request, course_key, api.read_plan(course_key), draft)
    except api.NobodyAdmitted as refusal:
        messages.error(request, str(refusal))
        return show_table(request, course_key, plan, draft)
    messages.success(request, _("The access of learners is written. It can be undone under “Versions”."))
    tell_drafts(request, drafts)
    return redirect("openedx_utop_studio:authoring", course_key)


def tell_drafts(request: HttpRequest, drafts: Sequence[Row]) -> None:
    """Say which units are not published yet with what was written."""
    if drafts:
        text = ngettext(
            "This unit holds other changes, so its access counts only once you publish it in Studio: {units}.",
            "These units hold other changes, so their access counts only once you publish them in Studio: {units}.",
            len(drafts),
        )
        messages.warning(request, text.format(units=", ".join(row.title for row in drafts)))


def fresh(plan: Plan) -> Draft:
    """The course as it is, with the units that have a setting of their own on the page."""
    return forms.drafted(plan, plan.cells, plan.cells, opened=_parents(plan, frozenset(plan.cells)))


def show_table(
    request: HttpRequest,
    course_key: CourseKey,
    plan: Plan,
    draft: Draft,
    *,
    disputed: frozenset[str] = frozenset(),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """`disputed`: rows that the author and somebody else changed at once."""
    draft = replace(draft, opened=draft.opened | _parents(plan, draft.refused | disputed))
    laid_out = table(plan, draft, disputed)
    context = {
        "plan": plan,
        "course_key": course_key,
        "draft": draft,
        "table": laid_out,
        "names": json.dumps(laid_out.names),
        "opened": json.dumps(sorted(draft.opened)),
        "conflicts": api.track_conflicts(course_key),
        "findings": finding_lines(api.concerns(course_key, plan)),
        "links": True,
        "trackless": api.trackless_sectors(course_key),
        "levels": Level,
        "base": forms.encoded(draft.base),
        "mine": forms.encoded(draft.cells),
    }
    return render(request, f"{FOLDER}/matrix.html", context, status=status)


def show_review(request: HttpRequest, course_key: CourseKey, plan: Plan, draft: Draft) -> HttpResponse:
    """What the draft would change; the table again if it will not do, or changes nothing."""
    if draft.refused:
        messages.error(request, _refused_words(plan))
        return show_table(request, course_key, plan, draft, status=status_of(is_refused=True))
    if not api.changes(plan.cells, draft.cells):
        messages.info(request, _("Nothing is changed yet."))
        return show_table(request, course_key, plan, draft)
    found = api.review(course_key, plan, draft.cells)
    context = {
        "plan": plan,
        "course_key": course_key,
        "draft": draft,
        "review": found,
        "lines": review_lines(plan, found),
        "opened": json.dumps(sorted(draft.opened)),
        "after": table(found.plan, draft).totals,
        "findings": finding_lines(found.findings),
        "base": forms.encoded(draft.base),
        "mine": forms.encoded(draft.cells),
    }
    return render(request, f"{FOLDER}/review.html", context)


def show_conflict(request: HttpRequest, course_key: CourseKey, plan: Plan, draft: Draft) -> HttpResponse:
    """Somebody else wrote: the author's own changes on top of it, nothing of either lost."""
    cells, disputed = api.merged(draft.base, draft.cells, plan.cells)
    messages.warning(request, changed())
    again = forms.drafted(plan, plan.cells, cells, opened=draft.opened, origin=draft.origin)
    return show_table(request, course_key, plan, again, disputed=disputed, status=HTTPStatus.CONFLICT)


def _refused_words(plan: Plan) -> str:
    if plan.levels:
        return _("Tick either everybody or some trades, and a level, in each row; the rows are marked below.")
    return _("Tick either everybody or some trades in each row; the rows are marked below.")


def _copy(request: HttpRequest, course_key: CourseKey, plan: Plan, draft: Draft) -> HttpResponse:
    """One track's cells for another, put into the draft."""
    known = {str(column.group_id): column.group_id for column in plan.trades}
    source, target = (known.get(request.POST.get(name, "")) for name in ("source", "target"))
    if source is None or target is None or source == target:
        messages.error(request, _("Choose two different trades: one to copy, one that receives."))
        return show_table(request, course_key, plan, draft, status=status_of(is_refused=True))
    if draft.refused:
        return show_review(request, course_key, plan, draft)
    cells = api.copied(draft.cells, source, target, draft.axes)
    return show_review(
        request,
        course_key,
        plan,
        forms.drafted(plan, draft.base, cells, opened=draft.opened, origin=Origin.COPIED),
    )


def _parents(plan: Plan, names: frozenset[str]) -> frozenset[str]:
    """The subsections of those of the rows that are units."""
    return frozenset(row.parent for row in plan.rows if row.level == UNIT and row.parent and row.name in names)

"""What was written before: who, when, what differs; and the way back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.sectors.authoring import api, forms
from openedx_utop.sectors.authoring.data import Origin, UnknownPlan, Version
from openedx_utop.sectors.authoring.desk import FOLDER, authors_only
from openedx_utop.sectors.authoring.pages import show_review
from openedx_utop.sectors.authoring.tables import difference_lines
from openedx_utop.sectors.authoring.wording import origin_words


@require_safe
@authors_only
def history(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Every version, and the difference between two of them: without a choice the last two."""
    plan, kept = api.read_plan(course_key), api.versions(course_key)
    by_number = {str(version.number): version for version in kept}
    first = by_number.get(request.GET.get("from", ""), kept[min(1, len(kept) - 1)] if kept else None)
    second = by_number.get(request.GET.get("to", ""), kept[0] if kept else None)
    people = platform().persons({version.author_id for version in kept if version.author_id is not None})
    context = {
        "plan": plan,
        "course_key": course_key,
        "versions": [
            {
                "version": version,
                "origin": origin_words(version.origin),
                "author": people[version.author_id].full_name if version.author_id in people else "",
                "is_current": not api.changes(version.cells, plan.cells),
            }
            for version in kept
        ],
        "first": first,
        "second": second,
        "lines": difference_lines(plan, first, second) if first and second else (),
    }
    return render(request, f"{FOLDER}/versions.html", context)


@require_POST
@authors_only
def restore(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """What going back to a version would change, to be confirmed like any other change."""
    plan = api.read_plan(course_key)
    kept = _version(request, course_key)
    cells, lost = api.restored(plan, kept.cells, api.axes_at(kept, plan))
    if lost:
        messages.warning(
            request, _("Some blocks stay as they are: the groups that they were for no longer exist in this course.")
        )
    draft = forms.drafted(plan, plan.cells, cells, opened=frozenset(), origin=Origin.RESTORED)
    return show_review(request, course_key, plan, draft)


def _version(request: HttpRequest, course_key: CourseKey) -> Version:
    number = request.POST.get("number", "")
    if not number.isdigit():
        raise UnknownPlan(_("There is no such version."))
    return api.version(course_key, int(number))

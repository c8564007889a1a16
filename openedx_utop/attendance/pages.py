"""The learner's own time, and how it is counted."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance import api
from openedx_utop.attendance.assistance.api import contacts_of
from openedx_utop.compat import platform
from openedx_utop.official_time import official_day, official_zone
from openedx_utop.spreadsheets import csv_response
from openedx_utop.templatetags.utop import clock
from openedx_utop.visitors import visitor_id


@login_required
@never_cache
def course_time(request: HttpRequest, course_key: str) -> HttpResponse:
    """The learner's time in one course, by week and by module, and what the team and they told each other."""
    user_id = visitor_id(request)
    report = _report(user_id, course_key)
    if report is None:
        return render(request, "openedx_utop/attendance/unknown_course.html", {"key": course_key}, status=404)
    context = {"report": report, "zone": official_zone(), "contacts": contacts_of(user_id, report.course.key)}
    return render(request, "openedx_utop/attendance/course_time.html", context)


@login_required
@never_cache
def course_time_csv(request: HttpRequest, course_key: str) -> HttpResponseBase:
    """The same figures as the learner's page, as a table to download."""
    report = _report(visitor_id(request), course_key)
    if report is None:
        raise Http404(_("Course not found"))
    return csv_response(f"{_('my-time')}-{report.course.key.course}.csv", _cells(report))


@login_required
def method(request: HttpRequest) -> HttpResponse:
    """How time is counted, with the parameters in force."""
    rule = api.parameters()
    seconds = {name: getattr(rule, name) // 1000 for name in ("silence", "idle", "activity_idle", "trail")}
    seconds["media_minutes"] = settings.UTOP_MEDIA_PROMPT_SECONDS // 60
    return render(request, "openedx_utop/attendance/method.html", seconds)


def _report(user_id: int, course_key: str) -> api.TimeReport | None:
    """None for a course that is not the learner's, or that nobody knows."""
    try:
        course = platform().course(CourseKey.from_string(course_key))
    except InvalidKeyError:
        return None
    if course is None:
        return None
    time = api.course_time(user_id, course.key)
    is_theirs = time.total_seconds or time.portions or platform().is_enrolled(user_id, course.key)
    return api.time_report(user_id, course, time, today=official_day(timezone.now())) if is_theirs else None


def _cells(report: api.TimeReport) -> Iterator[tuple[object, ...]]:
    """A line per module, per week and per modality, then the totals."""
    yield (
        _("Kind"),
        _("What"),
        _("Estimated duration"),
        _("Realised duration"),
        _("Connection time"),
        _("Live sessions"),
        _("Certified"),
        _("Completed"),
    )
    yield from _module_cells(report)
    for week in report.weeks:
        yield _("Week of"), week.monday.isoformat(), "", "", clock(week.seconds), clock(week.live_seconds), "", ""
    for modality in report.modalities:
        realised, certified = clock(modality.realised_seconds), clock(modality.certified_seconds)
        yield _("Modality"), modality.name, "", realised, "", "", certified, ""
    time = report.time
    totals = (
        report.estimated_seconds,
        report.realised_seconds,
        time.total_seconds,
        time.live_seconds,
        time.certified_seconds,
    )
    yield _("Total"), report.course.title, *(clock(seconds) for seconds in totals), ""


def _module_cells(report: api.TimeReport) -> Iterator[tuple[object, ...]]:
    for module in report.modules:
        done = module.is_complete
        yield (
            _("Module"),
            module.title,
            clock(module.estimated_seconds),
            clock(module.estimated_seconds if done else 0),
            clock(module.seconds),
            "",
            clock(module.certified_seconds),
            _("yes") if done else _("not yet"),
        )
    for module in report.off_path:
        completed = _("yes") if module.is_complete else _("not yet")
        certified = clock(module.certified_seconds)
        yield _("Module outside the path"), module.title, "", "", clock(module.seconds), "", certified, completed
    if report.elsewhere_seconds:
        yield _("Module outside the path"), _("Other pages"), "", "", clock(report.elsewhere_seconds), "", "", ""

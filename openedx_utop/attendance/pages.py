"""The learner's own time, and how it is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance import api
from openedx_utop.attendance.data import CourseTime
from openedx_utop.compat import Course, PathModule, platform
from openedx_utop.official_time import official_zone
from openedx_utop.training import api as training

WEEK = timedelta(days=7)
# The drawing's own units; it is scaled to the width of the page.
ROW_HEIGHT = 26
LONGEST_BAR = 150


@dataclass(frozen=True)
class WeekRow:
    """A week of the table and of the drawing."""

    monday: date
    clock: str
    top: int
    bar: int


@dataclass(frozen=True)
class ModuleRow:
    """A module of the learner's path; its estimated duration is 0 in a course that is no training action."""

    title: str
    section_title: str
    estimated_seconds: int
    is_complete: bool
    seconds: int
    clock: str


@login_required
@never_cache
def course_time(request: HttpRequest, course_key: str) -> HttpResponse:
    """The learner's time in one course, by week and by module."""
    user_id = cast(int, request.user.pk)
    course = _course(course_key)
    time = api.course_time(user_id, course.key) if course else None
    if course is None or time is None or not (time.total_seconds or platform().is_enrolled(user_id, course.key)):
        return render(request, "openedx_utop/attendance/unknown_course.html", {"key": course_key}, status=404)
    return render(request, "openedx_utop/attendance/course_time.html", _course_context(user_id, course, time))


@login_required
def method(request: HttpRequest) -> HttpResponse:
    """How time is counted, with the parameters in force."""
    rule = api.parameters()
    seconds = {name: getattr(rule, name) // 1000 for name in ("silence", "idle", "activity_idle", "trail")}
    seconds["media_minutes"] = settings.UTOP_MEDIA_PROMPT_SECONDS // 60
    return render(request, "openedx_utop/attendance/method.html", seconds)


def _course(text: str) -> Course | None:
    try:
        return platform().course(CourseKey.from_string(text))
    except InvalidKeyError:
        return None


def _course_context(user_id: int, course: Course, time: CourseTime) -> dict[str, object]:
    action = training.action_for(course.key)
    modules = _planned_modules(user_id, action, time) if action else _modules(user_id, course.key, time)
    weeks = _week_rows(time.by_week)
    off_path = time.total_seconds - sum(row.seconds for row in modules)
    return {
        "course": course,
        "time": time,
        "zone": official_zone(),
        "total": _clock(time.total_seconds),
        "offline": _clock(time.offline_seconds) if time.offline_seconds else "",
        "modules": modules,
        "off_path": _clock(off_path) if off_path else "",
        "has_estimates": action is not None,
        "estimated": sum(row.estimated_seconds for row in modules),
        "realised": sum(row.estimated_seconds for row in modules if row.is_complete),
        "weeks": weeks,
        "chart_height": len(weeks) * ROW_HEIGHT,
    }


def _planned_modules(user_id: int, action: training.Action, time: CourseTime) -> list[ModuleRow]:
    return [_module_row(module, time, module.estimated_seconds) for module in training.learner_modules(user_id, action)]


def _modules(user_id: int, course_key: CourseKey, time: CourseTime) -> list[ModuleRow]:
    return [_module_row(module, time, 0) for module in platform().learner_path(user_id, course_key)]


def _module_row(module: training.Module | PathModule, time: CourseTime, estimated_seconds: int) -> ModuleRow:
    seconds = time.by_module.get(module.usage_key, 0)
    return ModuleRow(
        module.title, module.section_title, estimated_seconds, module.is_complete, seconds, _clock(seconds)
    )


def _week_rows(by_week: Sequence[tuple[date, int]]) -> list[WeekRow]:
    """Every week from the first to the last, those without presence too."""
    if not by_week:
        return []
    seconds = dict(by_week)
    mondays = [by_week[0][0] + WEEK * rank for rank in range((by_week[-1][0] - by_week[0][0]) // WEEK + 1)]
    longest = max(1, *seconds.values())
    return [
        WeekRow(
            monday=monday,
            clock=_clock(seconds.get(monday, 0)),
            top=rank * ROW_HEIGHT,
            bar=seconds.get(monday, 0) * LONGEST_BAR // longest,
        )
        for rank, monday in enumerate(mondays)
    ]


def _clock(seconds: int) -> str:
    """Hours, minutes and seconds: « 1:05:09 »."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"

"""What was measured on one day, which corrections are held against."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.attendance.corrections.data import NewCorrection
from openedx_utop.attendance.corrections.rules import Measured
from openedx_utop.attendance.models import Presence
from openedx_utop.attendance.summary import milliseconds
from openedx_utop.compat import platform
from openedx_utop.official_time import official_zone


def is_of_course(user_id: int, course_key: CourseKey) -> bool:
    """Whether the account is enrolled in the course, or was ever present in it."""
    present = Presence.objects.filter(user_id=user_id, place__course_key=course_key)
    return platform().is_enrolled(user_id, course_key) or present.exists()


def measured_on(new: NewCorrection, user_id: int, course_key: CourseKey) -> Measured:
    """What was measured on the correction's day."""
    start, end = _bounds(new.day)
    rows = Presence.objects.filter(user_id=user_id, end__gt=start, start__lt=end)
    lengths = [
        (course, module, milliseconds(min(until, end)) - milliseconds(max(since, start)))
        for course, module, since, until in rows.values_list("place__course_key", "place__module_key", "start", "end")
    ]
    return Measured(
        course_seconds=_seconds(each for course, _, each in lengths if course == course_key),
        module_seconds=_seconds(each for _, module, each in lengths if module == new.module_key),
        person_seconds=_seconds(each for _, _, each in lengths),
    )


def shown_seconds(user_id: int, course_key: CourseKey, *, day: date | None, module_key: UsageKey | None) -> int:
    """What was measured in a course, of one day or of all, in one module or in all."""
    rows = Presence.objects.filter(user_id=user_id, place__course_key=course_key)
    if module_key is not None:
        rows = rows.filter(place__module_key=module_key)
    start, end = _bounds(day) if day else (None, None)
    if start and end:
        rows = rows.filter(end__gt=start, start__lt=end)
    return _seconds(
        milliseconds(min(until, end or until)) - milliseconds(max(since, start or since))
        for since, until in rows.values_list("start", "end")
    )


def _bounds(day: date) -> tuple[datetime, datetime]:
    zone = official_zone()
    return datetime.combine(day, time.min, tzinfo=zone), datetime.combine(
        day + timedelta(days=1), time.min, tzinfo=zone
    )


def _seconds(lengths: Iterable[int]) -> int:
    return sum(lengths) // 1000

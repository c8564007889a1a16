"""From everything that is recorded of learners to the figures that people read, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.attendance.certified import count
from openedx_utop.attendance.corrections.api import CorrectionFacts, effective_of
from openedx_utop.attendance.data import CourseTime
from openedx_utop.attendance.flags import day_flags
from openedx_utop.attendance.live.api import LiveHours, live_hours_elsewhere, live_hours_of
from openedx_utop.attendance.models import Presence, PresenceSource
from openedx_utop.attendance.record import AttendedTime, CorrectedTime, OnlineTime, Recorded
from openedx_utop.attendance.rules import Interval
from openedx_utop.attendance.summary import by_week, merge_connections, milliseconds, whole_seconds
from openedx_utop.official_time import official_zone
from openedx_utop.training.api import Estimates, PolicyFacts, action_for, estimates, policies

Row = tuple[UsageKey, datetime, datetime, str]


def course_time(user_id: int, course_key: CourseKey) -> CourseTime:
    """What was recorded of the learner in this course, and what of it is certified."""
    return course_times([user_id], course_key)[user_id]


def course_times(user_ids: Sequence[int], course_key: CourseKey) -> dict[int, CourseTime]:
    """The same of each of these learners, in no more queries than for one."""
    action = action_for(course_key)
    versions = policies(action) if action else ()
    durations = estimates(action, versions) if action else Estimates()
    rows = _presences(user_ids, course_key)
    live, elsewhere = live_hours_of(user_ids, course_key), live_hours_elsewhere(user_ids, course_key)
    corrections = effective_of(user_ids, course_key)
    return {
        user_id: _course_time(
            rows[user_id],
            [*_attended(live[user_id]), *_attended(elsewhere[user_id], is_elsewhere=True)],
            corrections.get(user_id, ()),
            versions,
            durations,
        )
        for user_id in user_ids
    }


def total_seconds(user_id: int, course_key: CourseKey) -> int:
    """The learner's connection time in this course, in whole seconds."""
    spans = Presence.objects.filter(user_id=user_id, place__course_key=course_key).values_list("start", "end")
    return sum(milliseconds(end) - milliseconds(start) for start, end in spans) // 1000


def _presences(user_ids: Sequence[int], course_key: CourseKey) -> defaultdict[int, list[Row]]:
    """Each learner's, in order of time."""
    found: defaultdict[int, list[Row]] = defaultdict(list)
    rows: Iterable[Any] = (
        Presence.objects.filter(user_id__in=user_ids, place__course_key=course_key)
        .order_by("end", "pk")
        .values_list("user_id", "place__module_key", "start", "end", "source")
    )
    for user_id, *row in rows:
        found[user_id].append(tuple(row))
    return found


def _course_time(
    rows: Sequence[Row],
    live: Sequence[AttendedTime],
    corrections: Sequence[CorrectionFacts],
    versions: Sequence[PolicyFacts],
    durations: Estimates,
) -> CourseTime:
    zone = official_zone()
    presences = [Interval(milliseconds(start), milliseconds(end)) for _module, start, end, _source in rows]
    offline = sum(
        presence.length
        for (*_row, source), presence in zip(rows, presences, strict=True)
        if source == PresenceSource.OFFLINE
    )
    outcome = count(_recorded(rows, live, corrections), versions, durations, zone)
    return CourseTime(
        total_seconds=sum(outcome.online.values()),
        by_module=outcome.online,
        by_week=tuple(whole_seconds(by_week(presences, zone)).items()),
        connections=len(merge_connections(presences)),
        first=rows[0][1] if rows else None,
        last=rows[-1][2] if rows else None,
        offline_seconds=offline // 1000,
        live_seconds=outcome.live_seconds,
        corrections_seconds=outcome.corrections_seconds,
        corrections_without_effect=outcome.without_effect,
        overlaps=outcome.overlaps,
        portions=outcome.portions,
        recounted_certified_seconds=sum(portion.seconds for portion in outcome.recounted if portion.rule is None),
        recounted_version=outcome.newest_version,
        policies=tuple(versions),
        flags=day_flags(outcome.portions, versions),
    )


def _attended(hours: Iterable[LiveHours], *, is_elsewhere: bool = False) -> Iterator[AttendedTime]:
    for each in hours:
        start, end = milliseconds(each.start), milliseconds(each.end)
        yield AttendedTime(
            start, end, each.modality, each.module_key, is_elsewhere, str(each.slot_uuid), each.trainer_signed
        )


def _recorded(rows: Iterable[Row], live: Sequence[AttendedTime], corrections: Iterable[CorrectionFacts]) -> Recorded:
    return Recorded(
        online=[OnlineTime(module, milliseconds(start), milliseconds(end)) for module, start, end, _source in rows],
        live=live,
        corrections=[CorrectedTime(each.day, each.module_key, each.seconds) for each in corrections],
    )

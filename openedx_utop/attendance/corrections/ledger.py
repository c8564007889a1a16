"""Reading the corrections: which count, which wait, and for whom."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.corrections.data import CorrectionFacts
from openedx_utop.attendance.corrections.models import Correction

COUNTS = Q(needs_second_person=False) | Q(decision__is_accepted=True)


def effective(user_id: int, course_key: CourseKey) -> tuple[CorrectionFacts, ...]:
    """The learner's corrections that count, by day, then in the order in which they were written; in one query."""
    return tuple(_facts(record) for record in _counting(course_key).filter(user_id=user_id))


def effective_of(user_ids: Iterable[int], course_key: CourseKey) -> dict[int, tuple[CorrectionFacts, ...]]:
    """The same of several learners, in one query; learners without any are absent."""
    found: defaultdict[int, list[CorrectionFacts]] = defaultdict(list)
    for record in _counting(course_key).filter(user_id__in=tuple(user_ids)):
        found[record.user_id].append(_facts(record))
    return {user_id: tuple(facts) for user_id, facts in found.items()}


def _counting(course_key: CourseKey) -> QuerySet[Correction]:
    records = Correction.objects.filter(COUNTS, course_key=course_key)
    return records.select_related("decision").order_by("day", "rank")


def _facts(record: Correction) -> CorrectionFacts:
    return CorrectionFacts(
        uuid=record.uuid,
        day=record.day,
        module_key=record.module_key,
        seconds=record.seconds,
        reason_code=record.reason_code,
        text=record.text,
        decided_at=record.decision.decided_at if record.needs_second_person else record.recorded_at,
    )

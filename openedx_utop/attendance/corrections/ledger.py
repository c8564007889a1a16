"""Reading corrections: which count, which wait, and what became of each."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.corrections.data import (
    CorrectionFacts,
    CorrectionRecord,
    Decision,
    Evidence,
    State,
    UnknownCorrection,
)
from openedx_utop.attendance.corrections.models import Correction
from openedx_utop.attendance.corrections.rules import Earlier
from openedx_utop.left_behind import left_behind

COUNTS = Q(needs_second_person=False) | Q(decision__is_accepted=True)
WAITS = Q(needs_second_person=True, decision__isnull=True)


def effective(user_id: int, course_key: CourseKey) -> tuple[CorrectionFacts, ...]:
    """The learner's corrections that count, by day, then in the order in which they were written; in one query."""
    return tuple(_facts(record) for record in _counting(course_key).filter(user_id=user_id))


def effective_of(user_ids: Iterable[int], course_key: CourseKey) -> dict[int, tuple[CorrectionFacts, ...]]:
    """The same of several learners, in one query; learners without any are absent."""
    found: defaultdict[int, list[CorrectionFacts]] = defaultdict(list)
    for record in _counting(course_key).filter(user_id__in=tuple(user_ids)):
        found[record.user_id].append(_facts(record))
    return {user_id: tuple(facts) for user_id, facts in found.items()}


def correction(uuid: UUID) -> CorrectionRecord:
    """One correction; raises UnknownCorrection."""
    record = Correction.objects.select_related("decision").filter(uuid=uuid).first()
    if record is None:
        raise UnknownCorrection(uuid)
    return _record(record)


def corrections_of(user_id: int, course_key: CourseKey) -> tuple[CorrectionRecord, ...]:
    """Every correction of the learner in the course, the latest first."""
    records = Correction.objects.select_related("decision").filter(user_id=user_id, course_key=course_key)
    return tuple(_record(record) for record in records.order_by("-rank"))


def lately_corrected(*, now: datetime) -> set[tuple[int, CourseKey]]:
    """Learner and course of the corrections that count since a time after which something may be left behind."""
    alone = Q(needs_second_person=False) & left_behind("recorded_at", now=now)
    accepted = Q(decision__is_accepted=True) & left_behind("decision__decided_at", now=now)
    return set(Correction.objects.filter(alone | accepted).values_list("user_id", "course_key"))


def waiting(course_key: CourseKey) -> tuple[CorrectionRecord, ...]:
    """The corrections of the course that wait for a second person, the oldest first."""
    records = Correction.objects.select_related("decision").filter(WAITS, course_key=course_key)
    return tuple(_record(record) for record in records.order_by("recorded_at", "pk"))


def last_rank(user_id: int) -> int:
    """The highest rank among the learner's corrections, in all courses; 0 without any."""
    return Correction.objects.filter(user_id=user_id).aggregate(last=Max("rank"))["last"] or 0


def earlier(user_id: int) -> tuple[Earlier, ...]:
    """Every correction of the learner, in all courses, as the rules look at it."""
    return tuple(
        Earlier(
            course=str(record.course_key),
            day=record.day,
            module=str(record.module_key or ""),
            seconds=record.seconds,
            author_id=record.author_id,
            recorded_at=record.recorded_at,
            alone=not record.needs_second_person,
            state=_state(record),
        )
        for record in Correction.objects.select_related("decision").filter(user_id=user_id)
    )


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


def _state(record: Correction) -> State:
    if not record.needs_second_person:
        return State.EFFECTIVE
    decision = _decision(record)
    if decision is None:
        return State.PENDING
    return State.EFFECTIVE if decision.is_accepted else State.REFUSED


def _decision(record: Correction) -> Decision | None:
    if not hasattr(record, "decision"):
        return None
    found = record.decision
    return Decision(found.is_accepted, found.why, found.decided_by, found.decided_at)


def _record(record: Correction) -> CorrectionRecord:
    evidence = Evidence(record.evidence_name, record.evidence_sha256, record.evidence_names_others)
    return CorrectionRecord(
        uuid=record.uuid,
        user_id=record.user_id,
        course_key=record.course_key,
        day=record.day,
        module_key=record.module_key,
        seconds=record.seconds,
        reason_code=record.reason_code,
        text=record.text,
        author_id=record.author_id,
        author_role=record.author_role,
        recorded_at=record.recorded_at,
        needs_second_person=record.needs_second_person,
        after_issue=record.after_issue,
        state=_state(record),
        evidence=evidence if record.evidence_sha256 else None,
        decision=_decision(record),
    )

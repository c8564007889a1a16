"""Figures that learners contest, and the answers."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from opaque_keys.edx.django.models import UsageKeyField
from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.attendance.corrections import ledger
from openedx_utop.attendance.corrections.data import (
    AlreadyAnswered,
    Answer,
    ContestRecord,
    InTheFuture,
    NoSuchLearner,
    NoSuchModule,
    TooManyContests,
    UnknownContest,
    UnknownCorrection,
)
from openedx_utop.attendance.corrections.measured import is_of_course, shown_seconds
from openedx_utop.attendance.corrections.models import Contest, ContestAnswer, Correction
from openedx_utop.attendance.corrections.recording import staff_of
from openedx_utop.official_time import official_day

# More unanswered ones of one learner in one course say nothing new.
MOST_UNANSWERED = 10


def contest(
    user_id: int,
    course_key: CourseKey,
    *,
    day: date | None,
    module_key: UsageKey | None,
    claimed_minutes: int,
    words: str,
    now: datetime,
) -> ContestRecord:
    """Write down that the learner contests a figure, with what was shown to them until now.

    `claimed_minutes`: what they say the figure should be. The same words sent twice are one contest.
    Raises InTheFuture, NoSuchLearner, NoSuchModule or TooManyContests.
    """
    if day is not None and day > official_day(now):
        raise InTheFuture
    if not is_of_course(user_id, course_key):
        raise NoSuchLearner
    if module_key is not None and module_key.course_key != course_key:
        raise NoSuchModule
    open_ones = Contest.objects.filter(user_id=user_id, course_key=course_key, answer__isnull=True)
    said = {
        "day": day,
        "module_key": module_key or UsageKeyField.Empty,
        "claimed_minutes": claimed_minutes,
        "words": words,
    }
    if same := open_ones.filter(**said).first():
        return contest_record(same.uuid)
    if open_ones.count() >= MOST_UNANSWERED:
        raise TooManyContests
    written = Contest.objects.create(
        user_id=user_id,
        course_key=course_key,
        day=day,
        module_key=module_key,
        shown_seconds=figure(user_id, course_key, day=day, module_key=module_key),
        claimed_minutes=claimed_minutes,
        words=words,
        contested_at=now,
    )
    return _record(written)


def figure(user_id: int, course_key: CourseKey, *, day: date | None, module_key: UsageKey | None) -> int:
    """Measured time with the corrections that count, in seconds, of a day, a module, both, or the whole course."""
    corrected = sum(
        each.seconds
        for each in ledger.effective(user_id, course_key)
        if day in (None, each.day) and module_key in (None, each.module_key)
    )
    return max(0, shown_seconds(user_id, course_key, day=day, module_key=module_key) + corrected)


def answer(uuid: UUID, *, words: str, correction_uuid: UUID | None, by: int, now: datetime) -> ContestRecord:
    """Answer a contest, once, naming the correction that followed, if one did.

    Raises UnknownContest, NotStaff, OwnTime, UnknownCorrection for one of another learner or course, AlreadyAnswered.
    """
    found = Contest.objects.filter(uuid=uuid).first()
    if found is None:
        raise UnknownContest(uuid)
    staff_of(by, found.user_id, found.course_key)
    correction = _correction(found, correction_uuid) if correction_uuid else None
    try:
        with transaction.atomic():
            ContestAnswer.objects.create(
                contest=found, correction=correction, words=words, answered_by=by, answered_at=now
            )
    except IntegrityError:
        raise AlreadyAnswered from None
    return contest_record(uuid)


def contest_record(uuid: UUID) -> ContestRecord:
    """One contest; raises UnknownContest."""
    found = Contest.objects.select_related("answer__correction").filter(uuid=uuid).first()
    if found is None:
        raise UnknownContest(uuid)
    return _record(found)


def contests_of(user_id: int, course_key: CourseKey) -> tuple[ContestRecord, ...]:
    """What the learner contested in the course, the latest first."""
    found = Contest.objects.select_related("answer__correction").filter(user_id=user_id, course_key=course_key)
    return tuple(_record(each) for each in found.order_by("-contested_at", "-pk"))


def unanswered(course_key: CourseKey) -> tuple[ContestRecord, ...]:
    """What is contested in the course and waits for an answer, the oldest first."""
    found = Contest.objects.filter(course_key=course_key, answer__isnull=True)
    return tuple(_record(each) for each in found.select_related("answer").order_by("contested_at", "pk"))


def _correction(found: Contest, uuid: UUID) -> Correction:
    corrections = Correction.objects.filter(uuid=uuid, user_id=found.user_id, course_key=found.course_key)
    correction: Correction | None = corrections.first()
    if correction is None:
        raise UnknownCorrection(uuid)
    return correction


def _record(found: Contest) -> ContestRecord:
    return ContestRecord(
        uuid=found.uuid,
        user_id=found.user_id,
        course_key=found.course_key,
        day=found.day,
        module_key=found.module_key,
        shown_seconds=found.shown_seconds,
        claimed_minutes=found.claimed_minutes,
        words=found.words,
        contested_at=found.contested_at,
        answer=_answer(found),
    )


def _answer(found: Contest) -> Answer | None:
    if not hasattr(found, "answer"):
        return None
    said = found.answer
    correction = said.correction.uuid if said.correction else None
    return Answer(said.words, correction, said.answered_by, said.answered_at)

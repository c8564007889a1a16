"""Writing corrections, and decisions about them."""

from datetime import datetime
from functools import partial
from typing import cast
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.corrections import evidence, ledger, rules
from openedx_utop.attendance.corrections.data import (
    AlreadyDecided,
    CorrectionRecord,
    NewCorrection,
    NoSuchLearner,
    NoSuchModule,
    NotStaff,
    OutsideAction,
    OwnCorrection,
    OwnTime,
    UnknownCorrection,
    Upload,
)
from openedx_utop.attendance.corrections.measured import is_of_course, measured_on
from openedx_utop.attendance.corrections.models import Correction, CorrectionDecision
from openedx_utop.compat import platform
from openedx_utop.events.signals import correction_effective
from openedx_utop.official_time import official_day
from openedx_utop.training.api import action_for, policy_on

# Others who write about the same learner at the same instant come first at most this often.
ATTEMPTS = 8


def record(
    user_id: int,
    course_key: CourseKey,
    new: NewCorrection,
    *,
    author_id: int,
    document_issued: bool,
    now: datetime,
    upload: Upload | None = None,
    uuid: UUID | None = None,
) -> CorrectionRecord:
    """Write a correction down; it counts at once, unless a second person must decide. Call it outside a transaction.

    With the `uuid` of one that the same author wrote about the same learner it answers with that one.
    Raises NotStaff, OwnTime, NoSuchLearner, NoSuchModule, EvidenceRefused or Impossible; nothing is written then.
    """
    role = staff_of(author_id, user_id, course_key)
    _check(user_id, course_key, new, now)
    if upload:
        evidence.check(upload)
    written = Correction(
        uuid=uuid or uuid4(),
        user_id=user_id,
        course_key=course_key,
        day=new.day,
        module_key=new.module_key,
        seconds=new.seconds,
        reason_code=new.reason_code,
        text=new.text,
        author_id=author_id,
        author_role=role,
        recorded_at=now,
        after_issue=document_issued,
    )
    _keep(written, new, upload)
    return ledger.correction(written.uuid)


def decide(uuid: UUID, *, is_accepted: bool, why: str, by: int, now: datetime) -> CorrectionRecord:
    """Accept or refuse a correction, once.

    Raises UnknownCorrection, NotStaff, OwnTime, OwnCorrection for its author, or AlreadyDecided.
    """
    found = ledger.correction(uuid)
    staff_of(by, found.user_id, found.course_key)
    if found.author_id == by:
        raise OwnCorrection
    if not found.needs_second_person:
        raise AlreadyDecided
    correction = Correction.objects.get(uuid=uuid)
    try:
        with transaction.atomic():
            CorrectionDecision.objects.create(
                correction=correction, is_accepted=is_accepted, why=why, decided_by=by, decided_at=now
            )
            if is_accepted:
                _announce(correction)
    except IntegrityError:
        raise AlreadyDecided from None
    return ledger.correction(uuid)


def document(uuid: UUID, *, reader_id: int) -> tuple[str, str, bytes]:
    """Name, media type and content of the document kept with a correction, for the staff and the learner concerned.

    Raises UnknownCorrection, also to everybody else, and to the learner where it speaks of other people; raises
    EvidenceAltered rather than give another document than the one recorded.
    """
    found = Correction.objects.filter(uuid=uuid).exclude(evidence_sha256="").first()
    if found is None:
        raise UnknownCorrection(uuid)
    is_their_own = found.user_id == reader_id and not found.evidence_names_others
    if not is_their_own and not platform().is_course_staff(reader_id, found.course_key):
        raise UnknownCorrection(uuid)
    content = evidence.read(found)
    return found.evidence_name, evidence.media_type(content), content


def staff_of(staff_id: int, user_id: int, course_key: CourseKey) -> str:
    """The role of a member of the staff who may act on this learner's time; raises NotStaff or OwnTime."""
    role = platform().staff_role(staff_id, course_key)
    if not role:
        raise NotStaff
    if staff_id == user_id:
        raise OwnTime
    return role


def _check(user_id: int, course_key: CourseKey, new: NewCorrection, now: datetime) -> None:
    action = action_for(course_key)
    if action is None:
        raise OutsideAction
    if not is_of_course(user_id, course_key):
        raise NoSuchLearner
    if new.module_key is not None and new.module_key.course_key != course_key:
        raise NoSuchModule
    held = policy_on(action, new.day)
    first, last = held.contract_first or action.starts_on, held.contract_last or action.ends_on
    rules.check_day(new.day, today=official_day(now), first=first, last=last)


def _keep(correction: Correction, new: NewCorrection, upload: Upload | None) -> None:
    """The document is stored before the row that names it, and goes if no such row follows."""
    if upload:
        evidence.attach(correction, upload)
    is_written = False
    try:
        is_written = _write(correction, new)
    finally:
        if upload and not is_written:
            correction.evidence_file.delete(save=False)


def _write(correction: Correction, new: NewCorrection) -> bool:
    """On the learner's next rank: of two at once one must look again at what the other left possible.

    False if the same form was written before.
    """
    for attempt in range(1, ATTEMPTS + 1):
        if _is_there(correction):
            return False
        try:
            with transaction.atomic():
                _write_once(correction, new)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
        else:
            break
    return True


def _is_there(correction: Correction) -> bool:
    """Whether the author wrote it already; raises UnknownCorrection if its uuid is that of another one."""
    written = Correction.objects.filter(uuid=correction.uuid).first()
    if written is None:
        return False
    for name in ("author_id", "user_id", "course_key"):
        if getattr(written, name) != getattr(correction, name):
            raise UnknownCorrection(correction.uuid)
    return True


def _write_once(correction: Correction, new: NewCorrection) -> None:
    # Not by counting: some may have been erased. Read before the others: what is written between takes the same rank.
    correction.rank = ledger.last_rank(correction.user_id) + 1
    earlier = ledger.earlier(correction.user_id)
    course = str(correction.course_key)
    rules.check_amount(new, earlier, measured_on(new, correction.user_id, correction.course_key), course=course)
    correction.needs_second_person = rules.needs_second_person(
        new,
        (each for each in earlier if each.course == course),
        author_id=correction.author_id,
        now=correction.recorded_at,
        threshold_seconds=settings.UTOP_CORRECTION_REVIEW_MINUTES * 60,
        document_issued=correction.after_issue,
    )
    correction.save(force_insert=True)
    if not correction.needs_second_person:
        _announce(correction)


def _announce(correction: Correction) -> None:
    """Tell, after the commit, that the learner's time changed."""
    tell = partial(
        correction_effective.send_robust,
        sender=None,
        user_id=correction.user_id,
        course_key=cast(CourseKey, correction.course_key),
        correction_uuid=correction.uuid,
    )
    transaction.on_commit(tell)

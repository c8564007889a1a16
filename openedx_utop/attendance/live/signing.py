"""Signing a half-day: the learner with the code, the trainer for a learner, the trainer for themselves."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from openedx_utop.attendance.live.attempts import give_back_attempt, take_attempt
from openedx_utop.attendance.live.codes import is_code
from openedx_utop.attendance.live.data import (
    HalfDay,
    NotALearner,
    NotNow,
    NotRegistered,
    NotSigned,
    ReasonMissing,
    SignatureCancelled,
    Spans,
    WrongCode,
)
from openedx_utop.attendance.live.hours import standing
from openedx_utop.attendance.live.models import (
    LiveRegistration,
    LiveSession,
    LiveSignature,
    LiveSlot,
    SigningMethod,
    TrainerSignature,
)
from openedx_utop.attendance.live.rules import GRACE_BEFORE, may_sign
from openedx_utop.attendance.live.sessions import locked_session, may_train, tell_of_hours, unknown
from openedx_utop.attendance.summary import milliseconds
from openedx_utop.compat import platform


def sign_with_code(user_id: int, slot_uuid: UUID, code: str, *, now: datetime) -> None:
    """The learner signs a half-day with the code that the trainer shows; a second time changes nothing.

    Raises UnknownSession, NotALearner, SessionSettled, NotNow, NotRegistered, SignatureCancelled, TooManyAttempts
    and WrongCode.
    """
    slot = _slot_of_learner(user_id, slot_uuid)
    _refuse_outside_hours(slot, now)
    _refuse_without_place(slot.session, user_id)
    take_attempt(user_id, slot, now=now)
    if not is_code(code, slot_uuid, now):
        raise WrongCode(_("This is not the code of this half-day at this moment. Look at the trainer's screen again."))
    give_back_attempt(user_id, slot)
    append(slot, user_id, SigningMethod.CODE, whole(slot), by=user_id, now=now)


def sign_for(user_id: int, slot_uuid: UUID, *, reason: str, by: int, now: datetime) -> None:
    """A trainer signs for a learner, who counts as there for the whole half-day; a second time changes nothing.

    Raises UnknownSession for who is not enrolled, NotALearner, SessionSettled, NotNow before the half-day, and
    ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why the learner did not sign with the code."))
    slot = _slot_of_learner(user_id, slot_uuid)
    refuse_before(slot, now)
    append(slot, user_id, SigningMethod.TRAINER, whole(slot), by=by, now=now, reason=reason)


def cancel_signature(user_id: int, slot_uuid: UUID, *, reason: str, by: int, now: datetime) -> None:
    """A trainer cancels a learner's signature, which stays on record.

    Raises UnknownSession, SessionSettled, ReasonMissing and NotSigned.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why, for whoever checks the sheet later."))
    slot = slot_record(slot_uuid)
    with transaction.atomic():
        locked_session(slot.session.uuid)
        last = _last(slot, user_id)
        if last is None or last.method == SigningMethod.CANCELLED:
            raise NotSigned(_("There is no signature to cancel."))
        _add(slot, user_id, last.rank + 1, SigningMethod.CANCELLED, (), by=by, now=now, reason=reason)
        tell_of_hours(user_id, slot.session.course_key)


def sign_as_trainer(user_id: int, slot_uuid: UUID, *, now: datetime) -> None:
    """A trainer signs that they held the half-day; a second time changes nothing. It may count for learners now.

    Raises UnknownSession, SessionSettled, and NotNow before the half-day.
    """
    slot = slot_record(slot_uuid)
    if not may_train(user_id, slot.session.course_key, slot.session.trainer_id):
        raise unknown()
    refuse_before(slot, now)
    with transaction.atomic():
        locked_session(slot.session.uuid)
        _row, is_new = TrainerSignature.objects.get_or_create(slot=slot, user_id=user_id, defaults={"signed_at": now})
        for row in standing(slot.signatures.all()) if is_new else ():
            tell_of_hours(row.user_id, slot.session.course_key)


def append(
    slot: LiveSlot, user_id: int, method: str, spans: Spans, *, by: int, now: datetime, reason: str = ""
) -> bool:
    """Add the signature unless one stands; whether it was added. Raises SessionSettled and SignatureCancelled."""
    try:
        with transaction.atomic():
            if not locked_session(slot.session.uuid).slots.filter(pk=slot.pk).exists():
                raise unknown()
            last = _last(slot, user_id)
            if last is not None and last.method != SigningMethod.CANCELLED:
                return False
            if last is not None and method != SigningMethod.TRAINER:
                raise SignatureCancelled(_("The trainer cancelled this signature. Only the trainer can sign again."))
            _add(slot, user_id, last.rank + 1 if last else 1, method, spans, by=by, now=now, reason=reason)
    except IntegrityError:
        return False  # The same signature arrived twice at once: the other one stands.
    tell_of_hours(user_id, slot.session.course_key)
    return True


def slot_record(slot_uuid: UUID) -> LiveSlot:
    """The half-day with its session; raises UnknownSession."""
    slot = LiveSlot.objects.select_related("session").filter(uuid=slot_uuid).first()
    if slot is None:
        raise unknown()
    return slot


def refuse_before(slot: LiveSlot, now: datetime) -> None:
    """Raise NotNow while the half-day is still to come."""
    if now < slot.start - GRACE_BEFORE:
        raise NotNow(_("This half-day has not begun."))


def whole(slot: LiveSlot) -> Spans:
    """The whole half-day, as what a signature proves."""
    return ((milliseconds(slot.start), milliseconds(slot.end)),)


def _slot_of_learner(user_id: int, slot_uuid: UUID) -> LiveSlot:
    slot = slot_record(slot_uuid)
    session = slot.session
    if not platform().is_enrolled(user_id, session.course_key):
        raise unknown()
    if may_train(user_id, session.course_key, session.trainer_id):
        raise NotALearner(_("Whoever keeps the sheet of this session signs there as its trainer, not as a learner."))
    return slot


def _refuse_outside_hours(slot: LiveSlot, now: datetime) -> None:
    if not may_sign(HalfDay(slot.start, slot.end), now):
        raise NotNow(_("A half-day is signed from fifteen minutes before its start to thirty minutes after its end."))


def _refuse_without_place(session: LiveSession, user_id: int) -> None:
    if session.capacity is None or LiveRegistration.objects.filter(session=session, user_id=user_id).exists():
        return
    raise NotRegistered(
        _("The places of this session are counted: register first, or ask the trainer to sign for you.")
    )


def _last(slot: LiveSlot, user_id: int) -> LiveSignature | None:
    return LiveSignature.objects.filter(slot=slot, user_id=user_id).order_by("-rank").first()


def _add(
    slot: LiveSlot, user_id: int, rank: int, method: str, spans: Spans, *, by: int, now: datetime, reason: str
) -> None:
    LiveSignature.objects.create(
        slot=slot,
        user_id=user_id,
        rank=rank,
        method=method,
        intervals=[list(span) for span in spans],
        reason=reason.strip(),
        signed_by=by,
        signed_at=now,
    )

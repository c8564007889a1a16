"""What a learner sees of the sessions, and what the sheet of a half-day holds."""

from datetime import datetime
from uuid import UUID

from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.live.changes import changes_of
from openedx_utop.attendance.live.data import OwnSession, OwnSlot, Session, Sheet, Signature, Slot
from openedx_utop.attendance.live.hours import standing
from openedx_utop.attendance.live.models import LiveRegistration, LiveSignature, LiveSlot, TrainerSignature
from openedx_utop.attendance.live.rules import GRACE_AFTER, GRACE_BEFORE, may_sign
from openedx_utop.attendance.live.sessions import session_of_slot, sessions_of
from openedx_utop.compat import platform

# A whole town may be enrolled; whom a sheet awaits by name is a room.
MOST_EXPECTED = 200


def sessions_for(user_id: int, course_key: CourseKey, *, now: datetime) -> tuple[OwnSession, ...]:
    """The sessions of the course as the learner sees them, in order of time, in a constant number of queries."""
    mine = LiveSignature.objects.filter(user_id=user_id, slot__session__course_key=course_key).select_related("slot")
    signed = {row.slot.uuid: row for row in standing(mine)}
    places = LiveRegistration.objects.filter(user_id=user_id, session__course_key=course_key)
    held = set(places.values_list("session__uuid", flat=True))
    return tuple(_own(session, signed, session.uuid in held, now) for session in sessions_of(course_key))


def open_now(user_id: int, *, now: datetime) -> tuple[OwnSession, ...]:
    """The sessions, over all the learner's courses, of which a half-day can be signed at this moment."""
    near = LiveSlot.objects.filter(start__lte=now + GRACE_BEFORE, end__gt=now - GRACE_AFTER)
    courses = {slot.session.course_key for slot in near.select_related("session")}
    mine = [key for key in sorted(courses, key=str) if platform().is_enrolled(user_id, key)]
    own = (each for key in mine for each in sessions_for(user_id, key, now=now))
    return tuple(each for each in own if any(slot.may_sign for slot in each.slots))


def sheet(slot_uuid: UUID) -> Sheet:
    """The attendance sheet of a half-day; raises UnknownSession."""
    session = session_of_slot(slot_uuid)
    signatures = tuple(_signature(row) for row in standing(LiveSignature.objects.filter(slot__uuid=slot_uuid)))
    trainers = TrainerSignature.objects.filter(slot__uuid=slot_uuid).order_by("signed_at")
    return Sheet(
        session=session,
        slot=next(slot for slot in session.slots if slot.uuid == slot_uuid),
        expected=tuple(sorted({*_awaited(session), *(each.user_id for each in signatures)})),
        signatures=signatures,
        trainers=tuple(trainers.values_list("user_id", "signed_at")),
        changes=changes_of(session.uuid),
    )


def _awaited(session: Session) -> list[int]:
    """The learners registered; without registration those of the course, if they are a room's worth."""
    if session.capacity is not None:
        return list(LiveRegistration.objects.filter(session__uuid=session.uuid).values_list("user_id", flat=True))
    learners = platform().learners(session.course_key).values_list("pk", flat=True)[: MOST_EXPECTED + 1]
    return [user_id for user_id in learners if user_id != session.trainer_id] if len(learners) <= MOST_EXPECTED else []


def _own(session: Session, signed: dict[UUID, LiveSignature], is_registered: bool, now: datetime) -> OwnSession:
    slots = tuple(_own_slot(slot, signed.get(slot.uuid), session.is_cancelled, now) for slot in session.slots)
    return OwnSession(session, slots, is_registered, is_over=session.end <= now)


def _own_slot(slot: Slot, row: LiveSignature | None, is_cancelled: bool, now: datetime) -> OwnSlot:
    return OwnSlot(
        uuid=slot.uuid,
        start=slot.start,
        end=slot.end,
        signed_at=row.signed_at if row else None,
        method=row.method if row else "",
        method_label=row.get_method_display() if row else "",
        trainer_signed=slot.trainer_signed,
        may_sign=row is None and not is_cancelled and may_sign(slot.half_day, now),
    )


def _signature(row: LiveSignature) -> Signature:
    return Signature(
        user_id=row.user_id,
        method=row.method,
        method_label=row.get_method_display(),
        reason=row.reason,
        signed_by=row.signed_by,
        signed_at=row.signed_at,
        spans=tuple((start, end) for start, end in row.intervals),
    )

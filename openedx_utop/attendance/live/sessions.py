"""Sessions: planned, changed while nothing is signed, cancelled, and read."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.live.changes import note_change
from openedx_utop.attendance.live.data import (
    BadPlan,
    Plan,
    ReasonMissing,
    Session,
    SessionSettled,
    Slot,
    UnknownSession,
)
from openedx_utop.attendance.live.hours import standing
from openedx_utop.attendance.live.models import LiveSession, LiveSignature, LiveSlot, SigningMethod, TrainerSignature
from openedx_utop.attendance.live.rules import check_plan
from openedx_utop.compat import platform
from openedx_utop.events.signals import live_hours_changed
from openedx_utop.official_time import official_zone


def plan_session(plan: Plan, *, course_key: CourseKey, by: int, now: datetime) -> UUID:
    """Enter a session of the course; raises BadPlan."""
    check_plan(plan, official_zone())
    with transaction.atomic():
        record = LiveSession(course_key=course_key, created_by=by, created_at=now)
        _write(record, plan)
    return record.uuid


def change_session(uuid: UUID, plan: Plan, *, by: int, now: datetime) -> None:
    """Replace what was entered, and keep what it was in a row.

    Raises BadPlan, UnknownSession, and SessionSettled once anything is signed.
    """
    check_plan(plan, official_zone())
    with transaction.atomic():
        record = locked_session(uuid)
        if _ever_signed(record):
            raise SessionSettled(_("The session has been signed: it can be cancelled, no longer changed."))
        if plan.capacity is not None and plan.capacity < record.registrations.count():
            raise BadPlan("capacity", _("More learners than that are registered already."))
        note_change(record, plan, by=by, now=now)
        _write(record, plan)


def cancel_session(uuid: UUID, *, reason: str, by: int, now: datetime) -> None:
    """Say that the session does not, or did not, take place: its signatures are cancelled too, each by a new row.

    Raises UnknownSession, SessionSettled and ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why, for whoever checks the sheet later."))
    with transaction.atomic():
        record = locked_session(uuid)
        record.cancelled_at, record.cancelled_by, record.cancellation_reason = now, by, reason.strip()
        record.save()
        for last in standing(LiveSignature.objects.filter(slot__session=record)):
            LiveSignature.objects.create(
                slot_id=last.slot_id,
                user_id=last.user_id,
                rank=last.rank + 1,
                method=SigningMethod.CANCELLED,
                reason=reason.strip(),
                signed_by=by,
                signed_at=now,
            )
            tell_of_hours(last.user_id, record.course_key)


def session(uuid: UUID) -> Session:
    """One session; raises UnknownSession."""
    found = _facts(LiveSession.objects.filter(uuid=uuid))
    if not found:
        raise unknown()
    return found[0]


def session_of_slot(slot_uuid: UUID) -> Session:
    """The session that a half-day belongs to; raises UnknownSession."""
    found = _facts(LiveSession.objects.filter(slots__uuid=slot_uuid))
    if not found:
        raise unknown()
    return found[0]


def sessions_of(course_key: CourseKey) -> tuple[Session, ...]:
    """Every session of the course, in order of time, in a constant number of queries."""
    return _facts(LiveSession.objects.filter(course_key=course_key))


def may_train(user_id: int, course_key: CourseKey, trainer_id: int | None) -> bool:
    """Whether the account keeps the sheet: the trainer named in the session, or the course's staff."""
    return user_id == trainer_id or platform().is_course_staff(user_id, course_key)


def trains(user_id: int, course_key: CourseKey) -> bool:
    """Whether the account is named as the trainer of a session of the course."""
    return LiveSession.objects.filter(course_key=course_key, trainer_id=user_id, cancelled_at=None).exists()


def locked_session(uuid: UUID) -> LiveSession:
    """The session, held until the transaction ends; raises UnknownSession, and SessionSettled if it is cancelled."""
    record = LiveSession.objects.select_for_update().filter(uuid=uuid).first()
    if record is None:
        raise unknown()
    if record.cancelled_at is not None:
        raise SessionSettled(_("The session was cancelled."))
    return record


def tell_of_hours(user_id: int, course_key: CourseKey) -> None:
    """That they changed; after the commit: where a request is one transaction, a worker would not see it yet."""
    changed = partial(live_hours_changed.send_robust, None, user_id=user_id, course_key=course_key)
    transaction.on_commit(changed, robust=True)


def unknown() -> UnknownSession:
    """The same answer for what is not there and for what is not for who asks."""
    return UnknownSession(_("There is no such session."))


def _write(record: LiveSession, plan: Plan) -> None:
    record.title, record.modality, record.capacity = plan.title.strip(), plan.modality, plan.capacity
    record.place, record.link = plan.place.strip(), plan.link
    record.trainer_id, record.module_key = plan.trainer_id, plan.module_key
    record.save()
    kept = {(half_day.start, half_day.end) for half_day in plan.half_days}
    for slot in record.slots.all():
        if (slot.start, slot.end) in kept:
            kept.remove((slot.start, slot.end))
        else:
            slot.delete()
    LiveSlot.objects.bulk_create(LiveSlot(session=record, start=start, end=end) for start, end in sorted(kept))


def _ever_signed(record: LiveSession) -> bool:
    signatures = LiveSignature.objects.all(), TrainerSignature.objects.all()
    return any(rows.filter(slot__session=record).exists() for rows in signatures)


def _facts(records: QuerySet[LiveSession]) -> tuple[Session, ...]:
    keys = [record.pk for record in records]
    found = LiveSession.objects.filter(pk__in=keys).annotate(registered=Count("registrations"))
    signed = _signed(LiveSignature.objects.filter(slot__session__in=keys))
    trained = set(TrainerSignature.objects.filter(slot__session__in=keys).values_list("slot_id", flat=True))
    sessions = [_session(record, signed, trained) for record in found.prefetch_related("slots")]
    return tuple(sorted(sessions, key=lambda each: (each.slots[0].start, each.title)))


def _signed(rows: "QuerySet[LiveSignature]") -> dict[int, int]:
    """Signatures that stand, by half-day: a learner's rows sign and cancel in turn, so that they are a difference."""
    is_cancelled = Q(method=SigningMethod.CANCELLED)
    counts = rows.values("slot_id").annotate(
        signed=Count("pk", filter=~is_cancelled), cancelled=Count("pk", filter=is_cancelled)
    )
    return {each["slot_id"]: each["signed"] - each["cancelled"] for each in counts}


def _session(record: LiveSession, signed: dict[int, int], trained: set[int]) -> Session:
    slots = sorted(record.slots.all(), key=lambda slot: slot.start)
    return Session(
        uuid=record.uuid,
        course_key=record.course_key,
        title=record.title,
        modality=record.modality,
        modality_label=record.get_modality_display(),
        place=record.place,
        link=record.link,
        capacity=record.capacity,
        trainer_id=record.trainer_id,
        module_key=record.module_key,
        registered=record.registered,  # type: ignore[attr-defined]
        is_cancelled=record.cancelled_at is not None,
        cancellation_reason=record.cancellation_reason,
        slots=tuple(
            Slot(slot.uuid, slot.start, slot.end, signed.get(slot.pk, 0), slot.pk in trained) for slot in slots
        ),
    )

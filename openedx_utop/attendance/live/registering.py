"""Places in sessions: held by learners, never more than there are."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openedx_utop.attendance.live.attempts import forget_attempts
from openedx_utop.attendance.live.data import NotNow, SessionFull
from openedx_utop.attendance.live.models import LiveRegistration, LiveSession
from openedx_utop.attendance.live.sessions import locked_session, unknown
from openedx_utop.compat import platform


def register(user_id: int, session_uuid: UUID, *, now: datetime) -> None:
    """Give the learner a place; a second time changes nothing.

    Raises UnknownSession for who is not enrolled, SessionSettled, SessionFull, and NotNow once the session is over.
    """
    with transaction.atomic():
        record = _open_to(user_id, session_uuid, now)
        held = record.registrations.all()
        if held.filter(user_id=user_id).exists():
            return
        if record.capacity is not None and held.count() >= record.capacity:
            raise SessionFull(_("No place is left in this session."))
        LiveRegistration.objects.create(session=record, user_id=user_id, registered_at=now)


def withdraw(user_id: int, session_uuid: UUID, *, now: datetime) -> None:
    """Free the learner's place; raises UnknownSession, SessionSettled, and NotNow once the session is over."""
    with transaction.atomic():
        _open_to(user_id, session_uuid, now).registrations.filter(user_id=user_id).delete()


def forget_learner(user_id: int) -> None:
    """Give up the learner's places and forget their wrong codes; signatures are legal evidence."""
    LiveRegistration.objects.filter(user_id=user_id).delete()
    forget_attempts(user_id)


def _open_to(user_id: int, session_uuid: UUID, now: datetime) -> LiveSession:
    record = locked_session(session_uuid)
    if not platform().is_enrolled(user_id, record.course_key):
        raise unknown()
    if not record.slots.filter(end__gt=now).exists():
        raise NotNow(_("The session is over."))
    return record

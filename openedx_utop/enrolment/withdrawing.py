"""Taking a seat back. Of one that is accepted, the enrolment that it brought ends with it; what was done stays.

The account stays on the seat until its enrolment has ended, so that nothing is forgotten in between.
"""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import CannotEnrol, platform
from openedx_utop.enrolment import invitations, seats
from openedx_utop.enrolment.data import Desk, ReasonNeeded, SeatFacts, SeatSettled
from openedx_utop.enrolment.models import Seat, SeatState
from openedx_utop.events.data import SeatData
from openedx_utop.events.signals import SEAT_WITHDRAWN, seat_withdrawn
from openedx_utop.official_time import official_day
from openedx_utop.training.api import action_for

logger = logging.getLogger(__name__)

LONGEST_REASON = 1_000


def withdraw(desk: Desk, seat_uuid: UUID, *, now: datetime, reason: str = "") -> SeatFacts:
    """Take a seat back; whoever has waited longest gets it.

    An accepted one with a reason, which its holder reads; by a company before the training begins only. Raises
    UnknownSeat, SeatSettled and ReasonNeeded. Call it outside a transaction: the platform ends the enrolment after it.
    """
    with transaction.atomic():
        seat = seats.locked_seat(desk, seat_uuid)
        was_accepted = seat.state == SeatState.ACCEPTED
        if was_accepted:
            _refuse(desk, reason.strip(), now)
            _note(seat, reason)
        if seat.state != SeatState.WITHDRAWN:
            seats.change(seat, SeatState.WITHDRAWN, desk.user_id, now)
            invitations.revoke([seat.pk], now=now)
            seats.promote(seat.plan, by=desk.user_id, now=now)
    if was_accepted:
        _carry_out(seat)
    return seats.facts_of(seat, None)


def may_take_back(desk: Desk, *, now: datetime) -> bool:
    """Whether the desk may take accepted seats back: the course's staff always, a company before the beginning."""
    action = action_for(desk.course_key)
    return desk.is_staff or action is None or official_day(now) < action.starts_on


def end_enrolments() -> int:
    """End the enrolments that seats taken back still hold, and say how many; for what a crash left undone."""
    left = Seat.objects.filter(state=SeatState.WITHDRAWN, user_id__isnull=False).select_related("plan")
    return sum(_has_ended(seat) for seat in left)


def _refuse(desk: Desk, reason: str, now: datetime) -> None:
    if not may_take_back(desk, now=now):
        raise SeatSettled(_("The training has begun. To end this person's training, write to the course team."))
    if not reason:
        raise ReasonNeeded(_("This person is enrolled already: say why the seat is withdrawn. They will read it."))


def _note(seat: Seat, reason: str) -> None:
    seat.reason, seat.is_notice_due = reason.strip()[:LONGEST_REASON], bool(seat.email)
    seat.save(update_fields=["reason", "is_notice_due"])


def _carry_out(seat: Seat) -> None:
    user_id = seat.user_id
    if user_id is None:
        return
    SEAT_WITHDRAWN.send_event(seat=announcement(seat, user_id))
    _has_ended(seat)
    seat_withdrawn.send_robust(None, uuid=seat.uuid)


def announcement(seat: Seat, user_id: int) -> SeatData:
    """As others hear of a seat and its account."""
    plan = seat.plan
    return SeatData(seat.uuid, user_id, plan.course_key, plan.company, seat.changed_by, seat.changed_at)


def _has_ended(seat: Seat) -> bool:
    """Whether the enrolment that came with the seat has ended; one that did not come with it is left alone."""
    user_id, course_key = seat.user_id, seat.plan.course_key
    if user_id is None:
        return False
    if seat.has_enrolled and not _has_another(user_id, course_key):
        try:
            platform().end_enrolment(user_id, course_key)
        except CannotEnrol as refusal:
            logger.warning("The enrolment of a seat taken back could not be ended: %s, %s", seat.uuid, refusal)
            return False
    Seat.objects.filter(pk=seat.pk, state=SeatState.WITHDRAWN, user_id=user_id).update(user_id=None)
    return True


def _has_another(user_id: int, course_key: CourseKey) -> bool:
    """Whether they hold a seat of another company in the course."""
    return seats.accepted_by(user_id, course_key).exists()

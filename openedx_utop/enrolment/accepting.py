"""Accepting an invitation: the seat becomes the account's, then what comes with it is carried out."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from openedx_utop.compat import CannotEnrol, platform
from openedx_utop.enrolment import seats
from openedx_utop.enrolment.data import InvitationFacts, InvitationRefused, OtherAddress
from openedx_utop.enrolment.desks import company_name
from openedx_utop.enrolment.models import Invitation, Seat, SeatState
from openedx_utop.enrolment.tokens import token_hash
from openedx_utop.enrolment.withdrawing import announcement
from openedx_utop.events.signals import SEAT_GRANTED
from openedx_utop.official_time import official_day
from openedx_utop.organizations import api as organizations
from openedx_utop.sectors import api as sectors

logger = logging.getLogger(__name__)


def invitation(token: str, user_id: int | None, *, now: datetime) -> InvitationFacts:
    """What the link invites to. Raises InvitationRefused with the sentence to show."""
    found = _found(token)
    _refuse(found, user_id, now)
    plan = found.seat.plan
    course = platform().course(plan.course_key)
    return InvitationFacts(
        course_key=plan.course_key,
        course_title=course.title if course else "",
        company_name=company_name(plan.company),
        email=found.seat.email,
        expires_at=found.expires_at,
        is_accepted=found.seat.state == SeatState.ACCEPTED,
    )


def accept(token: str, user_id: int, *, confirms_address: bool, now: datetime) -> InvitationFacts:
    """Give the seat to the account, enrol it, and say its company and its sector; again, it changes nothing.

    The link is the proof: another address than the invited one needs `confirms_address` only. Raises
    InvitationRefused and OtherAddress. Call it outside a transaction, as the choice of a sector wants.
    """
    facts = invitation(token, user_id, now=now)
    was_enrolled = platform().is_enrolled(user_id, facts.course_key)
    seat = _take(token, user_id, confirms_address, was_enrolled, now)
    try:
        platform().enrol(user_id, facts.course_key)
    except CannotEnrol as error:
        raise InvitationRefused(str(error) or _("The course does not take anybody at the moment.")) from error
    if not _is_held(seat, user_id):
        if not was_enrolled:
            platform().end_enrolment(user_id, facts.course_key)
        raise InvitationRefused(_no_longer_valid())
    if not facts.is_accepted:
        SEAT_GRANTED.send_event(seat=announcement(seat, user_id))
    _carry_out(seat, user_id, now)
    return facts


def is_other_address(facts: InvitationFacts, user_id: int) -> bool:
    """Whether the account has another address than the one invited; an erased address is anybody's."""
    person = platform().person(user_id)
    return bool(facts.email) and (person is None or person.email.lower() != facts.email)


@transaction.atomic
def _take(token: str, user_id: int, confirms_address: bool, was_enrolled: bool, now: datetime) -> Seat:
    seats.locked(_found(token).seat.plan_id)
    found = _found(token)
    _refuse(found, user_id, now)
    seat = found.seat
    if seat.state == SeatState.ACCEPTED:
        return seat
    person = platform().person(user_id)
    is_other = person is None or person.email.lower() != seat.email
    if is_other and seat.email and not confirms_address:
        raise OtherAddress(_("This invitation was sent to another address than that of your account: confirm it."))
    if seats.accepted_by(user_id, seat.plan.course_key).filter(plan_id=seat.plan_id).exists():
        raise InvitationRefused(_("You hold a seat of this company already: there is nothing more to do."))
    seat.state, seat.user_id, seat.changed_by, seat.changed_at = SeatState.ACCEPTED, user_id, user_id, now
    seat.has_enrolled = not was_enrolled
    seat.save(update_fields=["state", "user_id", "changed_by", "changed_at", "has_enrolled"])
    found.accepted_at, found.accepted_by, found.from_other_address = now, user_id, is_other
    found.save(update_fields=["accepted_at", "accepted_by", "from_other_address"])
    return seat


def _found(token: str) -> Invitation:
    found = Invitation.objects.select_related("seat__plan").filter(token_hash=token_hash(token)).first()
    if found is None:
        raise InvitationRefused(_("This link leads to no invitation. Check that you copied all of it."))
    return found


def _refuse(found: Invitation, user_id: int | None, now: datetime) -> None:
    """Only the account that accepted may open an invitation again."""
    if found.seat.state == SeatState.ACCEPTED:
        if user_id is not None and found.seat.user_id == user_id:
            return
        raise InvitationRefused(
            _("This invitation has been accepted already. If it was you, sign in with the account you used then.")
        )
    if found.revoked_at is not None:
        raise InvitationRefused(_no_longer_valid())
    if found.expires_at <= now:
        day = date_format(official_day(found.expires_at), "DATE_FORMAT")
        raise InvitationRefused(
            _("This invitation expired on %(day)s. Ask who invited you to send you another one.") % {"day": day}
        )


def _is_held(seat: Seat, user_id: int) -> bool:
    """Whether the seat has not been taken back while the platform enrolled its holder."""
    return Seat.objects.filter(pk=seat.pk, state=SeatState.ACCEPTED, user_id=user_id).exists()


def _no_longer_valid() -> str:
    return _("This invitation is no longer valid. If you received a later one, use that; else ask who invited you.")


def _carry_out(seat: Seat, user_id: int, now: datetime) -> None:
    """The company, the level and the sector that the list told. What cannot be done now the learner does in the
    course; what they have said there already stands.
    """
    course_key = seat.plan.course_key
    by, method = seat.listed_by, sectors.ChoiceMethod.IMPORT
    if seat.siret:
        organizations.declare_employer(user_id, seat.siret, now=now)
    try:
        if seat.level and sectors.held_level(user_id, course_key) is None:
            sectors.choose_level(user_id, course_key, seat.level, chosen_by=by, now=now, method=method)
        if seat.sector and sectors.learner_sector(user_id, course_key) is None:
            sectors.choose_sector(user_id, course_key, seat.sector, chosen_by=by, now=now, method=method)
    except sectors.SectorError as refusal:
        logger.warning("The sector of an enrolment list could not be chosen: %s", refusal)

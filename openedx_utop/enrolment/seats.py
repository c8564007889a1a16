"""Seats, given and taken back under the lock of their plan."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.enrolment import invitations
from openedx_utop.enrolment.data import Desk, SeatFacts, Seats, SeatSettled, UnknownSeat
from openedx_utop.enrolment.models import Invitation, Seat, SeatPlan, SeatState
from openedx_utop.enrolment.tokens import email_hash

TAKEN = (SeatState.INVITED, SeatState.ACCEPTED)


def plan_of(course_key: CourseKey, company: str) -> SeatPlan:
    """The plan of a company in a course, made on first need: as many seats as are asked for."""
    plan, _is_new = SeatPlan.objects.get_or_create(course_key=course_key, company=company)
    return plan


def locked(plan_id: int) -> SeatPlan:
    """The plan, for nobody else until the transaction ends; the first thing that a transaction reads."""
    return SeatPlan.objects.select_for_update().get(pk=plan_id)


def counted(plan: SeatPlan) -> Seats:
    """How many are taken, and how many people wait."""
    counts = plan.seats.aggregate(
        taken=Count("pk", filter=Q(state__in=TAKEN)), waiting=Count("pk", filter=Q(state=SeatState.WAITING))
    )
    return Seats(plan.capacity, counts["taken"], counts["waiting"])


def next_rank(plan: SeatPlan) -> int:
    """After everybody listed so far."""
    last: int | None = plan.seats.aggregate(last=Max("rank"))["last"]
    return (last or 0) + 1


def seats_of(desk: Desk) -> tuple[SeatFacts, ...]:
    """The seats of the desk's company, in the order of the lists; two queries."""
    rows = list(Seat.objects.filter(_of(desk)).select_related("plan").order_by("rank"))
    return tuple(facts_of(row, invitation) for row, invitation in _with_invitations(rows))


def seats(desk: Desk) -> Seats:
    """How many seats the desk's company has."""
    plan = SeatPlan.objects.filter(course_key=desk.course_key, company=desk.company).first()
    return counted(plan) if plan else Seats(None, 0, 0)


def offered_to(email: str) -> list[int]:
    """The primary keys of the seats kept for an address that no account has accepted."""
    kept = Seat.objects.filter(email_hash=email_hash(email.lower()), user_id=None)
    return list(kept.values_list("pk", flat=True))


def set_capacity(course_key: CourseKey, company: str, capacity: int | None, *, by: int, now: datetime) -> Seats:
    """Say how many seats there are; those who wait move up. Fewer than are taken takes nobody's away."""
    plan_id = plan_of(course_key, company).pk
    with transaction.atomic():
        plan = locked(plan_id)
        plan.capacity = capacity
        plan.save(update_fields=["capacity"])
        promote(plan, by=by, now=now)
        return counted(plan)


def invite_again(desk: Desk, seat_uuid: UUID, *, now: datetime) -> SeatFacts:
    """Send a new link, after which the former one no longer works. Raises UnknownSeat and SeatSettled."""
    with transaction.atomic():
        seat = locked_seat(desk, seat_uuid)
        if seat.state != SeatState.INVITED or not seat.email:
            raise SeatSettled(_("There is nobody to invite: the seat is accepted, withdrawn or not free yet."))
        latest = seat.invitations.order_by("-pk").first()
        if latest is not None and now - latest.created_at < invitations.SHORTEST_PAUSE:
            raise SeatSettled(_("An invitation has just been sent. Wait ten minutes before you send another one."))
        invitations.revoke([seat.pk], now=now)
        (invitation,) = invitations.invite([seat.pk], now=now)
    return facts_of(seat, invitation)


def vacate(plan_id: int, leaving: "QuerySet[Seat]", *, now: datetime) -> None:
    """Withdraw those of these seats that nobody accepted; those who wait move up."""
    with transaction.atomic():
        plan = locked(plan_id)
        for seat in leaving.filter(plan=plan).exclude(state__in=(SeatState.ACCEPTED, SeatState.WITHDRAWN)):
            change(seat, SeatState.WITHDRAWN, seat.listed_by, now)
            invitations.revoke([seat.pk], now=now)
        promote(plan, by=0, now=now)


def promote(plan: SeatPlan, *, by: int, now: datetime) -> None:
    """Give the free seats to those who wait, the first listed first; within the plan's lock."""
    waiting = plan.seats.filter(state=SeatState.WAITING).order_by("rank")
    if plan.capacity is not None:
        waiting = waiting[: max(0, plan.capacity - counted(plan).taken)]
    promoted = list(waiting)
    for seat in promoted:
        change(seat, SeatState.INVITED, by, now)
    invitations.invite([seat.pk for seat in promoted], now=now)


def held(plan: SeatPlan, hashes: Collection[str]) -> dict[str, Seat]:
    """The seats of these addresses, withdrawn ones too, by the hash."""
    return {seat.email_hash: seat for seat in plan.seats.filter(email_hash__in=hashes)}


def _of(desk: Desk) -> Q:
    return Q(plan__course_key=desk.course_key, plan__company=desk.company)


def locked_seat(desk: Desk, seat_uuid: UUID) -> Seat:
    """The seat, its plan locked. What another company holds is as unknown as what nobody holds."""
    plan_id = SeatPlan.objects.filter(course_key=desk.course_key, company=desk.company).values_list("pk", flat=True)
    for found in plan_id:
        plan = locked(found)
        seat = plan.seats.filter(uuid=seat_uuid).first()
        if seat is not None:
            seat.plan = plan
            return seat
    raise UnknownSeat(_("There is no such seat."))


def change(seat: Seat, state: SeatState, by: int, now: datetime) -> None:
    """Write its state."""
    seat.state, seat.changed_by, seat.changed_at = state, by, now
    seat.save(update_fields=["state", "changed_by", "changed_at"])


def _with_invitations(rows: Iterable[Seat]) -> Iterable[tuple[Seat, Invitation | None]]:
    rows = list(rows)
    latest = invitations.in_force([row.pk for row in rows])
    return [(row, latest.get(row.pk)) for row in rows]


def facts_of(seat: Seat, invitation: Invitation | None) -> SeatFacts:
    """As others are told of it."""
    return SeatFacts(
        uuid=seat.uuid,
        course_key=seat.plan.course_key,
        company=seat.plan.company,
        email=seat.email,
        last_name=seat.last_name,
        first_name=seat.first_name,
        state=seat.state,
        rank=seat.rank,
        changed_at=seat.changed_at,
        reason=seat.reason,
        expires_at=invitation.expires_at if invitation else None,
        sent_at=invitation.sent_at if invitation else None,
    )


def accepted_by(user_id: int, course_key: CourseKey) -> "QuerySet[Seat]":
    """The seats that this account accepted in the course."""
    return Seat.objects.filter(plan__course_key=course_key, user_id=user_id, state=SeatState.ACCEPTED)

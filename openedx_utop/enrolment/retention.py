"""Names and addresses of lists are kept for a time; a person who leaves the platform is erased at once."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from openedx_utop.enrolment import lists, seats
from openedx_utop.enrolment.models import EnrolmentLine, EnrolmentList, Invitation, ListManager, Seat, SeatState
from openedx_utop.enrolment.tokens import email_hash

ERASED = {"email": "", "last_name": "", "first_name": "", "reason": "", "is_notice_due": False}


def forget_learner(user_id: int) -> None:
    """Erase what lists said of an account, and what it might manage; the seat stays counted, nobody's."""
    _erase(Seat.objects.filter(user_id=user_id))
    Invitation.objects.filter(accepted_by=user_id).update(accepted_by=None)
    Seat.objects.filter(user_id=user_id).update(user_id=None)
    ListManager.objects.filter(user_id=user_id).delete()


def forget_address(email: str, *, now: datetime) -> None:
    """Erase what lists said of an e-mail address, accepted or not; an invitation not accepted is withdrawn."""
    found = Seat.objects.filter(email_hash=email_hash(email.lower()))
    plans = sorted(set(found.exclude(state=SeatState.ACCEPTED).values_list("plan_id", flat=True)))
    for plan_id in plans:
        seats.vacate(plan_id, found, now=now)
    _erase(found)
    EnrolmentLine.objects.filter(email__iexact=email).update(email="")
    lists.forget_unfinished(email)


def overdue(*, now: datetime) -> int:
    """How many seats and lines hold names or addresses for longer than UTOP_LIST_DAYS."""
    return _old_seats(now).count() + _old_lines(now).count() + _old_lists(now).count()


def apply_retention(*, now: datetime) -> int:
    """Erase them, and say how many; seats remain, without names."""
    erased = _old_seats(now).update(**ERASED) + _old_lists(now).update(content=b"")
    return erased + _old_lines(now).delete()[0]


def _erase(found: "QuerySet[Seat]") -> None:
    EnrolmentLine.objects.filter(seat__in=list(found.values_list("pk", flat=True))).update(email="")
    found.update(**ERASED)


def _old_seats(now: datetime) -> "QuerySet[Seat]":
    holds = ~Q(email="", last_name="", first_name="")
    return Seat.objects.filter(holds, changed_at__lt=_instant(now))


def _old_lines(now: datetime) -> "QuerySet[EnrolmentLine]":
    return EnrolmentLine.objects.filter(source__pasted_at__lt=_instant(now))


def _old_lists(now: datetime) -> "QuerySet[EnrolmentList]":
    return EnrolmentList.objects.filter(pasted_at__lt=_instant(now)).exclude(content=b"")


def _instant(now: datetime) -> datetime:
    return now - timedelta(days=settings.UTOP_LIST_DAYS)

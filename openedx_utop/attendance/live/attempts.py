"""How often codes may be tried. Counted in the database: every process shares it, and no eviction forgets it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from openedx_utop.attendance.live.data import TooManyAttempts
from openedx_utop.attendance.live.models import LiveSlot, SigningAttempts
from openedx_utop.attendance.live.rules import (
    ATTEMPTS_PER_LEARNER,
    ATTEMPTS_PER_SLOT,
    attempts_period,
    attempts_seconds_left,
)


def take_attempt(user_id: int, slot: LiveSlot, *, now: datetime) -> None:
    """Count an attempt before it is judged, so that many at once are no more than one after the other.

    Raises TooManyAttempts, for a right code as for a wrong one.
    """
    period = attempts_period(now)
    if not _take(ATTEMPTS_PER_LEARNER, period, user_id=user_id):
        raise _too_many(now)
    if not _take(ATTEMPTS_PER_SLOT, period, slot=slot):
        _give_back(user_id=user_id)
        raise _too_many(now)


def give_back_attempt(user_id: int, slot: LiveSlot) -> None:
    """The code was right: it counts against nobody."""
    _give_back(user_id=user_id)
    _give_back(slot=slot)


def forget_attempts(user_id: int) -> None:
    """The learner's own."""
    SigningAttempts.objects.filter(user_id=user_id).delete()


def _take(most: int, period: int, **subject: object) -> bool:
    rows = SigningAttempts.objects.filter(**subject)
    if not rows.exists():
        _start_counting(period, subject)
    rows.filter(period__lt=period).update(period=period, attempts=0)
    return bool(rows.filter(attempts__lt=most).update(attempts=F("attempts") + 1))


def _give_back(**subject: object) -> None:
    SigningAttempts.objects.filter(**subject, attempts__gt=0).update(attempts=F("attempts") - 1)


def _start_counting(period: int, subject: dict[str, object]) -> None:
    try:
        with transaction.atomic():
            SigningAttempts.objects.create(**subject, period=period)
    except IntegrityError:
        return  # Another attempt at the same moment was first.


def _too_many(now: datetime) -> TooManyAttempts:
    return TooManyAttempts(
        _("Too many codes were tried. Wait a few minutes, or ask the trainer to sign for you."),
        attempts_seconds_left(now),
    )

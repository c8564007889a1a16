"""What is kept for a time only, and deleted when it is over. Evidence is none of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from openedx_utop.attendance.addresses.models import ConnectionAddress
from openedx_utop.attendance.live.models import LiveRegistration, SigningAttempts
from openedx_utop.attendance.models import LearnerClock
from openedx_utop.attendance.summary import milliseconds

AT_ONCE = 1000


@dataclass(frozen=True)
class Kept:
    """A kind of rows, the setting that says how many days each is kept, and which ones are older than an instant."""

    name: Any
    setting: str
    older_than: Callable[[datetime], "QuerySet[Any]"]

    def days(self) -> int:
        """The policy in force."""
        return int(getattr(settings, self.setting))

    def over(self, now: datetime) -> "QuerySet[Any]":
        """The rows whose time is over."""
        return self.older_than(now - timedelta(days=self.days()))


def _places_in_sessions(instant: datetime) -> "QuerySet[Any]":
    ended = LiveRegistration.objects.annotate(ends=Max("session__slots__end")).filter(ends__lt=instant)
    return LiveRegistration.objects.filter(pk__in=ended.values("pk"))


KINDS = (
    Kept(
        _("running state of learners' tabs"),
        "UTOP_RUNNING_STATE_DAYS",
        lambda instant: LearnerClock.objects.filter(frontier_ms__lt=milliseconds(instant)),
    ),
    Kept(
        _("wrong entries of codes"),
        "UTOP_RUNNING_STATE_DAYS",
        lambda instant: SigningAttempts.objects.filter(period__lt=int(instant.timestamp()) // 600),
    ),
    Kept(_("places in past sessions"), "UTOP_RUNNING_STATE_DAYS", _places_in_sessions),
    Kept(
        _("addresses of connections"),
        "UTOP_ADDRESS_DAYS",
        lambda instant: ConnectionAddress.objects.filter(seen_at__lt=instant),
    ),
)


def overdue(*, now: datetime) -> Iterator[tuple[Kept, int]]:
    """Each kind, and how many of its rows are kept for longer than the policy says."""
    for kind in KINDS:
        yield kind, kind.over(now).count()


def apply_retention(*, now: datetime) -> Iterator[tuple[Kept, int]]:
    """Delete what is overdue, a thousand rows at once; each kind, and how many rows went."""
    for kind in KINDS:
        yield kind, sum(_deleted_portions(kind, now))


def _deleted_portions(kind: Kept, now: datetime) -> Iterator[int]:
    while portion := list(kind.over(now).values_list("pk", flat=True)[:AT_ONCE]):
        yield kind.over(now).model.objects.filter(pk__in=portion).delete()[0]

"""What is kept for a time only, and deleted when it is over. Evidence is none of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from openedx_utop.attendance.addresses.models import ConnectionAddress
from openedx_utop.attendance.live.models import LiveRegistration, SigningAttempts
from openedx_utop.attendance.models import LearnerClock
from openedx_utop.attendance.summary import milliseconds

AT_ONCE = 500

Portions = Iterator["QuerySet[Any]"]


@dataclass(frozen=True)
class Kept:
    """A kind of rows, the setting that says how many days each is kept, and which ones are older than an instant."""

    name: Any
    setting: str
    older_than: Callable[[datetime], Portions]

    def days(self) -> int:
        """The policy in force."""
        return int(getattr(settings, self.setting))

    def over(self, now: datetime) -> Portions:
        """The rows whose time is over, some at a time; each portion is to be counted or deleted before the next."""
        return self.older_than(now - timedelta(days=self.days()))


def _portions(rows: "QuerySet[Any]") -> Portions:
    after: Any = 0
    while portion := list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        after = portion[-1]
        yield rows.model._default_manager.filter(pk__in=portion)


def _stopped_clocks(instant: datetime) -> Portions:
    """Those that no tab has used since, not even with a beat that credits nothing; a beat that comes now keeps its."""
    before, after = milliseconds(instant), 0
    clocks = LearnerClock.objects.filter(frontier_ms__lt=before).order_by("pk")
    while portion := list(clocks.filter(pk__gt=after)[:AT_ONCE]):
        after = portion[-1].pk
        stopped = [clock for clock in portion if all(tab["beat"] < before for tab in clock.clients.values())]
        if stopped:
            yield LearnerClock.objects.filter(reduce(or_, (Q(pk=each.pk, version=each.version) for each in stopped)))


def _places_in_sessions(instant: datetime) -> Portions:
    ended = LiveRegistration.objects.annotate(ends=Max("session__slots__end")).filter(ends__lt=instant)
    return _portions(LiveRegistration.objects.filter(pk__in=ended.values("pk")))


KINDS = (
    Kept(_("running state of learners' tabs"), "UTOP_CLOCK_DAYS", _stopped_clocks),
    Kept(
        _("wrong entries of codes"),
        "UTOP_RUNNING_STATE_DAYS",
        lambda instant: _portions(SigningAttempts.objects.filter(period__lt=int(instant.timestamp()) // 600)),
    ),
    Kept(_("places in past sessions"), "UTOP_RUNNING_STATE_DAYS", _places_in_sessions),
    Kept(
        _("addresses of connections"),
        "UTOP_ADDRESS_DAYS",
        lambda instant: _portions(ConnectionAddress.objects.filter(seen_at__lt=instant)),
    ),
)


def overdue(*, now: datetime) -> Iterator[tuple[Kept, int]]:
    """Each kind, and how many of its rows are kept for longer than the policy says."""
    for kind in KINDS:
        yield kind, sum(rows.count() for rows in kind.over(now))


def apply_retention(*, now: datetime) -> Iterator[tuple[Kept, int]]:
    """Delete what is overdue, some hundred rows at once; each kind, and how many rows went."""
    for kind in KINDS:
        yield kind, sum(rows.delete()[0] for rows in kind.over(now))

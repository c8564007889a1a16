"""The recorder that writes straight to Django's database."""

import math
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.backends.statements import Clock, go_on, prolong_presence, read_clock, swap_clock
from openedx_utop.attendance.data import Lease, RecorderBusy, Report, TooManyBeats
from openedx_utop.attendance.models import LearnerClock, Presence, PresenceSource
from openedx_utop.attendance.outage import catch_up, fills_outage
from openedx_utop.attendance.places import place_number
from openedx_utop.attendance.rules import (
    Beat,
    ClientState,
    Decision,
    Interval,
    Media,
    Parameters,
    Status,
    admit,
    client_tag,
    decide,
)
from openedx_utop.attendance.summary import day_start, instant, milliseconds
from openedx_utop.events.signals import presence_credited
from openedx_utop.official_time import official_zone

# Beats of one learner that race each other: tabs and devices, so a handful.
ATTEMPTS = 8


class DirectRecorder:
    """One read, then one short transaction that holds only if nobody wrote in between; no lock is ever waited for."""

    def record(self, report: Report) -> Decision:
        """Account for one beat; a lost race starts over on the fresh state."""
        for _attempt in range(ATTEMPTS):
            clock = read_clock(report.lease.user_id)
            decision = _decide(clock, report)
            if decision.state is None:
                return decision
            if _write(clock, report.lease, report.client, decision):
                _announce(report.lease, decision)
                return decision
        raise RecorderBusy

    def record_together(self, reports: Sequence[Report]) -> list[Decision | Exception | None]:
        """Nothing: a commit is waited for."""
        return [None] * len(reports)

    def forget(self, user_id: int) -> None:
        """Forget the learner's running state; presences stay."""
        LearnerClock.objects.filter(user_id=user_id).delete()


def _announce(lease: Lease, decision: Decision) -> None:
    if decision.status is Status.CREDITED:
        course_key = CourseKey.from_string(lease.course)
        presence_credited.send_robust(sender=None, course_key=course_key, user_ids=(lease.user_id,))


def _decide(clock: Clock, report: Report) -> Decision:
    """The rules' decision; puts the tabs still worth remembering on the clock."""
    lease, client, beat, parameters, now = report
    states = {name: _state(fields) for name, fields in clock.clients.items()}
    kept = admit(parameters, states, client, now=now)
    if kept is None:
        raise TooManyBeats(math.ceil(parameters.silence / 1000))
    decision = _account(clock, kept.get(client), beat, parameters, block=lease.unit, now=now)
    if decision.status is Status.LIMITED:
        raise TooManyBeats(math.ceil(decision.retry_after / 1000))
    clock.clients = {name: _fields(state) for name, state in kept.items()}
    return decision


def _account(
    clock: Clock, state: ClientState | None, beat: Beat, parameters: Parameters, *, block: str, now: int
) -> Decision:
    """By the rule for outages if the beat tells of one, else by the ordinary rule."""
    if state is None or not fills_outage(parameters, state, beat, now=now):
        return decide(parameters, clock.frontier_ms, state, beat, block=block, now=now)
    left_today = parameters.daily_credit - caught_up_today(clock.user_id, now)
    allowance = min(parameters.outage_credit, left_today)
    return catch_up(parameters, clock.frontier_ms, state, beat, allowance=allowance, block=block, now=now)


def caught_up_today(user_id: int, now: int) -> int:
    """Milliseconds credited after outages that ended on this day of the official time zone."""
    spans = Presence.objects.filter(
        user_id=user_id, source=PresenceSource.OFFLINE, end__gt=instant(day_start(now, official_zone()))
    ).values_list("start", "end")
    return sum(milliseconds(end) - milliseconds(start) for start, end in spans)


def _state(fields: dict[str, Any]) -> ClientState:
    media = fields.get("media")
    return ClientState(**{**fields, "media": Media(**media) if media else None})


def _fields(state: ClientState) -> dict[str, Any]:
    return {**state._asdict(), "media": state.media._asdict() if state.media else None}


def _write(clock: Clock, lease: Lease, client: str, decision: Decision) -> bool:
    """Write the decision unless another beat came first."""
    clock.frontier_ms = decision.frontier
    clock.clients[client] = _fields(decision.state) if decision.state else {}
    if _goes_on(clock, client_tag(client), decision):
        return True
    with transaction.atomic():
        written = swap_clock(clock) if clock.version else _insert(clock)
        if written:
            _credit(lease, client_tag(client), decision)
        return written


def _goes_on(clock: Clock, client: str, decision: Decision) -> bool:
    """Nearly every beat: the tab's latest presence lasts longer. Whatever keeps it from that is looked at elsewhere."""
    credit = decision.credit
    return bool(credit and decision.extends and go_on(clock, client, instant(credit.start), instant(credit.end)))


def _insert(clock: Clock) -> bool:
    try:
        with transaction.atomic():
            LearnerClock.objects.create(**vars(clock) | {"version": 1})
    except IntegrityError:
        return False  # The learner's first beat in another tab came first.
    return True


def _credit(lease: Lease, client: str, decision: Decision) -> None:
    """Prolong the tab's latest presence if the credit touches it, else add one; what an outage delayed stays apart."""
    for span in decision.caught_up:
        _add(lease, client, span, PresenceSource.OFFLINE)
    credit = decision.credit
    if credit is None:
        return
    if decision.extends and prolong_presence(lease.user_id, client, instant(credit.start), instant(credit.end)):
        return
    _add(lease, client, credit, PresenceSource.LIVE)


def _add(lease: Lease, client: str, span: Interval, source: PresenceSource) -> None:
    Presence.objects.create(
        user_id=lease.user_id,
        place_id=place_number(lease.course, lease.module, lease.unit),
        client=client,
        start=instant(span.start),
        end=instant(span.end),
        source=source,
    )

"""The product's own intake in virtual time: every beat goes through `record_beat`; only the storage is memory."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import override_settings
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance import api
from openedx_utop.attendance import lease as leases
from openedx_utop.attendance.data import Report, TooManyBeats
from openedx_utop.attendance.outage import catch_up, fills_outage
from openedx_utop.attendance.rules import Beat, ClientState, Decision, Parameters, Status, admit, decide
from openedx_utop.attendance.summary import milliseconds
from openedx_utop.events.signals import presence_credited
from openedx_utop.receivers import on_presence

ORIGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
COURSE = CourseKey.from_string("course-v1:Bench+TIME+2026")
MODULE, UNIT = (COURSE.make_usage_key(kind, "bench") for kind in ("sequential", "vertical"))


@dataclass
class Clock:
    """What is remembered of one learner."""

    frontier: int = 0
    clients: dict[str, ClientState] = field(default_factory=dict)
    credited: int = 0
    caught_up: int = 0


class MemoryRecorder:
    """Decides as the recorders of the product do."""

    clocks: defaultdict[int, Clock] = defaultdict(Clock)

    def record(self, report: Report) -> Decision:
        """Account for one beat."""
        lease, client, beat, parameters, now = report
        clock = self.clocks[lease.user_id]
        kept = admit(parameters, clock.clients, client, now=now)
        if kept is None:
            raise TooManyBeats(parameters.silence // 1000)
        decision = _account(clock, kept.get(client), beat, parameters, block=lease.unit, now=now)
        if decision.status is Status.LIMITED:
            raise TooManyBeats(-(-decision.retry_after // 1000))
        if decision.state:
            clock.clients = {**kept, client: decision.state}
            clock.frontier = decision.frontier
            clock.credited += decision.credited
            clock.caught_up += sum(span.length for span in decision.caught_up)
        return decision

    def forget(self, user_id: int) -> None:
        """Forget the learner."""
        self.clocks.pop(user_id, None)


def _account(
    clock: Clock, state: ClientState | None, beat: Beat, parameters: Parameters, *, block: str, now: int
) -> Decision:
    if state is None or not fills_outage(parameters, state, beat, now=now):
        return decide(parameters, clock.frontier, state, beat, block=block, now=now)
    allowance = min(parameters.outage_credit, parameters.daily_credit - clock.caught_up)
    return catch_up(parameters, clock.frontier, state, beat, allowance=allowance, block=block, now=now)


@contextmanager
def intake() -> Iterator[None]:
    """The product, with a memory for storage, in which nobody waits for an award."""
    presence_credited.disconnect(on_presence, dispatch_uid="utop_presence")
    MemoryRecorder.clocks.clear()
    try:
        with override_settings(UTOP_RECORDER="bench.accuracy.server.MemoryRecorder"):
            yield
    finally:
        presence_credited.connect(on_presence, dispatch_uid="utop_presence")


def lease(visit: int, idle: int, now: int) -> str:
    """As the page of a unit shows it; the silence admitted there and the moment in milliseconds."""
    return api.issue_lease(visit, COURSE, MODULE, UNIT, now=_instant(now), idle_seconds=idle // 1000)


def renewed(text: str, now: int) -> str:
    """The same lease, issued at this moment."""
    return leases.renew(leases.read(text), milliseconds(_instant(now)))


def answer(body: str, now: int) -> dict[str, Any]:
    """What the server says to a beat that comes at this moment: status, and fields or seconds to wait."""
    try:
        return {"status": 200, "body": api.record_beat(body.encode(), now=_instant(now))._asdict()}
    except api.ExpiredLease:
        return {"status": 403, "body": {"type": "expired-lease"}}
    except api.TooManyBeats as error:
        return {"status": 429, "retry": error.retry_after}


def credited(visit: int) -> int:
    """Milliseconds."""
    return MemoryRecorder.clocks[visit].credited


def _instant(now: int) -> datetime:
    return ORIGIN + timedelta(milliseconds=now)

"""The recorder that writes straight to Django's database."""

import math
from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction

from openedx_utop.attendance.data import Lease, RecorderBusy, TooManyBeats
from openedx_utop.attendance.models import LearnerClock, Presence
from openedx_utop.attendance.rules import Beat, ClientState, Decision, Media, Parameters, Status, admit, decide
from openedx_utop.attendance.summary import instant

# Beats of one learner that race each other: tabs and devices, so a handful.
ATTEMPTS = 8


class DirectRecorder:
    """One read, then one short transaction that holds only if nobody wrote in between; no lock is ever waited for."""

    def record(self, lease: Lease, client: str, beat: Beat, parameters: Parameters, *, now: int) -> Decision:
        """Account for one beat; a lost race starts over on the fresh state."""
        for _attempt in range(ATTEMPTS):
            clock = _read(lease.user_id)
            decision = _decide(clock, lease, client, beat, parameters, now=now)
            if decision.state is None or _write(clock, lease, client, decision):
                return decision
        raise RecorderBusy

    def forget(self, user_id: int) -> None:
        """Forget the learner's running state; presences stay."""
        LearnerClock.objects.filter(user_id=user_id).delete()


def _read(user_id: int) -> LearnerClock:
    """The learner's clock; one that was never saved has no version yet."""
    clock = LearnerClock.objects.filter(user_id=user_id).first()
    return clock or LearnerClock(user_id=user_id, frontier_ms=0, clients={}, version=0)


def _decide(
    clock: LearnerClock, lease: Lease, client: str, beat: Beat, parameters: Parameters, *, now: int
) -> Decision:
    """The rules' decision; puts the tabs still worth remembering on the clock."""
    states = {name: _state(fields) for name, fields in clock.clients.items()}
    kept = admit(parameters, states, client, now=now)
    if kept is None:
        raise TooManyBeats(math.ceil(parameters.silence / 1000))
    decision = decide(parameters, clock.frontier_ms, kept.get(client), beat, block=str(lease.unit_key), now=now)
    if decision.status is Status.LIMITED:
        raise TooManyBeats(math.ceil(decision.retry_after / 1000))
    clock.clients = {name: asdict(state) for name, state in kept.items()}
    return decision


def _state(fields: dict[str, Any]) -> ClientState:
    media = fields["media"]
    return ClientState(**{**fields, "media": Media(**media) if media else None})


def _write(clock: LearnerClock, lease: Lease, client: str, decision: Decision) -> bool:
    """Write the decision unless another beat came first."""
    clock.frontier_ms = decision.frontier
    clock.clients[client] = asdict(decision.state) if decision.state else {}
    with transaction.atomic():
        written = _swap(clock) if clock.version else _insert(clock)
        if written and decision.credit:
            _credit(lease, client, decision)
        return written


def _swap(clock: LearnerClock) -> bool:
    return bool(
        LearnerClock.objects.filter(user_id=clock.user_id, version=clock.version).update(
            frontier_ms=clock.frontier_ms, clients=clock.clients, version=clock.version + 1
        )
    )


def _insert(clock: LearnerClock) -> bool:
    clock.version = 1
    try:
        with transaction.atomic():
            clock.save(force_insert=True)
    except IntegrityError:
        return False  # The learner's first beat in another tab came first.
    return True


def _credit(lease: Lease, client: str, decision: Decision) -> None:
    """Prolong the tab's latest presence if the credit touches it, else add one."""
    if decision.credit is None:
        return
    start, end = instant(decision.credit.start), instant(decision.credit.end)
    place = {"user_id": lease.user_id, "course_key": lease.course_key, "unit_key": lease.unit_key, "client": client}
    if decision.extends and Presence.objects.filter(**place, end=start).update(end=end):
        return
    Presence.objects.create(**place, module_key=lease.module_key, start=start, end=end)

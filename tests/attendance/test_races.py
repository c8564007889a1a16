"""Beats of one learner that arrive at the very same time, on a database with real concurrency."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from django.db import connection

from openedx_utop.attendance import api
from openedx_utop.attendance.backends.direct import DirectRecorder
from openedx_utop.attendance.data import Lease
from openedx_utop.attendance.models import LearnerClock, Presence
from openedx_utop.attendance.rules import Beat, Parameters
from openedx_utop.attendance.summary import milliseconds
from tests.attendance.conftest import LEARNER, MONDAY, course_key, usage_key

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]

TABS = 8


def at_once(work: Callable[[int], str]) -> list[str]:
    """Run the same work in as many threads as there are tabs, started together."""
    barrier = Barrier(TABS)

    def run(tab: int) -> str:
        try:
            barrier.wait()
            return work(tab)
        finally:
            connection.close()

    with ThreadPoolExecutor(TABS) as pool:
        return list(pool.map(run, range(TABS)))


def record(tab: int, seq: int, now: datetime) -> str:
    block = usage_key("first", "vertical", f"unit{tab}")
    lease = Lease(LEARNER, course_key(), usage_key("first", "sequential", "module"), block, milliseconds(now))
    beat = Beat(seq=seq, appeared=seq == 0)
    return DirectRecorder().record(lease, f"tab-{tab:05d}", beat, Parameters(), now=milliseconds(now)).status


def test_tabs_that_beat_together_credit_each_second_once() -> None:
    rounds = 12
    for seq in range(rounds):
        now = MONDAY + timedelta(seconds=30 * seq)
        statuses = at_once(lambda tab, seq=seq, now=now: record(tab, seq, now))  # type: ignore[misc]
        assert sorted(statuses) == ["credited"] * (seq > 0) + ["recorded"] * (TABS - (seq > 0))
    assert api.total_seconds(LEARNER, course_key()) == 30 * (rounds - 1)
    assert LearnerClock.objects.get().version == TABS * rounds
    presences = Presence.objects.order_by("start")
    assert all(earlier.end <= later.start for earlier, later in pairwise(presences))


def test_a_beat_that_arrives_many_times_at_once_counts_once() -> None:
    record(0, 0, MONDAY)
    statuses = at_once(lambda _tab: record(0, 1, MONDAY + timedelta(seconds=30)))
    assert sorted(statuses) == ["credited"] + ["duplicate"] * (TABS - 1)
    assert api.total_seconds(LEARNER, course_key()) == 30

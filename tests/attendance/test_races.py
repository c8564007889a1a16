"""Beats of one learner that arrive at the very same time, on a database with real concurrency."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from django.db import connection

from openedx_utop.attendance import api
from openedx_utop.attendance.backends.base import Recorder
from openedx_utop.attendance.backends.direct import DirectRecorder
from openedx_utop.attendance.backends.redis import RedisRecorder
from openedx_utop.attendance.backends.redis.drainer import Drainer
from openedx_utop.attendance.backends.redis.server import STREAM
from openedx_utop.attendance.data import Lease, Report
from openedx_utop.attendance.models import LearnerClock, Presence
from openedx_utop.attendance.rules import Beat, Parameters
from openedx_utop.attendance.summary import milliseconds
from tests.attendance.conftest import LEARNER, MONDAY, course_key, usage_key
from tests.services.redis import RedisServer

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


@pytest.fixture(params=["direct", pytest.param("redis", marks=pytest.mark.redis)])
def recorder(request: pytest.FixtureRequest) -> Recorder:
    if request.param == "direct":
        return DirectRecorder()
    request.getfixturevalue("redis")
    return RedisRecorder()


def record(recorder: Recorder, tab: int, seq: int, now: datetime) -> str:
    unit, module = usage_key("first", "vertical", f"unit{tab}"), usage_key("first", "sequential", "module")
    lease = Lease(LEARNER, str(course_key()), str(module), str(unit), milliseconds(now))
    beat = Beat(seq=seq, appeared=seq == 0)
    return recorder.record(Report(lease, f"tab-{tab:05d}", beat, Parameters(), milliseconds(now))).status


def test_tabs_that_beat_together_credit_each_second_once(recorder: Recorder) -> None:
    rounds = 12
    for seq in range(rounds):
        now = MONDAY + timedelta(seconds=30 * seq)
        statuses = at_once(lambda tab, seq=seq, now=now: record(recorder, tab, seq, now))  # type: ignore[misc]
        assert sorted(statuses) == ["credited"] * (seq > 0) + ["recorded"] * (TABS - (seq > 0))
    drain(recorder)
    assert api.total_seconds(LEARNER, course_key()) == 30 * (rounds - 1)
    assert {state["seq"] for state in LearnerClock.objects.get().clients.values()} == {rounds - 1}
    presences = Presence.objects.order_by("start")
    assert all(earlier.end <= later.start for earlier, later in pairwise(presences))


def test_a_beat_that_arrives_many_times_at_once_counts_once(recorder: Recorder) -> None:
    record(recorder, 0, 0, MONDAY)
    statuses = at_once(lambda _tab: record(recorder, 0, 1, MONDAY + timedelta(seconds=30)))
    assert sorted(statuses) == ["credited"] + ["duplicate"] * (TABS - 1)
    drain(recorder)
    assert api.total_seconds(LEARNER, course_key()) == 30


@pytest.mark.redis
def test_drainers_at_the_same_time_store_each_second_once(redis: RedisServer) -> None:
    """As many as there are tabs, and every entry twice."""
    recorder = RedisRecorder()
    for seq in range(12):
        for tab in range(TABS):
            record(recorder, tab, seq, MONDAY + timedelta(seconds=30 * seq))
    for _identifier, fields in redis.client.xrange(STREAM):
        redis.client.xadd(STREAM, fields)
    at_once(lambda _tab: str(small_batches(redis)))
    assert api.total_seconds(LEARNER, course_key()) == 30 * 11
    presences = Presence.objects.order_by("start")
    assert all(earlier.end <= later.start for earlier, later in pairwise(presences))


def small_batches(redis: RedisServer) -> int:
    return Drainer(redis.client, Parameters(), entries=10).drain()


def drain(recorder: Recorder) -> None:
    if isinstance(recorder, RedisRecorder):
        api.beat_drainer().drain()

"""A clock that nobody used for days is forgotten: no second is counted twice for that, and hardly one is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from django.db import DatabaseError, connection
from hypothesis import given, settings
from hypothesis import strategies as st

from openedx_utop.attendance import api
from openedx_utop.attendance.backends.base import Recorder
from openedx_utop.attendance.backends.direct import DirectRecorder
from openedx_utop.attendance.backends.redis import RedisRecorder
from openedx_utop.attendance.backends.redis.drainer import Drainer
from openedx_utop.attendance.backends.redis.server import GROUP, STREAM
from openedx_utop.attendance.data import Lease, RecorderBusy, Report
from openedx_utop.attendance.models import LearnerClock, Presence
from openedx_utop.attendance.retention import apply_retention
from openedx_utop.attendance.rules import Beat, Parameters
from openedx_utop.attendance.summary import milliseconds
from tests.attendance.conftest import LEARNER, MONDAY, course_key, usage_key
from tests.attendance.simulator import Script, conversation
from tests.attendance.test_properties import PARAMETERS, Ledger, scripts
from tests.services.redis import RedisServer

MODULE, UNIT = usage_key("first", "sequential", "module"), usage_key("first", "vertical", "unit")
WEEK, DAY = timedelta(days=7), timedelta(days=1)
BEATS, LEARNERS = 12, range(1, 9)
WEEK_MS = WEEK // timedelta(milliseconds=1)


def forget(ledger: Ledger, now: int) -> None:
    """What retention and the next reading of the clock do together."""
    tabs = [state.beat for state in ledger.clients.values()]
    if max([ledger.frontier, *tabs]) < now - WEEK_MS:
        ledger.clients = {}
        ledger.frontier = max((credit.end for _block, credit in ledger.credits), default=0)


@settings(deadline=None)
@given(st.lists(scripts(), min_size=2, max_size=3), st.randoms(use_true_random=False))
def test_a_learner_who_comes_back_has_the_same_seconds(sittings: list[Script], chance: Random) -> None:
    """But for the first moments of a tab that was left open for a week: at most a trail."""
    kept, forgetful, seq = Ledger(), Ledger(), 0
    for rank, script in enumerate(sittings):
        pause = rank * WEEK_MS + chance.randrange(3 * WEEK_MS)
        messages = [
            replace(sent, fields={**sent.fields, "seq": seq + sent.fields["seq"]}) for sent in conversation(script)
        ]
        for sent in messages:
            now = 10**12 + 4 * rank * WEEK_MS + pause + sent.at * 1000
            forget(forgetful, now)
            sent.fields["missed"] = []
            kept.take(sent, now)
            forgetful.take(sent, now)
            seq = sent.fields["seq"]
    assert forgetful.seconds <= kept.seconds
    assert kept.total - forgetful.total <= PARAMETERS.trail * (len(sittings) - 1)


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_whatever_is_forged_no_second_counts_twice(chance: Random) -> None:
    ledger, now = Ledger(), 10**12
    for seq in range(1, 30):
        now += chance.choice([1, 30_000, 90_001, WEEK_MS, WEEK_MS + 1, 2 * WEEK_MS])
        forget(ledger, now)
        credited = [now - credit.start for _block, credit in ledger.credits]
        quiet = chance.choice([0, 0, 0, 20_000, 100 * WEEK_MS, *credited])
        beat = Beat(seq=seq, quiet=quiet, appeared=chance.random() < 0.2)
        ledger.account(chance.choice(["tab-00001", "tab-00002"]), beat, "block", now)
    credited = sorted((credit.start, credit.end) for _block, credit in ledger.credits)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(credited))


def record(recorder: Recorder, seq: int, at: timedelta, *, learner: int = LEARNER, quiet: int = 0) -> None:
    now = milliseconds(MONDAY + at)
    lease = Lease(learner, str(course_key()), str(MODULE), str(UNIT), now)
    recorder.record(Report(lease, "tab-00001", Beat(seq=seq, quiet=quiet), Parameters(), now))


def read(recorder: Recorder, learner: int = LEARNER) -> None:
    for seq in range(BEATS):
        record(recorder, seq + 1, timedelta(seconds=30 * seq), learner=learner)


def forget_clocks() -> None:
    assert dict(apply_retention(now=MONDAY + WEEK + DAY))
    assert not LearnerClock.objects.exists()


def presences(learner: int = LEARNER) -> list[Presence]:
    """In order; none overlaps another."""
    found = list(Presence.objects.filter(user_id=learner).order_by("start"))
    assert all(earlier.end <= later.start for earlier, later in pairwise(found))
    return found


def total(learner: int = LEARNER) -> int:
    presences(learner)
    return api.total_seconds(learner, course_key())


@pytest.fixture(params=["direct", pytest.param("redis", marks=[pytest.mark.redis, pytest.mark.mariadb])])
def recorder(request: pytest.FixtureRequest) -> Recorder:
    if request.param == "direct":
        return DirectRecorder()
    request.getfixturevalue("redis")
    return RedisRecorder()


def settle(recorder: Recorder) -> None:
    if isinstance(recorder, RedisRecorder):
        api.beat_drainer().drain()


@pytest.mark.django_db
def test_a_beat_that_tells_of_a_forgotten_time_credits_nothing_again(
    recorder: Recorder, request: pytest.FixtureRequest
) -> None:
    """Forged: no signal for a week, then one that lies where everything is accounted for."""
    read(recorder)
    settle(recorder)
    forget_clocks()
    if isinstance(recorder, RedisRecorder):
        request.getfixturevalue("redis").client.flushall()
    later = WEEK + 2 * DAY
    week = (later - timedelta(seconds=100)) // timedelta(milliseconds=1)
    record(recorder, 98, later, quiet=3 * week)
    record(recorder, 99, later + timedelta(seconds=1), quiet=week)
    settle(recorder)
    assert total() == 30 * (BEATS - 1)


@pytest.mark.redis
@pytest.mark.mariadb
@pytest.mark.django_db
@pytest.mark.parametrize("forgotten", ["by retention", "with the account"])
def test_a_batch_stored_and_not_acknowledged_comes_again_after_its_clock_is_forgotten(
    redis: RedisServer, forgotten: str
) -> None:
    recorder = RedisRecorder()
    read(recorder)
    copies = [fields for _identifier, fields in redis.client.xrange(STREAM)]
    settle(recorder)
    if forgotten == "by retention":
        forget_clocks()
    else:
        recorder.forget(LEARNER)
    for fields in copies:
        redis.client.xadd(STREAM, fields)
    settle(recorder)
    assert (total(), len(presences())) == (30 * (BEATS - 1), 1)


def at_once(*works: Callable[[], None]) -> None:
    def run(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for each in [pool.submit(run, work) for work in works]:
            each.result()


@pytest.mark.mariadb
@pytest.mark.django_db(transaction=True)
def test_clocks_go_between_two_beats_and_nothing_counts_twice() -> None:
    """In the eyes of this retention every clock is old: it takes one away whenever it can."""
    reading = True

    def read_together() -> None:
        nonlocal reading
        try:
            for seq in range(BEATS):
                for learner in LEARNERS:
                    try:
                        record(DirectRecorder(), seq + 1, timedelta(seconds=30 * seq), learner=learner)
                    except RecorderBusy:
                        continue
        finally:
            reading = False

    def forget_all() -> None:
        while reading:
            list(apply_retention(now=MONDAY + WEEK + DAY))

    at_once(read_together, forget_all)
    assert all(total(learner) <= 30 * (BEATS - 1) for learner in LEARNERS)


@pytest.mark.redis
@pytest.mark.mariadb
@pytest.mark.django_db(transaction=True)
def test_clocks_go_while_drainers_store_what_waited_for_weeks(redis: RedisServer) -> None:
    for learner in LEARNERS:
        read(RedisRecorder(), learner)
    for _identifier, fields in redis.client.xrange(STREAM):
        redis.client.xadd(STREAM, fields)
    redis.client.xgroup_create(STREAM, GROUP, id="0")
    draining = 2

    def drain() -> None:
        nonlocal draining
        drainer = Drainer(redis.client, Parameters(), entries=20)
        while True:
            try:
                drainer.drain()
            except DatabaseError:
                continue  # As its own loop does.
            draining -= 1
            return

    def forget_all() -> None:
        while draining:
            list(apply_retention(now=MONDAY + WEEK + DAY))

    at_once(drain, drain, forget_all)
    assert [total(learner) for learner in LEARNERS] == [30 * (BEATS - 1)] * len(LEARNERS)

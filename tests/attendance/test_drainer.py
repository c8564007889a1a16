"""From the stream to the tables: batches, repeated, interleaved, late."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from openedx_utop.attendance import api
from openedx_utop.attendance.backends.redis.drainer import PORTION, Drainer
from openedx_utop.attendance.backends.redis.server import GROUP, STREAM, state_key
from openedx_utop.attendance.models import LearnerClock, Presence
from openedx_utop.events.signals import presence_credited
from tests.attendance.conftest import LEARNER, Desk, course_key
from tests.attendance.simulator import Script, Stay, conversation, every
from tests.attendance.test_exact_seconds import TABLE
from tests.services.redis import RedisServer

pytestmark = [pytest.mark.redis, pytest.mark.mariadb]

READING = Script((Stay(0, 600),), every(10, (0, 600)))
BEATS = len(list(conversation(READING)))


@pytest.fixture
def recorder(redis: RedisServer) -> Any:
    """Redis, drained when the test says so."""
    return lambda: None


@pytest.fixture
def drainer(redis: RedisServer) -> Drainer:
    return Drainer(redis.client, api.parameters(), abandoned=0)


def drained() -> str:
    out = StringIO()
    call_command("utop_drain_beats", once=True, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("line", TABLE)
def test_what_waits_in_the_stream_amounts_to_the_same(desk: Desk, line: str) -> None:
    expected, script = TABLE[line]
    desk.play(script, times=2)
    assert desk.total() == 0
    drained()
    assert desk.total() == expected


def test_a_batch_is_taken_in_portions(desk: Desk, redis: RedisServer) -> None:
    desk.play(READING)
    [(_identifier, entry), *_others] = redis.client.xrange(STREAM)
    with redis.client.pipeline(transaction=False) as pipe:
        for _copy in range(PORTION):
            pipe.xadd(STREAM, entry)
        pipe.execute()
    assert Drainer(redis.client, api.parameters()).drain_batch() == BEATS + PORTION
    assert redis.client.xpending(STREAM, GROUP)["pending"] == 0
    assert desk.total() == 600


def test_the_command_says_how_many_and_leaves_nothing(desk: Desk, redis: RedisServer) -> None:
    desk.play(READING)
    assert drained() == f"Beats stored: {BEATS}.\n"
    assert drained() == "Beats stored: 0.\n"
    assert redis.client.xlen(STREAM) == 0
    assert redis.client.xpending(STREAM, GROUP)["pending"] == 0
    assert Presence.objects.count() == LearnerClock.objects.count() == 1


def test_the_same_batch_twice_changes_nothing(desk: Desk, redis: RedisServer) -> None:
    desk.play(READING)
    copies = [fields for _identifier, fields in redis.client.xrange(STREAM)]
    for fields in [*copies, *reversed(copies)]:
        redis.client.xadd(STREAM, fields)
    drained()
    for fields in copies:
        redis.client.xadd(STREAM, fields)
    drained()
    assert (desk.total(), Presence.objects.count()) == (600, 1)


def test_a_drainer_killed_before_its_commit_is_made_up_for(desk: Desk, redis: RedisServer, drainer: Drainer) -> None:
    drained()
    desk.play(READING)
    redis.client.xreadgroup(GROUP, "killed", {STREAM: ">"}, count=10)
    assert drainer.drain() == BEATS
    assert (desk.total(), redis.client.xlen(STREAM)) == (600, 0)


def test_drainers_that_overtake_each_other(desk: Desk, redis: RedisServer, drainer: Drainer) -> None:
    drained()
    desk.play(READING)
    redis.client.xreadgroup(GROUP, "slow", {STREAM: ">"}, count=10)
    assert Drainer(redis.client, api.parameters()).drain() == BEATS - 10
    assert 290 <= desk.total() <= 330
    drainer.drain()
    assert desk.total() == 600


def test_a_week_later_everything_is_still_there(desk: Desk) -> None:
    desk.play(READING)
    desk.at(7 * 86_400)
    drained()
    assert desk.total() == 600
    assert LearnerClock.objects.get().clients["tab-00001"]["seq"] == BEATS


def test_a_credit_is_announced_once_per_course_and_batch(desk: Desk, heard: list[Any]) -> None:
    desk.play(READING, Script((Stay(600, 900),), every(10, (600, 900)), client="tab-00002", course="second"))
    assert heard == []
    drained()
    assert sorted(heard, key=str) == [((LEARNER,), course_key("first")), ((LEARNER,), course_key("second"))]


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    announced: list[Any] = []

    def hear(course_key: Any, user_ids: Any, **kwargs: Any) -> None:
        announced.append((user_ids, course_key))

    presence_credited.connect(hear)
    yield announced
    presence_credited.disconnect(hear)


def test_a_forgotten_learner_is_not_brought_back_by_what_waits(desk: Desk, redis: RedisServer) -> None:
    desk.play(READING)
    api.forget_learner(LEARNER)
    assert not redis.client.exists(state_key(LEARNER))
    drained()
    assert not LearnerClock.objects.exists()
    assert desk.total() == 600


def test_a_state_that_redis_threw_away_comes_from_the_database(desk: Desk, redis: RedisServer) -> None:
    desk.play(Script((Stay(0, 300),), every(10, (0, 300))))
    drained()
    redis.client.delete(state_key(LEARNER))
    desk.at(330)
    beat = {"client": "tab-00001", "seq": 99, "quiet": 0, "elapsed": 30_000, "lease": desk.lease()}
    assert desk.post(beat).json()["credited"] == 30
    drained()
    assert (desk.total(), Presence.objects.count()) == (330, 1)


def test_a_state_thrown_away_before_its_beats_were_drained_counts_nothing_twice(desk: Desk, redis: RedisServer) -> None:
    desk.play(Script((Stay(0, 60),), every(10, (0, 60))))
    drained()
    desk.at(90)
    beat = {"client": "tab-00001", "seq": 99, "quiet": 0, "elapsed": 30_000, "lease": desk.lease()}
    desk.post(beat)
    redis.client.delete(state_key(LEARNER))
    for rank, second in enumerate((120, 150, 180)):
        desk.at(second)
        assert desk.post({**beat, "seq": 100 + rank}).status_code == 200
    drained()
    assert desk.total() == 180

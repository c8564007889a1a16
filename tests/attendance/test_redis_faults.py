"""Redis that is away, full, slow, evicting, behind or emptied: nothing is counted twice, and time goes on."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.db import DatabaseError, connection

from openedx_utop.attendance import api
from openedx_utop.attendance.backends.redis.drainer import Drainer
from openedx_utop.attendance.backends.redis.server import REST, STREAM, circuit, state_key
from openedx_utop.attendance.checks import check_recorder
from openedx_utop.attendance.models import Presence
from tests.attendance.conftest import LEARNER, Desk
from tests.attendance.simulator import Script, Stay, conversation, every
from tests.attendance.test_ways_in import Broken
from tests.services import redis as services
from tests.services.redis import RedisServer

pytestmark = [pytest.mark.redis, pytest.mark.mariadb]

READING = Script((Stay(0, 900),), every(10, (0, 900)))


@pytest.fixture
def recorder(redis: RedisServer) -> Any:
    """Redis, drained when the test says so."""
    return lambda: None


@pytest.fixture
def frail(redis: RedisServer, settings: Any) -> Iterator[RedisServer]:
    """A Redis of this test's own, to be killed, without an append-only file."""
    with services.server() as server:
        settings.UTOP_REDIS_URL = server.url
        circuit.reset()
        yield server


@pytest.fixture
def durable(redis: RedisServer, settings: Any) -> Iterator[RedisServer]:
    """The same, with the append-only file on the disk at each write."""
    with services.server("--appendonly", "yes", "--appendfsync", "always") as server:
        settings.UTOP_REDIS_URL = server.url
        circuit.reset()
        yield server


def play(desk: Desk, start: int, end: int) -> list[float]:
    """The part of the reading from one second to another, and the seconds that each answer named."""
    sent = [message for message in conversation(READING) if start <= message.at < end]
    return [desk.deliver(message).json()["credited"] for message in sent]


def rested() -> None:
    """As after REST seconds without Redis."""
    assert REST < 30
    circuit.reset()


def drain() -> None:
    api.beat_drainer().drain()


def test_the_database_takes_over_and_redis_catches_up(desk: Desk, durable: RedisServer) -> None:
    play(desk, 0, 300)
    drain()
    durable.kill()
    assert play(desk, 300, 600) == [30] * 10
    durable.start()
    rested()
    assert play(desk, 600, 900) == [30] * 10
    assert durable.client.xlen(STREAM) == 10
    drain()
    assert (desk.total(), Presence.objects.count()) == (870, 1)


def test_what_waited_when_the_database_took_over_is_not_counted_twice(desk: Desk, durable: RedisServer) -> None:
    """The database starts from what it knows, 60 s ago; what waits in Redis says the same seconds again."""
    play(desk, 0, 241)
    drain()
    play(desk, 241, 301)
    durable.kill()
    play(desk, 301, 600)
    durable.start()
    rested()
    play(desk, 600, 900)
    drain()
    assert desk.total() == 870


def test_what_waited_for_long_is_not_lost_to_what_the_database_recorded_since(desk: Desk, durable: RedisServer) -> None:
    """Nobody drained for ten minutes; a beat that the database recorded by itself does not make up for them."""
    play(desk, 0, 601)
    durable.kill()
    play(desk, 601, 720)
    durable.start()
    rested()
    play(desk, 720, 900)
    drain()
    assert 600 + (870 - 660) <= desk.total() <= 870


def test_killed_without_a_file_the_next_beat_reaches_back(desk: Desk, frail: RedisServer) -> None:
    play(desk, 0, 301)
    drain()
    play(desk, 301, 361)
    frail.kill()
    frail.start()
    rested()
    play(desk, 361, 900)
    drain()
    assert desk.total() == 870


def test_an_old_copy_of_redis_is_joined_with_what_is_known(desk: Desk, redis: RedisServer) -> None:
    play(desk, 0, 301)
    drain()
    old: Any = redis.client.hgetall(state_key(LEARNER))
    play(desk, 301, 601)
    drain()
    redis.client.delete(state_key(LEARNER))
    redis.client.hset(state_key(LEARNER), mapping=old)
    assert play(desk, 601, 900) == [30] * 9
    drain()
    assert (desk.total(), Presence.objects.count()) == (870, 1)


def test_a_full_redis_refuses_and_the_database_takes_over(desk: Desk, redis: RedisServer) -> None:
    play(desk, 0, 241)
    drain()
    play(desk, 241, 300)
    redis.configure(maxmemory="1kb")
    play(desk, 300, 600)
    assert redis.client.xlen(STREAM) == 1
    drain()
    assert redis.client.xlen(STREAM) == 0  # Only the drainer can make room.
    redis.configure(maxmemory="0")
    rested()
    play(desk, 600, 900)
    drain()
    assert desk.total() == 870


def test_a_slow_redis_is_waited_for_once(desk: Desk, redis: RedisServer, settings: Any) -> None:
    settings.UTOP_REDIS_TIMEOUT_SECONDS = 0.05
    redis.client.execute_command("CLIENT", "PAUSE", "60000", "WRITE")
    try:
        play(desk, 0, 900)
        assert circuit.redis() is None
    finally:
        redis.client.execute_command("CLIENT", "UNPAUSE")
    assert desk.total() == 870


@pytest.mark.parametrize("policy", ["allkeys-lru", "allkeys-lfu", "allkeys-random"])
def test_a_redis_that_evicts_is_refused(desk: Desk, redis: RedisServer, policy: str) -> None:
    redis.configure(maxmemory="100mb", maxmemory_policy=policy)
    play(desk, 0, 900)
    assert redis.client.xlen(STREAM) == 0
    assert desk.total() == 870
    assert [(message.id, policy in message.msg) for message in checked()] == [("openedx_utop.W011", True)]


@pytest.mark.parametrize("policy", ["noeviction", "volatile-lru", "volatile-ttl"])
def test_a_redis_that_keeps_what_has_no_term_is_taken(redis: RedisServer, policy: str) -> None:
    redis.configure(maxmemory="100mb", maxmemory_policy=policy)
    assert checked() == []
    assert circuit.redis() is not None


def test_what_has_a_term_is_the_state_alone(desk: Desk, redis: RedisServer) -> None:
    play(desk, 0, 300)
    assert redis.client.ttl(state_key(LEARNER)) > 0
    assert redis.client.ttl(STREAM) == -1


def test_the_operator_is_told(redis: RedisServer, settings: Any) -> None:
    settings.UTOP_REDIS_URL = ""
    assert [message.id for message in checked()] == ["openedx_utop.W011"]
    settings.UTOP_REDIS_URL = "unix:///nowhere/socket"
    assert [message.id for message in checked()] == ["openedx_utop.W012"]
    settings.UTOP_RECORDER = "openedx_utop.attendance.backends.direct.DirectRecorder"
    assert checked() == []


def checked() -> list[CheckMessage]:
    return check_recorder(None)


def test_without_an_address_the_database_records(desk: Desk, settings: Any) -> None:
    settings.UTOP_REDIS_URL = ""
    play(desk, 0, 900)
    assert desk.total() == 870


def test_the_database_is_read_only_for_a_while(desk: Desk, redis: RedisServer) -> None:
    play(desk, 0, 300)
    drainer = Drainer(redis.client, api.parameters())
    with connection.execute_wrapper(Broken()):
        for _time in range(3):
            with pytest.raises(DatabaseError):
                drainer.drain()
    play(desk, 300, 900)
    drainer.drain()
    assert (desk.total(), redis.client.xlen(STREAM)) == (870, 0)


@pytest.mark.parametrize("step", [3600, -3600])
def test_a_clock_that_is_stepped_counts_nothing_twice(desk: Desk, step: int) -> None:
    for sent in conversation(READING):
        desk.at(sent.at + (step if sent.at >= 450 else 0))
        desk.leases.clear()
        body = {**sent.fields, "lease": desk.lease()}
        assert desk.post(body).status_code == 200
    drain()
    spans = sorted(Presence.objects.values_list("start", "end"))
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))
    assert 420 <= desk.total() <= 900

"""Real processes, killed in the middle of their work: each learner ends with the seconds that passed, once."""

import signal
import time
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from openedx_utop.attendance import api
from openedx_utop.attendance.backends.redis.drainer import Drainer
from openedx_utop.attendance.backends.redis.server import GROUP, STREAM
from openedx_utop.attendance.journal import api as journal
from openedx_utop.attendance.models import Presence
from tests.attendance.conftest import course_key
from tests.attendance.journal.conftest import run
from tests.badges.minimal import SEED
from tests.services import mariadb
from tests.services import redis as services
from tests.services.forks import Running
from tests.services.redis import RedisServer
from tests.services.site import LEARNERS, drain_beats, make_tables, play

pytestmark = [pytest.mark.redis, pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]

TURNS = 30
ALL = dict.fromkeys(LEARNERS, 30 * (TURNS - 1))
KEPT = ("--appendonly", "yes", "--appendfsync", "always")


@pytest.fixture(autouse=True)
def key(settings: Any) -> None:
    """The key that seals."""
    settings.UTOP_SIGNING_KEY = SEED


def process(redis: RedisServer, work: Callable[..., None], *arguments: Any, **database: Any) -> Any:
    """A process of the site, on the test's own database or another."""
    database = {"NAME": str(connection.settings_dict["NAME"]), **database}
    return Running.while_needed(work, *arguments, redis=redis.url, database=database)


def worker(redis: RedisServer, first: int, last: int, **database: Any) -> Any:
    return process(redis, play, first, last, **database)


def drainer_of(redis: RedisServer, **database: Any) -> Any:
    return process(redis, drain_beats, **database)


def until(running: Running, turn: int) -> None:
    """Wait for the worker to have finished a turn."""
    assert any(line == f"{turn}\n" for line in running.lines)


def finish(running: Running) -> None:
    assert running.ended() == 0


def drain(redis: RedisServer) -> None:
    """By a drainer that takes over at once what others left."""
    Drainer(redis.client, api.parameters(), abandoned=0).drain()


def totals() -> dict[int, int]:
    """Whole seconds per learner; no presence overlaps another, and the journal that they enter verifies."""
    with transaction.atomic():
        assert run("utop_seal_journal", "--day", "2026-03-02")[0] == 0
        assert run("utop_verify_journal")[0] == 0
        assert journal.verify(print).milliseconds == 1000 * sum(map(seconds, LEARNERS))
        transaction.set_rollback(True)  # The database refuses to empty a journal.
    for learner in LEARNERS:
        spans = Presence.objects.filter(user_id=learner).order_by("start").values_list("start", "end")
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))
    return {learner: seconds(learner) for learner in LEARNERS}


def seconds(learner: int) -> int:
    return api.total_seconds(learner, course_key())


def test_a_web_worker_is_killed_in_the_middle_of_a_turn() -> None:
    with services.server(*KEPT) as redis:
        with worker(redis, 0, TURNS) as first:
            until(first, 10)
            first.kill()
        with worker(redis, 9, TURNS) as second:
            finish(second)
        drain(redis)
        assert totals() == ALL


def test_drainers_are_killed_in_the_middle_of_a_batch() -> None:
    with services.server(*KEPT) as redis, worker(redis, 0, TURNS) as web:
        redis.client.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        for turn in (5, 12, 20):
            until(web, turn)
            with drainer_of(redis) as drainer:
                taken(redis)
                drainer.kill()
        finish(web)
        drain(redis)
        assert redis.client.xlen(STREAM) == 0
        assert totals() == ALL


def taken(redis: RedisServer) -> None:
    """Wait for a drainer to have read something, whether it has stored it or not."""
    while redis.client.xinfo_groups(STREAM)[0]["entries-read"] == 0:
        time.sleep(0.005)


def test_two_drainers_at_once_and_both_end_when_asked() -> None:
    with services.server(*KEPT) as redis, worker(redis, 0, TURNS) as web:
        with drainer_of(redis) as one, drainer_of(redis) as two:
            finish(web)
            for drainer in (one, two):
                drainer.process.terminate()
                assert drainer.ended() in {0, -signal.SIGTERM}  # It may not have got as far as listening.
        drain(redis)
        assert totals() == ALL


@pytest.mark.parametrize("options", [KEPT, ()], ids=["with its file", "without"])
def test_redis_is_killed_and_the_database_knows_enough_to_go_on(options: tuple[str, ...]) -> None:
    """Two turns wait in Redis when it dies: no longer than a silence of the network is bridged anyway."""
    with services.server(*options) as redis:
        with worker(redis, 0, 10) as web:
            finish(web)
        drain(redis)
        with worker(redis, 10, 12) as web:
            finish(web)
        redis.kill()
        with worker(redis, 12, TURNS) as web:
            until(web, 13)
            redis.start()
            finish(web)
        drain(redis)
        assert totals() == ALL


def test_redis_is_killed_in_the_middle_of_a_turn() -> None:
    """Nobody drains meanwhile: what was credited is all there; one half minute that was not yet may be missing."""
    with services.server(*KEPT) as redis, worker(redis, 0, TURNS) as web:
        until(web, 8)
        redis.kill()
        until(web, 12)
        redis.start()
        finish(web)
        drain(redis)
        assert set(totals().values()) <= {30 * (TURNS - 1), 30 * (TURNS - 2)}


def test_the_database_is_killed_and_the_drainer_waits_for_it(tmp_path: Path) -> None:
    """A database of this test's own, with the tables of beats alone; the same drainer goes on by itself."""
    mariadb.install(tmp_path)
    port = mariadb.free_port()
    own = {"NAME": "utop", "PORT": str(port)}
    database = mariadb.start(tmp_path, port)
    try:
        mariadb.wait(database, port)
        with services.server(*KEPT) as redis:
            with process(redis, make_tables, **own) as tables:
                finish(tables)
            with worker(redis, 0, 5, **own) as web:
                finish(web)
            with drainer_of(redis, **own) as drainer:
                emptied(redis)
                with worker(redis, 5, TURNS, **own) as web:
                    until(web, 10)
                    database.kill()
                    database.wait()
                    finish(web)
                assert drainer.poll() is None
                database = mariadb.start(tmp_path, port)
                mariadb.wait(database, port)
                emptied(redis)
        assert stored(port) == ALL
    finally:
        database.kill()
        database.wait()


def emptied(redis: RedisServer) -> None:
    deadline = time.monotonic() + 60
    while redis.client.xlen(STREAM):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def stored(port: int) -> dict[int, int]:
    """Whole seconds per learner in a database of its own."""
    import MySQLdb

    with closing(MySQLdb.connect(host="127.0.0.1", port=port, user="utop", passwd="utop", db="utop")) as own:
        cursor = own.cursor()
        cursor.execute(
            "SELECT user_id, SUM(TIMESTAMPDIFF(SECOND, `start`, `end`)) FROM openedx_utop_presence GROUP BY user_id"
        )
        return {learner: int(total) for learner, total in cursor.fetchall()}

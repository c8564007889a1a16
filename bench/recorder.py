"""How fast the drainer stores what the redis recorder queued, beside one that reads and acknowledges only."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from statistics import median
from typing import Any, NamedTuple, cast

from django.core.management import call_command
from opaque_keys.edx.keys import CourseKey
from redis import Redis

from bench.figures import Figure
from openedx_utop.attendance.backends.redis.drainer import BATCH_ENTRIES, Drainer
from openedx_utop.attendance.backends.redis.recorder import record_in
from openedx_utop.attendance.backends.redis.server import GROUP, STREAM
from openedx_utop.attendance.data import Lease, Report
from openedx_utop.attendance.rules import Beat, Parameters
from tests.services import mariadb
from tests.services import redis as services

COURSE = CourseKey.from_string("course-v1:Bench+TIME+2026")
MODULE, UNIT = (COURSE.make_usage_key(kind, "bench") for kind in ("sequential", "vertical"))
# What waits after a drainer was away for five minutes.
LEARNERS, BEATS_EACH, ROUNDS = 2000, 10, 3
MARCH = 1_772_442_000_000


class Rate(NamedTuple):
    """Beats per second of the clock, which is everybody's on a busy machine, and of this process's own time."""

    clock: float
    processor: float


def figures() -> Iterator[Figure]:
    """Beats stored per second of one drainer, evaluations announced, on MariaDB where it is installed."""
    if services.found() is None:
        print("  recorder: not measured, for there is no redis-server", file=sys.stderr)
        return
    rounds = [(Rate(*stored), Rate(*read)) for stored, read in _measured()]
    for stored, read in rounds:
        own = (
            f"{stored.processor:.0f} beats stored per second of the drainer's own time, {read.processor:.0f} only read"
        )
        print(f"  {own}; {stored.clock:.0f} and {read.clock:.0f} by the clock", file=sys.stderr)
    drained = median(stored.clock for stored, _read in rounds)
    yield Figure("recorder.drained_thousands_per_second", drained / 1000, 20.0)


def _measured() -> list[list[list[float]]]:
    """In a process of its own, which the database is chosen for."""
    command = [sys.executable, "-c", "import django; django.setup(); from bench.recorder import measure; measure()"]
    if find_spec("MySQLdb") is None:
        return cast("list[list[list[float]]]", json.loads(subprocess.check_output(command)))
    with mariadb.server() as port:
        variables = {**os.environ, **mariadb.environment(port)}
        return cast("list[list[list[float]]]", json.loads(subprocess.check_output(command, env=variables)))


def _round(redis: Redis, number: int) -> list[Rate]:
    """Stored and read per second: the same beats, of learners who never learnt before."""
    _queue(redis, 1 + number * LEARNERS)
    copies = [fields for _identifier, fields in cast("list[Any]", redis.xrange(STREAM))]
    stored = _rate(Drainer(redis, Parameters()).drain)
    _add(redis, copies)
    return [stored, _rate(lambda: _only_read(redis))]


def _queue(redis: Redis, first: int) -> None:
    """What the recorder queues for one learner, then the same for as many others."""
    for beat in range(BEATS_EACH):
        now = MARCH + 30_000 * beat
        lease = Lease(first, str(COURSE), str(MODULE), str(UNIT), now)
        record_in(redis, Report(lease, "bench-tab", Beat(seq=beat + 1, elapsed=30_000), Parameters(), now))
    models = [fields for _identifier, fields in cast("list[Any]", redis.xrange(STREAM))]
    learner, others = b"[%d," % first, range(first + 1, first + LEARNERS)
    _add(
        redis,
        (
            {**model, b"entry": model[b"entry"].replace(learner, b"[%d," % other)}
            for model in models
            for other in others
        ),
    )


def _add(redis: Redis, entries: Iterable[dict[Any, Any]]) -> None:
    with redis.pipeline(transaction=False) as pipe:
        for fields in entries:
            pipe.xadd(STREAM, fields)
        pipe.execute()


def _rate(action: Callable[[], object]) -> Rate:
    clock, processor = time.perf_counter(), time.process_time()
    action()
    spent = time.perf_counter() - clock, time.process_time() - processor
    return Rate(*(LEARNERS * BEATS_EACH / seconds for seconds in spent))


def _only_read(redis: Redis) -> None:
    while answer := cast("list[Any]", redis.xreadgroup(GROUP, "floor", {STREAM: ">"}, count=BATCH_ENTRIES)):
        identifiers = [identifier for identifier, _fields in answer[0][1]]
        redis.xack(STREAM, GROUP, *identifiers)
        redis.xdel(STREAM, *identifiers)


def measure() -> None:
    """Print the rounds as JSON."""
    call_command("migrate", verbosity=0)
    with services.server("--appendonly", "yes") as server:
        print(json.dumps([_round(server.client, number) for number in range(ROUNDS)]))

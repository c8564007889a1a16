"""What counting time costs a server, and a learner's network."""

import gzip
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from bench.figures import Figure
from bench.load import Load, load, post
from openedx_utop.attendance.api import issue_lease
from tests.services import mariadb, redis
from tests.services.mariadb import free_port, wait

SCRIPT = Path(__file__).parent.parent / "openedx_utop" / "static" / "openedx_utop" / "beat.js"
COURSE = CourseKey.from_string("course-v1:Bench+TIME+2026")
# At a time: enough for each process to find several beats waiting, as it would where many learn.
CONNECTIONS = 16
# Learners of one connection who learn at the same time, so that at any moment some report their first presence, which
# costs the direct recorder most, and others go on.
TOGETHER = 2
# No learner sends more beats than the product lets through in a burst.
LEARNERS, BEATS_EACH = {"direct": 2500, "redis": 16_000}, 10
ROUNDS, SECONDS = 7, 1.3
# The same number of processes each, without threads: those an LMS cannot have (README). The bare view and the first
# position share Django's handler, and gunicorn with it, which closes each connection. The intake keeps connections, as
# the proxy in front of it does (docs/operators/intake.md).
DJANGO = (
    *("gunicorn", "--workers=2", "--log-level=error", "--bind=127.0.0.1:{port}"),
    "django.core.wsgi:get_wsgi_application()",
)
INTAKE = (
    *("granian", "--interface=asginl", "--workers=2", "--loop=uvloop", "--http=1", "--no-ws", "--log-level=error"),
    *("--port={port}", "openedx_utop.attendance.intake:application"),
)
# What is left of the bare view where it does only what no recorder can do without: no goal, but what goals leave to us.
FLOORS = {"/queued/": "one entry in Redis", "/committed/": "one row read, written and committed"}
SLOWEST = 3.0
FLOODER = 20_001
# Of what others bear beside one who learns: they must not notice one who sends without a pause and is refused.
UNDISTURBED = 0.9


@dataclass(frozen=True)
class Way:
    """A way in: a server's command and its variables, and which part of the bare view's answers is wanted."""

    recorder: str
    command: tuple[str, ...]
    goal: float
    variables: Mapping[str, str] = field(default_factory=dict)


WAYS = {
    "direct_in_the_view": Way("direct", DJANGO, 0.20, {"UTOP_BENCH_VIEW": "yes"}),
    "direct_in_first_position": Way("direct", DJANGO, 0.20),
    "redis_in_first_position": Way("redis", DJANGO, 0.65),
    "redis_in_the_intake": Way("redis", INTAKE, 1.5),
}


def figures() -> Iterator[Figure]:
    """The script's size, then each way in against a Django view without middleware that does nothing."""
    yield Figure(
        "attendance.script_kilobytes", len(gzip.compress(SCRIPT.read_bytes())) / 1000, 4.0, less_is_better=True
    )
    loads, floods = _loads()
    for name, way in WAYS.items():
        throughput, slowness = _beside_bare(loads, name)
        yield Figure(f"attendance.{name}_vs_bare", throughput, way.goal)
        yield Figure(f"attendance.{name}_p99_vs_bare", slowness, SLOWEST, less_is_better=True)
    for path, what in FLOORS.items():
        throughput, slowness = _beside_bare(loads, path)
        print(f"  {what}: {throughput:.2f} of the bare view, p99 {slowness:.1f} times as late", file=sys.stderr)
    for name, undisturbed in floods.items():
        yield Figure(f"attendance.{name}_beside_flood", undisturbed, UNDISTURBED)


def _beside_bare(loads: Mapping[str, Sequence[Load]], name: str) -> tuple[float, float]:
    """Answers per second and slowness, each as a part of the bare view's in the same round."""
    rounds = list(zip(loads["bare"], loads[name], strict=True))
    throughput = median(ours.per_second / bare.per_second for bare, ours in rounds)
    return throughput, median(ours.p99 / bare.p99 for bare, ours in rounds)


def _loads() -> tuple[dict[str, list[Load]], dict[str, float]]:
    """What the bare view and each way bear, in turn, each learner known already; then, how little a flood disturbs."""
    nothing = [itertools.repeat(post("/bare/"))] * CONNECTIONS
    beats = {recorder: _shares(recorder) for recorder in LEARNERS}
    with ExitStack() as stack:
        variables = {"direct": stack.enter_context(_database())}
        # With the append-only file that operators have.
        running = stack.enter_context(redis.server("--appendonly", "yes"))
        variables["redis"] = variables["direct"] | {"UTOP_BENCH_REDIS": running.url}
        ports = {"bare": stack.enter_context(_server(DJANGO, {**variables["redis"], "UTOP_BENCH_BARE": "yes"}))}
        for name, way in WAYS.items():
            ports[name] = stack.enter_context(_server(way.command, {**variables[way.recorder], **way.variables}))
            first = [itertools.islice(share, LEARNERS[way.recorder] // CONNECTIONS) for share in beats[way.recorder]]
            load(ports[name], first, 200, seconds=60)
        load(ports["bare"], nothing, 204, seconds=SECONDS / 4)
        rounds = [
            {
                "bare": load(ports["bare"], nothing, 204, seconds=SECONDS),
                **{path: load(ports["bare"], _floor(path), 200, seconds=SECONDS) for path in FLOORS},
                **{name: load(ports[name], beats[way.recorder], 200, seconds=SECONDS) for name, way in WAYS.items()},
            }
            for _round in range(ROUNDS)
        ]
        floods = {name: _flooded(ports[name], beats[way.recorder]) for name, way in WAYS.items()}
    for each in rounds:
        _say(each)
    return {name: [each[name] for each in rounds] for name in rounds[0]}, floods


def _flooded(port: int, shares: Sequence[Iterator[bytes]]) -> float:
    """What others bear beside one connection that sends more beats than are let through, of beside an honest one."""
    learner, *others = shares
    flood = (_beat(FLOODER, lease, seq) for lease in [_lease(FLOODER)] for seq in itertools.count())
    beside = [_beside(port, companion, others) for companion in (learner, flood)]
    return beside[1].per_second / beside[0].per_second


def _beside(port: int, companion: Iterator[bytes], others: Sequence[Iterator[bytes]]) -> Load:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(load, port, [companion], 200, 429, seconds=SECONDS)
        return load(port, others, 200, seconds=SECONDS)


def _floor(path: str) -> list[Iterator[bytes]]:
    """Requests as long as beats, of learners whom the direct recorder knows."""
    learners, body = range(1, 1 + LEARNERS["direct"]), b"x" * 400
    shares = (learners[share::CONNECTIONS] for share in range(CONNECTIONS))
    return [itertools.cycle([post(f"{path}?{learner}", body) for learner in share]) for share in shares]


def _say(loads: Mapping[str, Load]) -> None:
    told = (f"{name} {each.per_second:.0f}/s, p99 {each.p99 * 1000:.1f} ms" for name, each in loads.items())
    print(f"  {'; '.join(told)}", file=sys.stderr)


def _shares(recorder: str) -> list[Iterator[bytes]]:
    """Beats of its learners, a share for each connection, each tab's in the order in which it would send them."""
    learners = range(1, 1 + LEARNERS[recorder]) if recorder == "direct" else range(10_001, 10_001 + LEARNERS[recorder])
    leases = {learner: _lease(learner) for learner in learners}
    # All made beforehand: the client shares the machine with the server.
    return [
        iter([_beat(learner, leases[learner], seq) for learner, seq in _in_turn(learners[share::CONNECTIONS])])
        for share in range(CONNECTIONS)
    ]


def _in_turn(learners: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Everybody's first beat, then the others of some who learn at the same time, then of the next ones."""
    yield from ((learner, 0) for learner in learners)
    for start in range(0, len(learners), TOGETHER):
        for seq in range(1, BEATS_EACH):
            yield from ((learner, seq) for learner in learners[start : start + TOGETHER])


def _lease(learner: int) -> str:
    module, unit = (COURSE.make_usage_key(kind, "bench") for kind in ("sequential", "vertical"))
    return issue_lease(learner, COURSE, module, unit, now=timezone.now())


def _beat(learner: int, lease: str, seq: int) -> bytes:
    beat = {"lease": lease, "client": f"bench-tab-{learner}", "seq": seq, "quiet": 0, "elapsed": 30_000}
    return post("/utop/api/v1/beats/", json.dumps(beat).encode())


@contextmanager
def _database() -> Iterator[dict[str, str]]:
    """MariaDB, with its default durable commits, where it is installed; SQLite elsewhere. The tables are there."""
    with ExitStack() as stack:
        if find_spec("MySQLdb"):
            variables = mariadb.environment(stack.enter_context(mariadb.server()))
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            variables = {"UTOP_BENCH_SQLITE": str(Path(folder) / "bench.sqlite3")}
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--skip-checks"]
        subprocess.run(migrate, check=True, env={**os.environ, **variables})
        yield variables


@contextmanager
def _server(command: tuple[str, ...], variables: Mapping[str, str]) -> Iterator[int]:
    port = free_port()
    arguments = [part.format(port=port) for part in command]
    process = subprocess.Popen([sys.executable, "-m", *arguments], env={**os.environ, **variables})
    try:
        wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()

"""What counting time costs a server, and a learner's network."""

import gzip
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from bench.figures import Figure
from bench.load import answers_per_second, post
from openedx_utop.attendance.api import issue_lease
from tests.services import mariadb
from tests.services.mariadb import free_port, wait

SCRIPT = Path(__file__).parent.parent / "openedx_utop" / "static" / "openedx_utop" / "beat.js"
COURSE = CourseKey.from_string("course-v1:Bench+TIME+2026")
CONNECTIONS = 4
# Enough that no learner sends more beats than the product lets through in a burst.
LEARNERS, BEATS_EACH = 2000, 9
ROUNDS, SECONDS = 3, 2.0


def figures() -> Iterator[Figure]:
    """The script's size, then beats per second against a view that does nothing, on the same server."""
    yield Figure(
        "attendance.script_kilobytes", len(gzip.compress(SCRIPT.read_bytes())) / 1000, 4.0, less_is_better=True
    )
    yield Figure("attendance.beats_vs_bare", _beats_vs_bare(), 0.20)


def _beats_vs_bare() -> float:
    beats = [_beats(share) for share in range(CONNECTIONS)]
    nothing = [itertools.repeat(post("/bare/"))] * CONNECTIONS
    ratios = []
    with _database() as variables, _server(variables) as port:
        answers_per_second(port, beats, status=200, seconds=SECONDS / 2)
        for _ in range(ROUNDS):
            bare = answers_per_second(port, nothing, status=204, seconds=SECONDS)
            ours = answers_per_second(port, beats, status=200, seconds=SECONDS)
            print(f"  {ours:.0f} beats/s, {bare:.0f} bare answers/s", file=sys.stderr)
            ratios.append(ours / bare)
    return median(ratios)


def _beats(share: int) -> Iterator[bytes]:
    """Beats of this share of the learners, in turn, each in the order in which their tab would send them."""
    now = timezone.now()
    module, unit = (COURSE.make_usage_key(kind, "bench") for kind in ("sequential", "vertical"))
    leases = {
        learner: issue_lease(learner, COURSE, module, unit, now=now)
        for learner in range(1 + share, 1 + LEARNERS, CONNECTIONS)
    }
    for seq in range(1, 1 + BEATS_EACH):
        for learner, lease in leases.items():
            beat = {"lease": lease, "client": f"bench-tab-{learner}", "seq": seq, "quiet": 0, "elapsed": 30_000}
            yield post("/utop/api/v1/beats/", json.dumps(beat).encode())


@contextmanager
def _database() -> Iterator[dict[str, str]]:
    """MariaDB where it is installed, as operators have it; SQLite elsewhere."""
    if find_spec("MySQLdb"):
        with mariadb.server() as port:
            yield mariadb.environment(port)
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield {"UTOP_BENCH_SQLITE": str(Path(folder) / "bench.sqlite3")}


@contextmanager
def _server(variables: dict[str, str]) -> Iterator[int]:
    """Two workers that keep connections open, so that the answer is measured rather than the greeting."""
    environment = {**os.environ, **variables}
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--skip-checks"], check=True, env=environment
    )
    port = free_port()
    options = [f"--bind=127.0.0.1:{port}", "--workers=2", "--threads=2", "--keep-alive=60", "--log-level=error"]
    command = [sys.executable, "-m", "gunicorn", *options, "django.core.wsgi:get_wsgi_application()"]
    process = subprocess.Popen(command, env=environment)
    try:
        wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()

"""What the sealed journal costs on MariaDB: time by the clock, the server's included, and room on its disk.

The floor of what is entered is the bare INSERT of the same rows on the same server, as many in a transaction.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import cast

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from bench.figures import Figure
from bench.journal import (
    CLOCK,
    COLUMNS,
    FIRST_DAY,
    JOURNAL,
    NIGHTS,
    PRESENCE,
    attend_whole_courses,
    be_present,
    empty,
    verify,
)
from openedx_utop.attendance.journal import api
from openedx_utop.attendance.journal.entering import BATCH
from openedx_utop.attendance.journal.statements import ROWS_AT_ONCE, Values, written_row
from openedx_utop.signing_keys import new_seed
from tests.services import mariadb

# InnoDB gives room to a table by the megabyte.
LEARNERS = 4000


def figures() -> Iterator[Figure]:
    """Sealing and verifying by the clock, then kilobytes per learner, of a server of our own."""
    if find_spec("MySQLdb") is None:
        print("  journal: not measured on MariaDB, for it is not installed", file=sys.stderr)
        return
    command = [
        *(sys.executable, "-c"),
        "import django; django.setup(); from bench.journal_on_mariadb import measure; measure()",
    ]
    with mariadb.server("--innodb-buffer-pool-size=512M") as port:
        answered = subprocess.check_output(command, env={**os.environ, **mariadb.environment(port)})
    for name, (value, goal, less_is_better) in json.loads(answered).items():
        yield Figure(f"journal.mariadb_{name}", value, goal, less_is_better=less_is_better)


def measure() -> None:
    """Print the figures as JSON."""
    call_command("migrate", verbosity=0)
    settings.UTOP_SIGNING_KEY = new_seed()
    rows = int(os.environ.get("UTOP_BENCH_JOURNAL_ROWS", "100000"))
    # First, for what is deleted leaves room behind.
    attend_whole_courses(LEARNERS)
    figures: dict[str, tuple[float, float, bool]] = {"kilobytes_per_learner": (_bytes() / LEARNERS / 1000, 8, True)}
    empty()
    entered, signed = (sum(each) for each in zip(*_nights(rows // NIGHTS), strict=True))
    figures["entered_vs_floor"] = (sum(_bare_inserts()) / entered, 0.2, False)
    seconds = {"entered": entered, "signed": signed, "sealed": entered + signed, "verified": _clock(verify)}
    for done, took in seconds.items():
        figures[f"{done}_thousands_per_second"] = (rows / took / 1000, 50, False)
    print(json.dumps(figures))


def _nights(learners: int) -> Iterator[tuple[float, float]]:
    """Seconds of entering and of signing, night after night."""
    for night in range(NIGHTS):
        start = FIRST_DAY + timedelta(days=night)
        be_present(learners, start, night)
        yield _night(start)


def _night(start: datetime) -> tuple[float, float]:
    day, now, standing = start.date(), start + timedelta(days=1), api.Standing()
    return (
        _clock(lambda: sum(api.enter(day, now=now, standing=standing))),
        _clock(lambda: api.seal(day, now=now, standing=standing)),
    )


def _bare_inserts() -> Iterator[float]:
    """Seconds of writing the rows once more, with the same indexes and nothing else, transaction after transaction."""
    with connection.cursor() as cursor, connection.cursor() as writer:
        writer.execute(f"CREATE TABLE floor LIKE {JOURNAL[0]}")
        cursor.execute(f"SELECT {COLUMNS} FROM {JOURNAL[0]} ORDER BY id")  # noqa: S608
        while rows := cursor.fetchmany(BATCH):
            yield _clock(lambda rows=rows: _insert(writer, rows))  # type: ignore[misc]
        writer.execute("DROP TABLE floor")


def _insert(cursor: CursorWrapper, rows: Sequence[Values]) -> None:
    with transaction.atomic():
        for first in range(0, len(rows), ROWS_AT_ONCE):
            written = ",".join(map(written_row, rows[first : first + ROWS_AT_ONCE]))
            cursor.execute(f"INSERT INTO floor ({COLUMNS}) VALUES {written}")  # noqa: S608


def _clock(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _bytes() -> int:
    """Of the tables and their indexes, as the server counts them once it has looked."""
    tables = (*JOURNAL, PRESENCE, CLOCK)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE TABLE {table}")
            cursor.fetchall()
        cursor.execute(
            "SELECT table_name, table_rows, avg_row_length, data_length, index_length FROM information_schema.tables"
            " WHERE table_schema = DATABASE() AND table_name IN %s",
            [tables],
        )
        found = cast("list[tuple[str, int, int, int, int]]", cursor.fetchall())
    for name, rows, row, data, index in found:
        print(f"  {name}: {rows} rows of {row}, {data} bytes and {index} of indexes", file=sys.stderr)
    return sum(int(data + index) for *_rest, data, index in found)

"""What the sealed journal costs: time per row, beside the same rows read and written without a thought, and space.

A night's rows are *entered* (read from the live table, written as canonical text, chained by their hashes, stored),
then the night is *signed* (the Merkle tree over the heads of all chains, the signature). *Sealed* is both: what stands
between presences and a sealed journal. *Verified* is the whole journal read again, against its seals and live records.

`UTOP_BENCH_JOURNAL_ROWS`: how many rows (100,000). All times are of one processor, on SQLite in memory.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import connection
from opaque_keys.edx.keys import CourseKey

from bench.figures import Figure
from openedx_utop.attendance.journal import api
from openedx_utop.attendance.journal.check_journal import Defect
from openedx_utop.attendance.journal.models import NO_LEARNER, JournalChain, JournalRow
from openedx_utop.attendance.journal.protection import lifted
from openedx_utop.attendance.models import LearnerClock, Presence
from openedx_utop.attendance.places import place_number
from openedx_utop.attendance.retention import apply_retention
from openedx_utop.attendance.rules import ClientState, client_tag
from openedx_utop.attendance.summary import milliseconds
from openedx_utop.signing_keys import new_seed

COURSE = CourseKey.from_string("course-v1:Bench+TIME+2026")
FIRST_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
NIGHTS = 20
# A whole course: sixteen modules of two units of seven minutes and a half, two modules at a sitting.
LEARNERS, SITTINGS, UNITS_A_SITTING, UNIT = 200, 8, 4, timedelta(minutes=7.5)
JOURNAL = ("openedx_utop_journalrow", "openedx_utop_journalchain", "openedx_utop_journalseal")
PRESENCE = "openedx_utop_presence"
CLOCK = "openedx_utop_learnerclock"
PEN = "openedx_utop_journalpen"
TAB = "3f2a9c1e-0000-4000-8000-000000000000"
COLUMNS = "chain_id, position, kind, fact, content, hash"
FLOOR_TABLE = (
    "CREATE TEMP TABLE floor (id integer PRIMARY KEY, chain_id bigint, position bigint, kind text, fact bigint,"
    " content blob, hash blob, UNIQUE (chain_id, position), UNIQUE (kind, fact))"
)
BE_PRESENT = "INSERT INTO %s (user_id, client, place_id, start, %s, source, journaled) VALUES "


@dataclass(frozen=True)
class Seconds:
    """Of the processor, per row; `written` and `read`: the floors of entering and of verifying."""

    entered: float
    signed: float
    verified: float
    written: float
    read: float

    @property
    def sealed(self) -> float:
        """From presences to a sealed journal."""
        return self.entered + self.signed


def figures() -> Iterator[Figure]:
    """Sealing and verifying, each beside a floor and beside a quarter of the rows; then space per learner."""
    settings.UTOP_SIGNING_KEY = new_seed()
    rows = int(os.environ.get("UTOP_BENCH_JOURNAL_ROWS", "100000"))
    quarter, whole = _measure(rows // 4), _measure(rows)
    yield Figure("journal.entered_vs_floor", whole.written / whole.entered, 0.33)
    yield Figure("journal.verified_vs_floor", whole.read / whole.verified, 0.03)
    for done in ("entered", "signed", "sealed", "verified"):
        yield Figure(f"journal.{done}_thousands_per_second", 0.001 / getattr(whole, done), 50)
    yield Figure("journal.sealing_growth", whole.sealed / quarter.sealed, 1.5, less_is_better=True)
    yield Figure("journal.verifying_growth", whole.verified / quarter.verified, 1.5, less_is_better=True)
    yield from _space()


def _measure(rows: int) -> Seconds:
    empty()
    learners = rows // NIGHTS
    nights = [_night(learners, night) for night in range(NIGHTS)]
    entered, signed = (sum(each) for each in zip(*nights, strict=True))
    times = (entered, signed, _seconds(verify), _seconds(_copy), _seconds(_hash))
    print(f"  {rows} rows: {', '.join(f'{rows / each:.0f}/s' for each in times)}", file=sys.stderr)
    return Seconds(*(each / rows for each in times))


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _night(learners: int, night: int) -> tuple[float, float]:
    start = FIRST_DAY + timedelta(days=night)
    be_present(learners, start, night)
    day, now, standing = start.date(), start + timedelta(days=1), api.Standing()
    return (
        _seconds(lambda: sum(api.enter(day, now=now, standing=standing))),
        _seconds(lambda: api.seal(day, now=now, standing=standing)),
    )


def verify() -> None:
    """Everything, by as many processes as the database allows; stops the bench if something does not hold."""
    defects: list[Defect] = []
    api.verify(defects.append)
    if defects:
        raise SystemExit(f"The journal does not hold: {defects[0].text('en')}")


def _copy() -> None:
    """Read the rows and write them once more, with the same indexes."""
    with connection.cursor() as cursor, connection.cursor() as writer:
        cursor.execute(FLOOR_TABLE)
        cursor.execute(f"SELECT {COLUMNS} FROM {JOURNAL[0]}")  # noqa: S608
        while rows := cursor.fetchmany(1000):
            writer.executemany(f"INSERT INTO floor ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s)", rows)  # noqa: S608
        cursor.execute("DROP TABLE floor")


def _hash() -> None:
    """Read the rows and hash each."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT content FROM {JOURNAL[0]} ORDER BY chain_id, position")  # noqa: S608
        for (content,) in cursor:
            sha256(content).digest()


def be_present(learners: int, start: datetime, unit: int) -> None:
    """A presence of each learner, on one unit of the course."""
    module, vertical = (str(COURSE.make_usage_key(kind, f"{unit:032x}")) for kind in ("sequential", "vertical"))
    place = place_number(str(COURSE), module, vertical)
    instants = map(connection.ops.adapt_datetimefield_value, (start, start + UNIT))
    values = (place, *instants, "live", False)
    statement = BE_PRESENT % (PRESENCE, connection.ops.quote_name("end")) + "(%s, %s, %s, %s, %s, %s, %s)"
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(learner, client_tag(TAB), *values) for learner in range(1, learners + 1)])


def _space() -> Iterator[Figure]:
    empty()
    before = _bytes()
    attend_whole_courses(LEARNERS)
    yield Figure("journal.rows_per_learner", rows_per_learner(LEARNERS), 40, less_is_better=True)
    yield Figure("journal.kilobytes_per_learner", (_bytes() - before) / LEARNERS / 1000, 8, less_is_better=True)


def attend_whole_courses(learners: int) -> None:
    """What so many learners leave in the tables, from the first module to the night that forgets their clocks.

    Every night, whether anybody was there or not, the commands are run that an operator runs.
    """
    for day in range(SITTINGS + settings.UTOP_CLOCK_DAYS + 1):
        start = FIRST_DAY + timedelta(days=day)
        if day < SITTINGS:
            for unit in range(UNITS_A_SITTING):
                be_present(learners, start + unit * UNIT, day * UNITS_A_SITTING + unit)
            _set_clocks(learners, start + UNITS_A_SITTING * UNIT)
        sum(api.enter(start.date(), now=start + timedelta(days=1)))
        api.seal(start.date(), now=start + timedelta(days=1))
        list(apply_retention(now=start + timedelta(days=1)))


def _set_clocks(learners: int, moment: datetime) -> None:
    at = milliseconds(moment)
    block = str(COURSE.make_usage_key("vertical", f"{0:032x}"))
    clients = {TAB: ClientState(480, at, at, at, at, block=block, open_end=at)._asdict()}
    clocks = [LearnerClock(user_id=learner, frontier_ms=at, clients=clients) for learner in range(1, learners + 1)]
    LearnerClock.objects.all().delete()
    LearnerClock.objects.bulk_create(clocks)


def rows_per_learner(learners: int) -> float:
    """In all tables; what the course's own chain says of its units is there once for all learners."""
    of_learners = (
        Presence.objects,
        LearnerClock.objects,
        JournalChain.objects.exclude(user_id=NO_LEARNER),
        JournalRow.objects.exclude(chain__user_id=NO_LEARNER),
    )
    return sum(rows.count() for rows in of_learners) / learners


def _bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])


def empty() -> None:
    """Take everything out of the tables."""
    with lifted(connection), connection.cursor() as cursor:
        for table in (*JOURNAL, PEN, PRESENCE, CLOCK):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608

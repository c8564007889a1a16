"""A few learners' days, and the journal that keeps them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import strategies as st
from pytest_django import Settings

from openedx_utop.attendance.journal.protection import lifted
from openedx_utop.attendance.models import Presence
from tests.attendance.conftest import LEARNER, course_key, usage_key
from tests.badges.minimal import SEED
from tests.host import InMemoryPlatform
from tests.presences import store_presence

MONDAY = date(2026, 3, 2)
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def present(
    minute: int, minutes: int = 10, *, learner: int = LEARNER, course: str = "first", unit: str = "one"
) -> Presence:
    """A presence that starts so many minutes after Monday nine o'clock."""
    start = MORNING + timedelta(minutes=minute)
    return store_presence(
        user_id=learner,
        course_key=course_key(course),
        module_key=usage_key(course, "sequential", "module"),
        unit_key=usage_key(course, "vertical", unit),
        client="3f2a9c1e-tab",
        start=start,
        end=start + timedelta(minutes=minutes),
    )


def run(command: str, *arguments: str) -> tuple[int, str]:
    """The exit status and what it printed."""
    printed = StringIO()
    try:
        call_command(command, *arguments, stdout=printed)
    except CommandError as error:
        return 1, f"{printed.getvalue()}{error}"
    return 0, printed.getvalue()


def tamper(statement: str, *values: object) -> None:
    """What somebody with every right on the database would do."""
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount


@pytest.fixture
def key(settings: Settings) -> str:
    """The key that signs."""
    settings.UTOP_SIGNING_KEY = SEED
    return SEED


@pytest.fixture
def wednesday() -> Iterator[time_machine.Traveller]:
    """The night after two days of work."""
    with time_machine.travel(datetime(2026, 3, 4, 2, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def two_days(db: None, key: str, wednesday: object, host: InMemoryPlatform) -> None:
    """Two learners, two courses, two sealed days; what one of them did in the second is a row of several presences."""
    host.titles[course_key()] = {
        usage_key("first", "sequential", "module"): "Les gestes d’accueil",
        usage_key("first", "vertical", "one"): "Leçon",
    }
    for learner in (LEARNER, 8):
        for minute in (0, 20, 24 * 60, 24 * 60 + 30):
            present(minute, learner=learner, unit="one" if minute % 60 else "two")
    present(60, course="second")
    for day in ("2026-03-02", "2026-03-03"):
        assert run("utop_seal_journal", "--day", day)[0] == 0


@pytest.fixture
def exported(two_days: None, tmp_path: Path) -> Path:
    """The journal as an auditor takes it away."""
    assert run("utop_verify_journal", "--export", str(tmp_path / "export"))[0] == 0
    return tmp_path / "export"


Fixture = Callable[..., None]


@contextmanager
def one_bit_flipped(path: Path, data: st.DataObject) -> Iterator[None]:
    """Any bit of a file, while the context lasts."""
    content = path.read_bytes()
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    altered = bytearray(content)
    altered[bit // 8] ^= 1 << bit % 8
    path.write_bytes(altered)
    try:
        yield
    finally:
        path.write_bytes(content)

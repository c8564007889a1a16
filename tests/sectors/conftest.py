"""A course with tracks, on the in-memory host."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import ContentGroup, Course, Person
from openedx_utop.organizations.api import declare_employer
from openedx_utop.organizations.models import Employer
from openedx_utop.sectors.api import define_sector, import_rules, set_track
from tests.host import InMemoryPlatform

COURSE = CourseKey.from_string("course-v1:utop+tpe+2027")
LEARNER = 7
SIRET = "90000000100017"
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
GROUPS = {"hotel": "Hôtellerie", "sante": "Santé", "alimentaire": "Alimentaire"}
RULES = [
    "idcc;1979;hotel;2020-01-01",
    "idcc;1501;hotel;2020-01-01",
    "naf;55;hotel;2020-01-01",
    "naf;86;sante;2020-01-01",
]


@pytest.fixture
def course(db: None, host: InMemoryPlatform) -> CourseKey:
    """Three trades with a track, one branch that inherits, one trade without; the learner is enrolled."""
    names = {"hotel": "Hôtellerie et restauration", "sante": "Santé", "alimentaire": "Alimentaire", "banque": "Banque"}
    for slug, name in names.items():
        define_sector(slug, name=name)
    define_sector("traiteur", name="Traiteurs", parent="hotel")
    for number, (slug, group) in enumerate(GROUPS.items(), start=1):
        set_track(COURSE, slug, group)
        host.groups[COURSE] = (*host.groups.get(COURSE, ()), ContentGroup(50, number, group))
    assert not import_rules(RULES, today=NOW.date()).errors
    host.courses[COURSE] = Course(COURSE, "Transition numérique", "https://lms.example.org/learning/tpe")
    host.people[LEARNER] = Person(LEARNER, "ada", "Ada Exemple", "ada@example.org", "fr")
    host.enrolments.add((LEARNER, COURSE))
    return COURSE


def employ(user_id: int, *, siret: str = SIRET, **facts: Any) -> None:
    """Have the learner work for a company of which the register says this."""
    declare_employer(user_id, siret, now=NOW)
    known = {"answer": "found", "fetched_at": NOW, **facts}
    Employer.objects.filter(siret=siret).update(**known)


@pytest.fixture
def at_once(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., list[Any]]]:
    """Do the same work in so many threads that start at one instant, each told its number.

    SQLite's test database is in memory, where threads refuse each other: theirs is a copy of it in a file, which this
    test reads too. A server's is shared as it is: the test needs a marker for committed transactions.
    """
    if connection.vendor != "sqlite":
        yield _at_once
        return
    own, file = connections["default"], tmp_path / "shared.sqlite3"
    own.ensure_connection()
    file.write_bytes(own.connection.serialize())
    monkeypatch.setitem(connections.settings["default"], "NAME", str(file))
    monkeypatch.setitem(connections.settings["default"], "OPTIONS", {"timeout": 30})
    connections["default"] = connections.create_connection("default")
    yield _at_once
    connection.close()
    connections["default"] = own


def _at_once(work: Callable[[int], Any], threads: int) -> list[Any]:
    start = Barrier(threads)

    def one(number: int) -> Any:
        start.wait()
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))

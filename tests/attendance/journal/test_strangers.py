"""Somebody with every right on the database adds what no row tells of, and sees to it that all counts agree."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.db.models import Model

from openedx_utop.attendance.corrections.models import Correction
from openedx_utop.attendance.journal import api
from openedx_utop.attendance.journal.check_journal import beginning, canonical, check_export, follow
from openedx_utop.attendance.journal.models import JournalChain, JournalPen, JournalRow
from openedx_utop.attendance.live.models import LiveSignature
from openedx_utop.attendance.models import Presence, PresencePlace
from tests.attendance.conftest import LEARNER, course_key
from tests.attendance.journal.conftest import present, run, tamper
from tests.attendance.journal.test_sources import corrected, half_day, signed

# MySQL ends a transaction where a trigger is dropped or made.
committed = pytest.mark.django_db(transaction=True)
ROW, CHAIN, PRESENCE = "openedx_utop_journalrow", "openedx_utop_journalchain", "openedx_utop_presence"
OTHER_LETTERS = "course-v1:UTOP+first+2026"


def found(**options: object) -> set[tuple[str, object]]:
    """What is told, each by its code and the number of the live record, or of the chain."""
    defects: list[api.Defect] = []
    api.verify(defects.append, processes=1, **options)  # type: ignore[arg-type]
    return {(defect.code, defect.where.get("fact", defect.where.get("chain"))) for defect in defects}


def journaled(presence: Presence) -> Presence:
    Presence.objects.filter(pk=presence.pk).update(journaled=True)
    return presence


def renumbered(record: Model, number: int) -> None:
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(record._meta.db_table)
        cursor.execute(f"UPDATE {name} SET id = %s WHERE id = %s", [number, record.pk])


def first_of(learner: int) -> Presence:
    presence = Presence.objects.filter(user_id=learner, place__course_key=course_key()).order_by("pk").first()
    assert presence
    return presence


# As many go as come, so that no number of presences changes.
COMES = {
    "into the same chain": lambda: journaled(present(9000)),
    "into another learner's": lambda: journaled(present(9000, learner=8)),
    "into the other course's": lambda: journaled(present(9000, course="second")),
    "of nobody known": lambda: journaled(present(9000, learner=99)),
    "in a course that nobody was in": lambda: journaled(present(9000, course="third")),
    "of nobody at all": lambda: journaled(present(9000, learner=0)),
}


@pytest.mark.usefixtures("two_days")
@pytest.mark.parametrize("kind", COMES)
def test_one_comes_and_one_goes(kind: str) -> None:
    gone = first_of(LEARNER)
    number, stranger = gone.pk, COMES[kind]()
    gone.delete()
    assert found() == {("live_gone", number), ("live_only", stranger.pk)}


@pytest.mark.usefixtures("two_days")
def test_two_learners_who_changed_a_presence() -> None:
    one, other = first_of(LEARNER), first_of(8)
    Presence.objects.filter(pk=one.pk).update(user_id=8)
    Presence.objects.filter(pk=other.pk).update(user_id=LEARNER)
    assert found() == {(code, each.pk) for code in ("live_gone", "live_only") for each in (one, other)}


@pytest.mark.usefixtures("two_days")
def test_a_place_that_moved_to_another_course() -> None:
    place = first_of(LEARNER).place
    there = set(Presence.objects.filter(place=place).values_list("pk", flat=True))
    PresencePlace.objects.filter(pk=place.pk).update(course_key=course_key("second"))
    told = found()
    assert {fact for code, fact in told if code == "live_gone"} == there
    assert {fact for code, fact in told if code == "live_only"} == there


@pytest.mark.usefixtures("two_days")
def test_one_that_was_copied() -> None:
    copy = first_of(LEARNER)
    copy.pk = None
    copy.save(force_insert=True)
    assert found() == {("live_only", copy.pk)}


@pytest.mark.usefixtures("two_days")
def test_one_that_no_longer_says_that_it_is_in_the_journal() -> None:
    """Whatever prolonged it would find nothing against it."""
    JournalPen.objects.update(entered_until=Presence.objects.order_by("-pk")[0].pk)
    presence = first_of(LEARNER)
    Presence.objects.filter(pk=presence.pk).update(journaled=False)
    assert found() == {("live_gone", presence.pk), ("live_only", presence.pk)}


@pytest.mark.usefixtures("two_days")
@pytest.mark.parametrize("learner", [LEARNER, 99])
def test_one_that_neither_is_in_the_journal_nor_is_not(learner: int) -> None:
    presence = present(9000, learner=learner)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {PRESENCE} SET journaled = 2 WHERE id = %s", [presence.pk])
    assert found() == {("live_only", presence.pk)}


@pytest.mark.usefixtures("two_days")
def test_one_under_a_number_that_no_night_looks_at_again() -> None:
    below = present(9000)
    renumbered(below, -5)
    assert found() == {("live_only", -5)}
    Presence.objects.filter(pk=-5).delete()
    passed = present(9000, learner=99)
    JournalPen.objects.update(entered_until=passed.pk)
    assert found() == {("live_only", passed.pk)}


@pytest.mark.usefixtures("two_days")
def test_one_that_will_never_be_over() -> None:
    presence = present(9000)
    Presence.objects.filter(pk=presence.pk).update(end=datetime(2099, 1, 1, tzinfo=UTC))
    assert found() == {("live_only", presence.pk)}


@pytest.mark.usefixtures("two_days")
def test_what_waits_for_its_night_is_no_stranger() -> None:
    present(41 * 60)
    present(41 * 60, learner=99)
    assert found() == found(user_id=99) == found(course_key=course_key()) == set()


@pytest.mark.usefixtures("two_days")
def test_one_in_a_course_of_nearly_the_same_name() -> None:
    """Most databases take both names for the same, and so do the pages that ask them for the time in the course."""
    presence = journaled(present(9000))
    place = PresencePlace.objects.get(pk=presence.place_id)
    place.pk, place.course_key, place.digest = None, OTHER_LETTERS, "0" * 64
    place.save(force_insert=True)
    Presence.objects.filter(pk=presence.pk).update(place=place)
    assert found() == {("live_only", presence.pk)}


@pytest.mark.usefixtures("two_days")
def test_one_somewhere_that_is_not_there() -> None:
    presence = journaled(present(9000))
    Presence.objects.filter(pk=presence.pk).update(place=1_000_000)
    assert found() == {("live_only", presence.pk)}


@pytest.mark.usefixtures("two_days")
def test_one_whose_chain_no_reader_comes_to() -> None:
    JournalChain.objects.create(pk=-1, user_id=99, course_key=course_key())
    presence = journaled(present(9000, learner=99))
    assert found() == {("live_only", presence.pk)}


def copy_rows(known: JournalChain, twin: JournalChain) -> None:
    """As rows that belong to the seal to come."""
    before = beginning(str(twin.course_key), twin.user_id)
    for row in known.rows.order_by("position"):
        content = canonical({**json.loads(bytes(row.content)), "seal": 3})
        before = follow(before, content)
        fields = {"position": row.position, "kind": row.kind, "content": content, "hash": before}
        JournalRow.objects.create(chain=twin, fact=None, **fields)


@contextmanager
def twins_allowed() -> Iterator[None]:
    """Without the constraint that there is one chain per learner and course."""
    [constraint] = JournalChain._meta.constraints
    with connection.schema_editor() as editor:
        editor.remove_constraint(JournalChain, constraint)
    yield
    with connection.schema_editor() as editor:
        editor.add_constraint(JournalChain, constraint)


@committed
@pytest.mark.mariadb
@pytest.mark.usefixtures("two_days")
def test_a_second_chain_that_is_counted_too() -> None:
    """What the other holds is compared with it as well, and so makes up for a stranger in the count."""
    known = JournalChain.objects.get(user_id=8)
    for learner, minute in ((99, 9000), (98, 9000), (97, 9000), (96, 9000)):
        journaled(present(minute, learner=learner))
    with twins_allowed():
        twin = JournalChain.objects.create(user_id=8, course_key=course_key())
        try:
            copy_rows(known, twin)
            assert found() >= {("chain_twice", twin.pk)}
        finally:
            tamper(f"DELETE FROM {ROW} WHERE chain_id = %s", twin.pk)
            tamper(f"DELETE FROM {CHAIN} WHERE id = %s", twin.pk)


@committed
@pytest.mark.usefixtures("two_days")
def test_rows_that_no_reader_comes_to() -> None:
    own = JournalChain.objects.create(pk=-1, user_id=99, course_key=course_key())
    copy_rows(JournalChain.objects.get(user_id=8), own)
    assert found() == {("no_chain", -1)}
    tamper(f"DELETE FROM {ROW} WHERE chain_id = -1")
    tamper(f"DELETE FROM {CHAIN} WHERE id = -1")
    row = JournalRow.objects.filter(chain__user_id=8).order_by("pk")[0]
    tamper(f"UPDATE {ROW} SET id = -7 WHERE id = %s", row.pk)
    assert found() == {("no_chain", row.chain_id)}


@pytest.fixture
def night(two_days: None) -> Callable[[], None]:
    def seal() -> None:
        with time_machine.travel(datetime(2026, 3, 5, 3, 0, tzinfo=UTC), tick=False):
            assert run("utop_seal_journal", "--day", "2026-03-04")[0] == 0

    return seal


def test_a_record_that_moved_to_another_learner(night: Callable[[], None]) -> None:
    """What it says of itself is as it was."""
    correction, signature = corrected(600, rank=1), signed(half_day(), 1, (0, 3_600_000))
    night()
    assert found() == set()
    for model, record in ((Correction, correction), (LiveSignature, signature)):
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {model._meta.db_table} SET user_id = 8 WHERE id = %s", [record.pk])
        assert ("live_differs", record.pk) in found()
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {model._meta.db_table} SET user_id = 7 WHERE id = %s", [record.pk])


@pytest.mark.usefixtures("two_days")
def test_a_record_that_no_night_will_enter() -> None:
    below, ahead = corrected(600, rank=1), corrected(600, rank=2)
    renumbered(below, -3)
    with connection.cursor() as cursor:
        table, at = Correction._meta.db_table, connection.ops.adapt_datetimefield_value(below.recorded_at)
        later = connection.ops.adapt_datetimefield_value(below.recorded_at + timedelta(days=9000))
        cursor.execute(f"UPDATE {table} SET recorded_at = %s WHERE recorded_at = %s AND id > 0", [later, at])
    assert found() == {("live_only", -3), ("live_only", ahead.pk)}


def test_an_export_with_two_chains_about_the_same(exported: Path) -> None:
    path, twin = exported / "journal.jsonl", 10**9
    lines = path.read_bytes().splitlines(keepends=True)
    about = next(json.loads(line) for line in lines if b'"learner":8' in line)
    path.write_bytes(b"".join([*lines, canonical({**about, "chain": twin}) + b"\n"]))
    assert ("chain_twice", {"chain": twin}) in check_export(exported)[2]

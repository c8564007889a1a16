"""A learner's chain whose time is over goes, and all else still verifies: seals, totals, the auditor's export."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import DatabaseError, OperationalError, connection, transaction
from pytest_django import Settings

from openedx_utop.attendance.addresses.models import ConnectionAddress
from openedx_utop.attendance.assistance.models import AssistanceContact
from openedx_utop.attendance.corrections.models import Contest, ContestAnswer, Correction, CorrectionDecision
from openedx_utop.attendance.journal import tombstones
from openedx_utop.attendance.journal.check_journal import check_export
from openedx_utop.attendance.journal.models import JournalChain, JournalRow
from openedx_utop.attendance.journal.rules import TOMBSTONE
from openedx_utop.attendance.journal.standing import Standing
from openedx_utop.attendance.live.models import LiveSignature
from openedx_utop.attendance.models import Presence
from openedx_utop.training.models import AttendancePolicy, TrainingAction
from tests.attendance.conftest import LEARNER, course_key
from tests.attendance.journal.conftest import MORNING, present, run, tamper
from tests.attendance.journal.test_sources import facts  # noqa: F401 - a fixture
from tests.badges.factories import training_action

COLLEAGUE = 8
YEARS = 365 * 24 * 60
# MySQL ends a transaction where a trigger is dropped or made.
committed = pytest.mark.django_db(transaction=True)
IN_TIME = datetime(2032, 12, 31, 12, 0, tzinfo=UTC)
LATE = datetime(2033, 1, 2, 12, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


@pytest.fixture
def clock(two_days: None, wednesday: time_machine.Traveller) -> time_machine.Traveller:
    """More than six years after the year of the two days; one of the two learners of the course went on meanwhile."""
    wednesday.move_to(datetime(2031, 6, 2, 2, 0, tzinfo=UTC))
    present(5 * YEARS, learner=COLLEAGUE)
    assert run("utop_seal_journal")[0] == 0
    wednesday.move_to(LATE)
    training_action(course_key=course_key(), starts_on=MORNING.date(), ends_on=MORNING.date())
    return wednesday


def erase(*arguments: str) -> str:
    status, told = run("utop_erase_journal", "--by", "agathe", *arguments)
    assert status == 0
    return told


def a_day_passes(clock: time_machine.Traveller) -> None:
    clock.shift(24 * 3600)
    assert run("utop_seal_journal")[0] == 0


def holds(folder: Path) -> None:
    """Here, and on the auditor's machine."""
    assert run("utop_verify_journal", "--export", str(folder))[0] == 0
    assert check_export(folder)[2] == []


def chain(learner: int = LEARNER) -> JournalChain:
    return JournalChain.objects.get(user_id=learner, course_key=course_key())


def buried(clock: time_machine.Traveller) -> JournalChain:
    """The learner's chain, with a tombstone that is sealed."""
    found = chain()
    erase()
    a_day_passes(clock)
    return found


def scenario(clock: time_machine.Traveller, folder: Path) -> None:
    gone = chain()
    assert f"{gone.pk}, {course_key()}" in erase("--dry-run")
    assert not JournalRow.objects.filter(kind=TOMBSTONE).exists()
    erase()
    erase()
    tombstone = JournalRow.objects.get(kind=TOMBSTONE)
    assert (tombstone.fact, tombstone.chain.user_id, tombstone.chain.course_key) == (gone.pk, 0, course_key())
    assert JournalRow.objects.filter(chain=gone).exists()
    holds(folder)
    a_day_passes(clock)
    erase()
    assert not JournalChain.objects.filter(user_id=LEARNER, course_key=course_key()).exists()
    assert not JournalRow.objects.filter(chain=gone.pk).exists()
    assert not Presence.objects.filter(user_id=LEARNER, place__course_key=course_key()).exists()
    assert chain(COLLEAGUE).rows.exists()
    assert Presence.objects.filter(user_id=COLLEAGUE).count() == 5
    holds(folder)
    for learner in (COLLEAGUE, LEARNER):
        present(6 * YEARS, learner=learner)
    a_day_passes(clock)
    assert chain().pk > gone.pk
    holds(folder)
    erase()
    assert chain().rows.exists()


def test_it_goes_and_everything_holds(clock: time_machine.Traveller, tmp_path: Path) -> None:
    scenario(clock, tmp_path)
    course = tmp_path / "course"
    assert run("utop_verify_journal", "--course", str(course_key()), "--export", str(course))[0] == 0
    assert check_export(course)[2] == []


@pytest.mark.mariadb
@committed
def test_it_goes_from_mariadb_too(clock: time_machine.Traveller, tmp_path: Path) -> None:
    assert connection.vendor == "mysql"
    scenario(clock, tmp_path)


@pytest.mark.mariadb
@committed
def test_mariadb_lets_go_of_what_has_a_tombstone_and_of_nothing_else(clock: time_machine.Traveller) -> None:
    assert connection.vendor == "mysql"
    lets_go(clock)


def test_a_tombstone_tells_what_seals_counted_when_why_and_by_whom_and_not_of_whom(
    clock: time_machine.Traveller,
) -> None:
    rows = list(chain().rows.order_by("position").values_list("hash", flat=True))
    erase()
    content = bytes(JournalRow.objects.get(kind=TOMBSTONE).content).decode()
    heads = ",".join(f'[{seal},{seal},"{bytes(rows[seal - 1]).hex()}"]' for seal in (1, 2))
    assert content == (
        f'{{"at":{int(LATE.timestamp() * 1000)},"by":"agathe","fact":{chain().pk},"head":"{bytes(rows[1]).hex()}",'
        f'"heads":[{heads}],"kind":"tombstone","n":{JournalRow.objects.get(kind=TOMBSTONE).position},"rows":2,"seal":4,'
        '"years":6}'
    )


def not_yet(clock: time_machine.Traveller) -> None:
    clock.move_to(IN_TIME)


def action_that_ended_later(clock: time_machine.Traveller) -> None:
    TrainingAction.objects.update(ends_on=IN_TIME.date())


def european(clock: time_machine.Traveller) -> None:
    who: dict[str, Any] = {"effective_from": MORNING.date(), "created_at": NOW, "created_by": 3}
    AttendancePolicy.objects.create(action=TrainingAction.objects.get(), version=1, is_eu_funded=True, **who)


def action_that_is_gone(clock: time_machine.Traveller) -> None:
    TrainingAction.objects.all().delete()


def contested(clock: time_machine.Traveller) -> None:
    what: dict[str, Any] = {"shown_seconds": 600, "claimed_minutes": 30, "words": "…", "contested_at": NOW}
    Contest.objects.create(user_id=LEARNER, course_key=course_key(), **what)


def back_today(clock: time_machine.Traveller) -> None:
    present(6 * YEARS)


def test_what_is_not_over_stays(clock: time_machine.Traveller) -> None:
    for reason in (not_yet, action_that_ended_later, european, action_that_is_gone, contested, back_today):
        with transaction.atomic():
            reason(clock)
            assert str(chain().pk) not in erase("--dry-run"), reason
            erase()
            assert not JournalRow.objects.filter(kind=TOMBSTONE).exists(), reason
            transaction.set_rollback(True)
        clock.move_to(LATE)
    erase()
    assert JournalRow.objects.filter(kind=TOMBSTONE).exists()


def test_a_contest_that_comes_after_the_tombstone_is_answered_first(clock: time_machine.Traveller) -> None:
    buried(clock)
    contested(clock)
    erase()
    assert chain().rows.exists()
    ContestAnswer.objects.create(contest=Contest.objects.get(), words="…", answered_by=3, answered_at=NOW)
    erase()
    assert not JournalChain.objects.filter(user_id=LEARNER, course_key=course_key()).exists()


def test_what_comes_between_the_tombstone_and_the_end_begins_another_chain(
    clock: time_machine.Traveller, tmp_path: Path
) -> None:
    former, rows = chain(), chain().rows.count()
    erase()
    present(6 * YEARS + 24 * 60)
    AssistanceContact.objects.create(
        user_id=LEARNER, course_key=course_key(), author_id=3, channel="phone", direction="from_team", at=LATE,
        subject="Retour", recorded_at=LATE,
    )  # fmt: skip
    a_day_passes(clock)
    assert (chain(), chain().rows.count()) == (former, rows)
    erase()
    a_day_passes(clock)
    assert chain().pk > former.pk
    assert set(chain().rows.values_list("kind", flat=True)) == {"contact", "presence"}
    holds(tmp_path)


def test_a_run_that_dies_in_the_middle_leaves_a_chain_whole_and_the_next_goes_on(
    clock: time_machine.Traveller, tmp_path: Path
) -> None:
    former, rows = buried(clock), chain().rows.count()
    with power_cut("openedx_utop_journalchain"), pytest.raises(OperationalError, match="cut"), transaction.atomic():
        erase()
    assert (chain(), chain().rows.count()) == (former, rows)
    assert Presence.objects.filter(user_id=LEARNER, place__course_key=course_key()).count() == 4
    holds(tmp_path)
    erase()
    holds(tmp_path)
    assert not JournalRow.objects.filter(chain=former.pk).exists()


@contextmanager
def power_cut(table: str) -> Iterator[None]:
    """Whoever deletes from this table gets no further."""

    def cut(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith("DELETE") and table in sql:
            raise OperationalError("cut")
        return execute(sql, *rest)

    with connection.execute_wrapper(cut):
        yield


def test_so_many_go_at_once_at_most(clock: time_machine.Traveller, settings: Settings) -> None:
    settings.UTOP_JOURNAL_YEARS = settings.UTOP_JOURNAL_EU_YEARS = 1
    counts = []
    for _day in range(4):
        erase("--limit", "1")
        a_day_passes(clock)
        counts.append(JournalChain.objects.exclude(user_id=0).count())
    assert counts == [3, 2, 1, 0]


@pytest.mark.usefixtures("facts")
def test_the_live_records_that_it_tells_of_go_too(wednesday: time_machine.Traveller, tmp_path: Path) -> None:
    correction = Correction.objects.get(rank=1)
    stored = correction.evidence_file.storage.save("incident.pdf", ContentFile(b"%PDF-"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE openedx_utop_correction SET evidence_file = %s WHERE id = %s", [stored, correction.pk])
    training_action_of_the_course()
    wednesday.move_to(LATE)
    erase()
    assert not JournalRow.objects.filter(kind=TOMBSTONE).exists()  # One of the corrections waits for somebody.
    waiting = Correction.objects.get(rank=5)
    CorrectionDecision.objects.create(correction=waiting, is_accepted=True, decided_by=4, decided_at=NOW)
    erase()
    assert not JournalRow.objects.filter(kind=TOMBSTONE).exists()  # The decision is kept as long as any fact.
    a_day_passes(wednesday)
    erase()
    assert not JournalRow.objects.filter(kind=TOMBSTONE).exists()
    wednesday.move_to(LATE.replace(year=2041))
    erase()
    a_day_passes(wednesday)
    erase()
    a_day_passes(wednesday)
    for model in (Presence, LiveSignature, Correction, Contest, ContestAnswer, AssistanceContact, ConnectionAddress):
        assert not model.objects.exists()
    assert not correction.evidence_file.storage.exists(stored)
    holds(tmp_path)


def training_action_of_the_course() -> None:
    TrainingAction.objects.update(course_key=course_key(), ends_on=MORNING.date())


def told(folder: Path) -> str:
    """The defects, found here and by the auditor alike."""
    status, here = run("utop_verify_journal", "--export", str(folder))
    assert status == 1
    assert check_export(folder)[2]
    return here


def remove(number: int) -> None:
    tamper("DELETE FROM openedx_utop_journalrow WHERE chain_id = %s", number)
    tamper("DELETE FROM openedx_utop_journalchain WHERE id = %s", number)
    Presence.objects.filter(user_id=LEARNER, place__course_key=course_key()).delete()


@committed
def test_a_chain_that_went_without_a_tombstone_is_found(clock: time_machine.Traveller, tmp_path: Path) -> None:
    remove(chain().pk)
    assert "racine" in told(tmp_path)


@committed
def test_a_chain_that_went_before_its_tombstone_was_sealed_is_found(
    clock: time_machine.Traveller, tmp_path: Path
) -> None:
    erase()
    remove(chain().pk)
    assert "avant qu’un sceau" in told(tmp_path)


@committed
@pytest.mark.parametrize("is_there", [True, False])
def test_a_tombstone_that_tells_of_another_head_is_found(
    clock: time_machine.Traveller, tmp_path: Path, is_there: bool
) -> None:
    """Even one that is sealed: whoever holds the key made it so."""
    chosen = next(each for batch in tombstones.chains_over(now=LATE) for each in batch)
    heads = tombstones.heads_of(chosen.number, LEARNER, chosen.course)
    assert heads
    seal, rows, head = heads[0]
    forged = [(seal, rows, head[::-1]), *heads[1:]]
    standing = Standing()
    with tombstones.pen(standing):
        writer = tombstones.Writer(standing, [(0, chosen.course)])
        row = tombstones.tombstone_row(chosen.number, forged, at=int(LATE.timestamp() * 1000), years=6, by="x")
        writer.add((0, chosen.course), row)
        writer.write()
    a_day_passes(clock)
    if not is_there:
        remove(chosen.number)
    assert ("pierre tombale" if is_there else "racine") in told(tmp_path)
    assert run("utop_erase_journal")[0] == is_there


def test_a_chain_that_went_too_early_is_found(clock: time_machine.Traveller, tmp_path: Path) -> None:
    chosen = next(each for batch in tombstones.chains_over(now=LATE) for each in batch)
    summer = IN_TIME.replace(month=6, day=30)
    clock.move_to(summer)
    assert tombstones.bury([chosen], Standing(), by="x", now=summer).buried == 1
    a_day_passes(clock)
    erase()
    assert "avant les 6 ans" in told(tmp_path)


@committed
def test_a_chain_whose_rows_do_not_hold_stays_as_a_proof(clock: time_machine.Traveller) -> None:
    number = chain().pk
    tamper("UPDATE openedx_utop_journalrow SET content = hash WHERE chain_id = %s AND position = 0", number)
    status, said = run("utop_erase_journal")
    assert (status, str(number) in said) == (1, True)
    assert not JournalRow.objects.filter(kind=TOMBSTONE).exists()


def test_the_database_lets_go_of_what_has_a_tombstone_and_of_nothing_else(clock: time_machine.Traveller) -> None:
    lets_go(clock)


def lets_go(clock: time_machine.Traveller) -> None:
    mine, other = buried(clock).pk, chain(COLLEAGUE).pk
    for statement in (
        f"DELETE FROM openedx_utop_journalrow WHERE chain_id = {other}",
        f"DELETE FROM openedx_utop_journalchain WHERE id = {other}",
        f"DELETE FROM openedx_utop_journalrow WHERE kind = '{TOMBSTONE}'",
        f"UPDATE openedx_utop_journalrow SET position = position + 9 WHERE chain_id = {mine}",
        f"UPDATE openedx_utop_journalchain SET user_id = 99 WHERE id = {mine}",
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM openedx_utop_journalrow WHERE chain_id = {mine}")
        assert cursor.rowcount == 2


def test_a_course_whose_own_chain_has_its_first_row_later_verifies(
    key: str, wednesday: time_machine.Traveller, db: None, host: object, tmp_path: Path
) -> None:
    """It began before its learner's: that is its place in the tree, whenever it is seen there first."""
    AssistanceContact.objects.create(
        user_id=LEARNER, course_key=course_key(), author_id=3, channel="phone", direction="from_team", at=MORNING,
        subject="Bienvenue", recorded_at=MORNING,
    )  # fmt: skip
    present(24 * 60)
    for day in ("2026-03-02", "2026-03-03"):
        assert run("utop_seal_journal", "--day", day)[0] == 0
    holds(tmp_path)

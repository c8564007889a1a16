"""Two nights' runs at once, on a database with real concurrency."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from openedx_utop.attendance.journal import api
from openedx_utop.attendance.journal.models import JournalChain, JournalRow, JournalSeal
from openedx_utop.attendance.journal.statements import insert_chains, insert_rows, rows_of
from openedx_utop.attendance.models import Presence
from tests.attendance.journal.conftest import MONDAY, present, tamper

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]
RUNS = 4


@pytest.mark.usefixtures("host", "key")
def test_runs_at_once_enter_each_fact_once_and_seal_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openedx_utop.attendance.journal.entering.BATCH", 3)
    for learner in range(1, 11):
        for minute in (0, 30):
            present(minute, learner=learner)
    barrier, now = Barrier(RUNS), datetime(2026, 3, 3, 3, 0, tzinfo=UTC)

    def run(_number: int) -> int:
        try:
            barrier.wait()
            entered = sum(api.enter(MONDAY, now=now))
            api.seal(MONDAY, now=now + timedelta(seconds=1))
            return entered
        finally:
            connection.close()

    with ThreadPoolExecutor(RUNS) as pool:
        assert sum(pool.map(run, range(RUNS))) == 20
    assert not Presence.objects.filter(journaled=False).exists()
    assert JournalSeal.objects.count() == 1
    assert JournalRow.objects.filter(kind="presence").count() <= 20
    defects: list[api.Defect] = []
    api.verify(defects.append)
    assert defects == []


@pytest.mark.usefixtures("two_days")
def test_several_processes_find_what_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openedx_utop.attendance.journal.portions.FEWEST_CHAINS", 2)
    assert found(processes=2) == found(processes=1)
    assert found(processes=2)[1] == []
    altered, removed = JournalRow.objects.filter(kind="presence").order_by("-pk")[:2]
    tamper("UPDATE openedx_utop_journalrow SET content = %s WHERE id = %s", bytes(altered.content)[:-1], altered.pk)
    tamper("DELETE FROM openedx_utop_journalrow WHERE id = %s", removed.pk)
    assert found(processes=2) == found(processes=1)
    assert {defect.code for defect in found(processes=2)[1]} >= {"altered", "live_only", "seal_root"}


@pytest.mark.usefixtures("two_days")
def test_a_stranger_is_found_though_as_many_records_are_gone() -> None:
    gone = Presence.objects.order_by("pk").last()
    assert gone
    gone.delete()
    present(5000, learner=99)
    Presence.objects.filter(user_id=99).update(journaled=True)
    assert {defect.code for defect in found(processes=1)[1]} == {"live_gone", "live_only"}


def test_some_chains_are_read_without_the_others() -> None:
    """Where a server would rather read the whole table, portion after portion: what is verified is linear."""
    insert_chains([(learner, "course-v1:Utop+first+2026") for learner in range(1, 41)])
    chains = list(JournalChain.objects.order_by("pk").values_list("pk", flat=True))
    facts = iter(range(1, 10**6))
    insert_rows([(each, place, "x", next(facts), b"{}", bytes(32)) for place in range(50) for each in chains])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE TABLE openedx_utop_journalrow")
        cursor.fetchall()
    before = rows_passed_over()
    assert len(rows_of(chains[:8])) == 400
    assert rows_passed_over() - before < 1000


def rows_passed_over() -> int:
    """How many rows the server has read by going through tables."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read_rnd_next'")
        ((_name, count),) = cursor.fetchall()
    return int(count)


def found(processes: int) -> tuple[api.Verification, list[api.Defect]]:
    """What is read, and the defects."""
    defects: list[api.Defect] = []
    return api.verify(defects.append, processes=processes), defects

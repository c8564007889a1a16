"""From presences to a sealed journal that can be verified."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from pytest_django import Settings

from openedx_utop.attendance import api as attendance
from openedx_utop.attendance.journal import api
from openedx_utop.attendance.journal.check_journal import listed
from openedx_utop.attendance.journal.models import JournalChain, JournalPen, JournalRow, JournalSeal
from openedx_utop.attendance.models import Presence
from tests.attendance.conftest import LEARNER, Desk, course_key
from tests.attendance.journal.conftest import MONDAY, MORNING, present, run
from tests.attendance.simulator import Script, Stay, conversation, every


@pytest.mark.usefixtures("two_days")
def test_the_journal_holds_and_its_total_is_that_of_the_live_records() -> None:
    defects: list[api.Defect] = []
    read = api.verify(defects.append)
    assert defects == []
    assert (read.seals, read.is_whole) == (2, True)
    totals = (
        attendance.total_seconds(learner, course_key(course)) for learner in (7, 8) for course in ("first", "second")
    )
    assert read.milliseconds == 1000 * sum(totals) == 9 * 600_000
    assert run("utop_verify_journal")[0] == 0


@pytest.mark.usefixtures("two_days")
def test_a_row_says_all_that_an_auditor_asks() -> None:
    row = json.loads(
        bytes(JournalRow.objects.filter(chain__user_id=LEARNER, chain__course_key=course_key()).first().content)
    )
    assert (row["n"], row["kind"], row["rule"], row["seal"], row["v"]) == (0, "presence", "1", 1, 2)
    number, place, start, end, tab, source = listed(row)[1]
    assert (number, end - start, tab, source) == (Presence.objects.all()[1].pk, 600_000, "3f2a9c1e", "live")
    shown = JournalRow.objects.get(chain__user_id=0, chain__course_key=course_key(), position=place)
    assert json.loads(bytes(shown.content))["module_title"] == "Les gestes d’accueil"


@pytest.mark.usefixtures("two_days")
def test_sealing_again_changes_nothing() -> None:
    before = JournalRow.objects.count(), JournalSeal.objects.count()
    assert run("utop_seal_journal")[0] == 0
    assert (JournalRow.objects.count(), JournalSeal.objects.count()) == before


@pytest.mark.usefixtures("two_days")
def test_a_title_that_changed_is_kept_beside_the_former_one(host: object, wednesday: time_machine.Traveller) -> None:
    titles = host.titles[course_key()]  # type: ignore[attr-defined]
    titles[next(iter(titles))] = "Accueillir"
    wednesday.shift(timedelta(days=2))
    present(48 * 60)
    run("utop_seal_journal")
    rows = JournalRow.objects.filter(chain__user_id=0, chain__course_key=course_key()).order_by("position")
    assert [json.loads(bytes(row.content))["module_title"] for row in rows][-1] == "Accueillir"
    assert run("utop_verify_journal")[0] == 0


@pytest.mark.usefixtures("db", "wednesday")
def test_without_a_key_rows_are_chained_and_the_seal_waits(settings: Settings) -> None:
    present(0)
    settings.UTOP_SIGNING_KEY = ""
    status, told = run("utop_seal_journal")
    assert status == 1
    assert "UTOP_SIGNING_KEY" in told
    assert JournalRow.objects.filter(kind="presence").count() == 1
    assert not JournalSeal.objects.exists()


@pytest.mark.usefixtures("two_days")
@pytest.mark.parametrize("day", ["2026-03-01", "2026-03-04"])
def test_days_that_cannot_be_sealed(day: str) -> None:
    assert run("utop_seal_journal", "--day", day)[0] == 1
    assert JournalSeal.objects.count() == 2


@pytest.mark.usefixtures("two_days")
def test_anyone_may_keep_the_seals() -> None:
    answer = Client().get("/utop/journal/seals.json")
    assert [seal["day"] for seal in answer.json()["seals"]] == ["2026-03-02", "2026-03-03"]
    assert [seal["n"] for seal in Client().get("/utop/journal/seals.json?after=1").json()["seals"]] == [2]
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_the_auditor_checks_on_their_own_machine(exported: Path) -> None:
    command = [sys.executable, "-I", str(exported / "check_journal.py"), str(exported), "--language", "fr"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONUTF8": "1"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tout concorde" in done.stdout
    assert f"{course_key()}  {LEARNER}  temps de connexion  0:40:00" in done.stdout


@pytest.mark.usefixtures("two_days")
def test_one_course_or_learner_alone() -> None:
    assert run("utop_verify_journal", "--course", str(course_key("second")))[0] == 0
    status, told = run("utop_verify_journal", "--learner", str(LEARNER))
    assert status == 0
    assert "0 h 50" in told


@pytest.mark.usefixtures("db", "key", "wednesday")
def test_what_may_still_grow_stays_out() -> None:
    present(0)
    growing = present(40 * 60 + 45, minutes=15)
    with time_machine.travel(growing.end + timedelta(minutes=59), tick=False):
        assert sum(api.enter(api.day_to_seal(growing.end), now=growing.end + timedelta(minutes=59))) == 1
    assert JournalChain.objects.filter(user_id=LEARNER).count() == 1


@pytest.mark.usefixtures("db", "key", "host")
def test_a_run_reads_what_others_entered_since_it_began() -> None:
    first, now = api.Standing(), MORNING + timedelta(days=1)
    for learner in (LEARNER, 8):
        present(0, learner=learner)
        assert sum(api.enter(MONDAY, now=now, standing=first)) == 1
        # Another run, which knows nothing of the first one's memory.
        for other in (LEARNER, 8, 9):
            present(10 * learner, learner=other)
        assert sum(api.enter(MONDAY, now=now)) == 3
    assert api.seal(MONDAY, now=now, standing=first).rows == JournalRow.objects.count() == 9
    defects: list[api.Defect] = []
    assert api.verify(defects.append).seals == 1
    assert defects == []


@pytest.mark.usefixtures("db", "key", "host")
def test_a_learners_night_is_one_row_however_many_learn_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openedx_utop.attendance.journal.entering.BATCH", 6)
    for minute in (0, 20, 40):
        for learner in range(1, 5):
            present(minute, learner=learner)
    assert sum(api.enter(MONDAY, now=MORNING + timedelta(days=1))) == 12
    assert JournalRow.objects.filter(kind="presence").count() == 4


def entered(day: int) -> int:
    """How many enter in the night after this day; Monday is 0."""
    return sum(api.enter(MONDAY + timedelta(days=day), now=MORNING + timedelta(days=day + 1)))


@pytest.mark.usefixtures("db", "host")
def test_a_presence_whose_number_was_given_long_before_it_came_enters_too() -> None:
    late, other = present(0), present(20)
    Presence.objects.filter(pk=late.pk).delete()
    assert entered(0) == 1
    assert JournalPen.objects.get().entered_until == 0
    late.save(force_insert=True)
    growing = present(24 * 60, minutes=48 * 60)
    assert entered(0) == 1
    last = present(48 * 60, learner=8)
    assert (entered(1), entered(2)) == (0, 1)
    assert JournalPen.objects.get().entered_until == other.pk
    assert (entered(3), entered(4)) == (1, 0)
    assert JournalPen.objects.get().entered_until == last.pk > growing.pk
    assert not Presence.objects.filter(journaled=False).exists()


@pytest.mark.usefixtures("db", "key", "host")
def test_what_was_not_committed_is_forgotten() -> None:
    standing, now = api.Standing(), MORNING + timedelta(days=1)
    present(0)
    assert sum(api.enter(MONDAY, now=now, standing=standing)) == 1
    # Somebody says that it did not enter: the database refuses it twice, and the second row counts nowhere.
    Presence.objects.update(journaled=False)
    with pytest.raises(IntegrityError):
        sum(api.enter(MONDAY, now=now, standing=standing))
    Presence.objects.update(journaled=True)
    assert api.seal(MONDAY, now=now, standing=standing).rows == JournalRow.objects.count() == 2
    assert run("utop_verify_journal")[0] == 0


def test_a_presence_in_the_journal_is_never_prolonged(desk: Desk) -> None:
    messages = list(conversation(Script((Stay(0, 600),), signals=every(10, (0, 600)))))
    for sent in messages:
        desk.deliver(sent)
        if sent.at == 300:
            held = Presence.objects.get()
            Presence.objects.update(journaled=True)
    assert Presence.objects.get(pk=held.pk).end == held.end
    assert Presence.objects.get(start=held.end).journaled is False
    assert desk.total() == 600

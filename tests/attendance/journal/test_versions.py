"""What the first version of the journal wrote is verified as ever, and what follows it is written by the second."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from openedx_utop.attendance.journal import api
from openedx_utop.attendance.journal.chains import Writer, pen
from openedx_utop.attendance.journal.check_journal import check_export
from openedx_utop.attendance.journal.models import JournalRow
from openedx_utop.attendance.journal.places import Places
from openedx_utop.attendance.journal.rules import Row
from openedx_utop.attendance.models import Presence
from openedx_utop.attendance.summary import milliseconds
from tests.attendance.conftest import LEARNER, course_key
from tests.attendance.journal.conftest import MONDAY, MORNING, present, run

FIRST = Path(__file__).parent / "first_version"
MINUTE = 60_000


def test_an_export_of_the_first_version_holds(tmp_path: Path) -> None:
    shutil.copytree(FIRST, tmp_path, dirs_exist_ok=True)
    checker, seals, defects = check_export(tmp_path)
    assert defects == []
    assert (len(seals), sum(checker.milliseconds.values())) == (2, 90 * MINUTE)
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b'\\"credited\\":1200000', b'\\"credited\\":1200001', 1))
    assert {defect.code for defect in check_export(tmp_path)[2]} >= {"altered", "wrong_sum"}


def entered_by_the_first_version(presence: Presence) -> None:
    """Enter one presence as it was done then."""
    standing, course = api.Standing(), str(course_key())
    start, end = milliseconds(presence.start), milliseconds(presence.end)
    with pen(standing):
        places = Places()
        keys = places.keys({presence.place_id})
        writer = Writer(standing, [(LEARNER, course)])
        for key, row in places.news(keys):
            places.note(key, writer.add((0, key), row), row.fields)
        told = [presence.pk, places.numbers(keys)[presence.place_id], start, end, presence.client[:8], "live"]
        fields = {"credited": end - start, "modality": "remote_asynchronous", "presences": [told], "rule": "1"}
        writer.add((LEARNER, course), Row("presence", presence.pk, fields))
        writer.write()
    Presence.objects.filter(pk=presence.pk).update(journaled=True)


@pytest.mark.usefixtures("db", "key", "host", "wednesday")
def test_a_chain_goes_on_in_the_second_version(tmp_path: Path, wednesday: time_machine.Traveller) -> None:
    entered_by_the_first_version(present(0))
    api.seal(MONDAY, now=MORNING + timedelta(days=1))
    present(24 * 60)
    present(24 * 60 + 10, unit="two")
    assert run("utop_seal_journal")[0] == 0
    rows = JournalRow.objects.filter(kind="presence").order_by("position")
    assert [json.loads(bytes(row.content)).get("v") for row in rows] == [None, 2]
    status, told = run("utop_verify_journal", "--export", str(tmp_path))
    assert (status, "0 h 30" in told) == (0, True)
    assert check_export(tmp_path)[2] == []

"""Whatever is changed behind the journal's back is found."""

import ast
import hashlib
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openedx_utop.attendance.journal import check_journal
from openedx_utop.attendance.journal.check_journal import SIGNED, canonical, check_export, main
from openedx_utop.attendance.journal.models import JournalRow
from openedx_utop.attendance.models import Presence
from openedx_utop.signing_keys import SigningKey, key_from_seed, new_seed
from tests.attendance.conftest import LEARNER
from tests.attendance.journal.conftest import one_bit_flipped, present, run, tamper

ROW = "openedx_utop_journalrow"
# MySQL ends a transaction where a trigger is dropped or made.
committed = pytest.mark.django_db(transaction=True)
FILES = ("journal.jsonl", "seals.jsonl", "keys.json")


@settings(
    max_examples=settings.default.max_examples,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_flipped_bit_of_an_export_is_found(exported: Path, data: st.DataObject) -> None:
    with one_bit_flipped(exported / data.draw(st.sampled_from(FILES)), data):
        assert check_export(exported)[2]


def last_row() -> JournalRow:
    row = JournalRow.objects.filter(kind="presence", chain__user_id=LEARNER).order_by("pk").last()
    assert row is not None
    return row


@committed
@settings(
    max_examples=settings.default.max_examples // 6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_flipped_bit_of_a_row_is_found(two_days: None, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(list(JournalRow.objects.order_by("pk"))))
    column = data.draw(st.sampled_from(["content", "hash"]))
    content = bytes(getattr(row, column))
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    altered = bytearray(content)
    altered[bit // 8] ^= 1 << bit % 8
    tamper(f"UPDATE {ROW} SET {column} = %s WHERE id = %s", bytes(altered), row.pk)
    try:
        status, told = run("utop_verify_journal")
        assert status == 1
        assert f"chaîne {row.chain_id}, ligne {row.position}" in told
    finally:
        tamper(f"UPDATE {ROW} SET {column} = %s WHERE id = %s", content, row.pk)


def statuses(*arguments: str) -> str:
    status, told = run("utop_verify_journal", *arguments)
    assert status == 1
    return told


@committed
@pytest.mark.usefixtures("two_days")
def test_a_row_removed_from_the_middle() -> None:
    tamper(f"DELETE FROM {ROW} WHERE id = %s", JournalRow.objects.filter(chain__user_id=LEARNER, position=0)[0].pk)
    assert "ligne 0 : absente" in statuses()


@committed
@pytest.mark.usefixtures("two_days")
def test_a_row_removed_from_the_end() -> None:
    tamper(f"DELETE FROM {ROW} WHERE id = %s", last_row().pk)
    told = statuses()
    assert "sceau 2" in told
    assert "n’est plus" not in told


@committed
@pytest.mark.usefixtures("two_days")
def test_two_rows_that_changed_places() -> None:
    first, second = JournalRow.objects.filter(chain__user_id=8).order_by("position")
    tamper(f"UPDATE {ROW} SET position = 99 WHERE id = %s", first.pk)
    tamper(f"UPDATE {ROW} SET position = 0 WHERE id = %s", second.pk)
    tamper(f"UPDATE {ROW} SET position = 1 WHERE id = %s", first.pk)
    assert f"chaîne {first.chain_id}, ligne 0 : déplacée" in statuses()


@pytest.mark.usefixtures("two_days")
def test_a_live_record_that_was_changed_or_removed() -> None:
    presence, other = Presence.objects.order_by("pk")[:2]
    Presence.objects.filter(pk=presence.pk).update(end=presence.end + timedelta(seconds=1))
    Presence.objects.filter(pk=other.pk).delete()
    told = statuses()
    assert f"presence {presence.pk} diffère" in told
    assert f"presence {other.pk} n’est plus" in told


@pytest.mark.usefixtures("two_days")
def test_a_live_record_that_only_claims_to_be_in_the_journal() -> None:
    for learner in (LEARNER, 99):
        claimed = present(30_000, learner=learner)
        Presence.objects.filter(pk=claimed.pk).update(journaled=True)
        assert f"presence {claimed.pk}, apprenant {learner}" in statuses()


def test_rows_of_an_export_that_changed_places_or_came_twice(exported: Path) -> None:
    path = exported / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    for changed in ([*lines[:1], lines[2], lines[1], *lines[3:]], [*lines[:3], *lines[2:]], lines[:-1], lines[1:]):
        path.write_bytes(b"".join(changed))
        assert check_export(exported)[2]


def test_a_seal_forged_with_another_key(exported: Path) -> None:
    path = exported / "seals.jsonl"
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    content = json.loads(lines[1]["seal"])
    forger = key_from_seed(new_seed())
    forged = seal_of({**content, "key": forger.multikey}, forger)
    for seal in (seal_of(content, forger), forged):
        path.write_bytes(b"".join(canonical(each) + b"\n" for each in (lines[0], seal)))
        assert "seal_forged" in {defect.code for defect in check_export(exported)[2]}
    # Who forges the keys too is found out by a seal that somebody kept.
    (exported / "keys.json").write_bytes(canonical([content["key"], forger.multikey]) + b"\n")
    assert check_export(exported)[2] == []
    published = [{"n": 2, "hash": lines[1]["hash"]}]
    assert {defect.code for defect in check_export(exported, published)[2]} == {"witness"}


def seal_of(content: dict[str, Any], key: SigningKey) -> dict[str, str]:
    text = canonical(content)
    signature = key.private.sign(SIGNED + text).hex()
    return {"seal": text.decode(), "hash": hashlib.sha256(text).hexdigest(), "signature": signature}


def test_a_journal_cut_short_with_its_last_seal_is_found_by_the_published_one(exported: Path, tmp_path: Path) -> None:
    published = Client().get("/utop/journal/seals.json").content
    kept = tmp_path / "seals.json"
    kept.write_bytes(published)
    assert main([str(exported), "--seals", str(kept)]) == 0
    journal, seals = exported / "journal.jsonl", exported / "seals.jsonl"
    seals.write_bytes(seals.read_bytes().splitlines(keepends=True)[0])
    lines = [line for line in journal.read_bytes().splitlines(keepends=True) if b'\\"seal\\":2' not in line]
    journal.write_bytes(b"".join(lines))
    assert main([str(exported)]) == 0
    assert main([str(exported), "--seals", str(kept)]) == 1


def test_the_checker_asks_for_no_more_than_the_auditor_has() -> None:
    tree = ast.parse(Path(check_journal.__file__).read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {alias.name for node in imported if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in imported if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= {*sys.stdlib_module_names, "cryptography"}

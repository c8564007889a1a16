"""One learner's evidence, without anyone else's, proven on the auditor's own machine."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openedx_utop.attendance.journal import api, rules
from openedx_utop.attendance.journal.check_journal import (
    beginning,
    canonical,
    check_export,
    climb,
    follow,
    listed,
    merkle_root,
)
from openedx_utop.attendance.models import Presence
from tests.attendance.conftest import LEARNER, course_key
from tests.attendance.journal.conftest import MORNING, one_bit_flipped, present, run

FILES = ("journal.jsonl", "seals.jsonl", "keys.json", "proofs.jsonl")


@pytest.fixture
def extract(two_days: None, tmp_path: Path, wednesday: time_machine.Traveller) -> Path:
    """What an auditor takes away of one learner, some of whose rows no seal covers yet."""
    wednesday.shift(timedelta(days=1))
    present(48 * 60, learner=8)
    present(48 * 60)
    settle()
    assert run("utop_verify_journal", "--learner", str(LEARNER), "--export", str(tmp_path / "extract"))[0] == 0
    return tmp_path / "extract"


def settle() -> None:
    """Enter without sealing."""
    now = MORNING + timedelta(days=3)
    assert sum(api.enter(api.day_to_seal(now), now=now)) == 2


def codes(folder: Path) -> set[str]:
    return {defect.code for defect in check_export(folder)[2]}


def test_it_holds_alone_and_tells_of_nobody_else(extract: Path) -> None:
    command = [sys.executable, "-I", str(extract / "check_journal.py"), str(extract), "--language", "fr"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONUTF8": "1"})
    assert done.returncode == 0, done.stdout + done.stderr
    # The learner's two courses, and what is said of each; the other learner has a chain too.
    assert "4 des 5 chaînes" in done.stdout
    assert f"{course_key()}  {LEARNER}  temps de connexion  0:40:00" in done.stdout
    heads = [json.loads(line) for line in (extract / "journal.jsonl").read_bytes().splitlines()]
    assert {line.get("learner") for line in heads if "chain" in line} == {None, LEARNER}
    others = Presence.objects.exclude(user_id=LEARNER).values_list("pk", flat=True)
    rows = [json.loads(line["row"]) for line in heads if "row" in line]
    told = {fact for row in rows if "presences" in row for fact, *_rest in listed(row)}
    assert told.isdisjoint(others)
    assert max(row["seal"] for row in rows) == 2


@settings(
    max_examples=settings.default.max_examples // 2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_flipped_bit_is_found(extract: Path, data: st.DataObject) -> None:
    with one_bit_flipped(extract / data.draw(st.sampled_from(FILES)), data):
        assert codes(extract)


def test_what_is_left_out_is_found(extract: Path) -> None:
    for name in ("journal.jsonl", "proofs.jsonl"):
        path = extract / name
        content = path.read_bytes()
        path.write_bytes(b"".join(content.splitlines(keepends=True)[:-1]))
        assert codes(extract) == {"no_proof"}
        path.write_bytes(content)
    (extract / "proofs.jsonl").unlink()
    assert "seal_root" in codes(extract)


def test_a_row_said_to_be_unsealed_is_refused(extract: Path) -> None:
    path = extract / "journal.jsonl"
    row = canonical({"kind": "other", "fact": 1, "n": 0, "seal": 3}).decode()
    last = max(json.loads(line).get("chain", 0) for line in path.read_bytes().splitlines())
    about = {"chain": last + 1, "course": "course-v1:a+b+c"}
    digest = follow(beginning("course-v1:a+b+c", None), row.encode())
    added = [canonical(about), canonical({"row": row, "hash": digest.hex()})]
    path.write_bytes(path.read_bytes() + b"".join(line + b"\n" for line in added))
    assert codes(extract) == {"unsealed", "no_proof"}


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70), st.data())
def test_a_path_leads_from_its_leaf_to_the_root_and_from_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    place, other = (data.draw(st.integers(0, len(leaves) - 1)) for _times in range(2))
    (path,) = rules.paths(leaves, [place])
    root = merkle_root(leaves)
    assert climb(leaves[place], place, len(leaves), path) == root
    if leaves[other] != leaves[place]:
        assert climb(leaves[other], place, len(leaves), path) != root

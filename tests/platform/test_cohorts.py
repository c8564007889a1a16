"""The traps of a real platform's cohorts. `UTOP_TEST_LMS` is the command that runs its `manage.py lms`."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest


def test_the_traps_of_cohorts() -> None:
    lms = os.environ.get("UTOP_TEST_LMS")
    if not lms:
        pytest.skip("No Open edX here: UTOP_TEST_LMS names no command.")
    script = (Path(__file__).parent / "cohort_traps.py").read_text(encoding="utf-8")
    done = subprocess.run([*shlex.split(lms), "shell"], input=script, capture_output=True, text=True, check=False)
    told = [line.removeprefix("TRAP ") for line in done.stdout.splitlines() if line.startswith("TRAP ")]
    assert len(told) == 10, done.stderr[-2000:]
    assert [line for line in told if not line.endswith(" ok")] == []

"""The traps of a real platform. `UTOP_TEST_LMS` is the command that runs its `manage.py lms`."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest


@pytest.mark.parametrize(("script", "traps"), [("cohort_traps.py", 10), ("author_traps.py", 2)])
def test_the_traps_of_a_platform(script: str, traps: int) -> None:
    lms = os.environ.get("UTOP_TEST_LMS")
    if not lms:
        pytest.skip("No Open edX here: UTOP_TEST_LMS names no command.")
    piped = (Path(__file__).parent / script).read_text(encoding="utf-8")
    done = subprocess.run([*shlex.split(lms), "shell"], input=piped, capture_output=True, text=True, check=False)
    told = [line.removeprefix("TRAP ") for line in done.stdout.splitlines() if line.startswith("TRAP ")]
    assert len(told) == traps, done.stderr[-2000:]
    assert [line for line in told if not line.endswith(" ok")] == []

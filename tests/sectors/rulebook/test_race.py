"""Operators who import at the same instant, in threads of a process of its own."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_imports_at_once_go_one_after_the_other_and_none_is_lost_or_doubled(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.sectors.rulebook.race", str(tmp_path / "race.sqlite3")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["203", "203", "1", "2", "3", "4"]

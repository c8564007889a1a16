"""Clicks at the same instant, in threads of a process of its own: the test database is not shared by threads."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def clicks(tmp_path: Path, *slugs: str) -> list[str]:
    command = [sys.executable, "-m", "tests.sectors.race", str(tmp_path / "race.sqlite3"), *slugs]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_the_same_sector_clicked_at_once_is_one_choice(tmp_path: Path) -> None:
    assert clicks(tmp_path, "sante") == ["1", "held"]


def test_two_sectors_clicked_at_once_leave_ranks_in_order_and_the_last_on_the_platform(tmp_path: Path) -> None:
    *ranks, group = clicks(tmp_path, "sante", "hotel")
    assert ranks == [str(rank) for rank in range(1, len(ranks) + 1)]
    assert len(ranks) >= 2
    assert group == "held"

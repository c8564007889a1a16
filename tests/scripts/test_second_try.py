"""What failed by accident is run once more and named; what fails twice has failed."""

import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
SUITE = """
from pathlib import Path

def test_right():
    pass

def test_unlucky():
    tried = Path(__file__).with_name("tried")
    before = tried.exists()
    tried.touch()
    assert before

def test_wrong():
    assert False
"""


def test_what_failed_is_run_once_more(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    import everything

    monkeypatch.setattr(everything, "RESULTS", tmp_path / "results")
    suite = tmp_path / "test_suite.py"
    suite.write_text(SUITE)
    command = (sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", f"--rootdir={tmp_path}", str(suite))
    with (tmp_path / "output").open("w+") as output:
        outcome = everything._run(everything.Step("suite", command, tries=2), output)
    assert outcome == everything.Outcome(passed=2, failed=1, late=("test_suite.py::test_unlucky",))

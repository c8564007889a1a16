"""Run everything, then say in one line how it went. Called by `make test`, in the virtual environment."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from xml.etree import ElementTree as ET

import quality
from services import BROWSER, GETTEXT, MARIADB, REDIS, Service

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / ".test"
BIN = Path(sys.executable).parent
IN_CI = os.environ.get("CI") == "true"
# More than these is no accident.
FEW = 5
PYTEST = (sys.executable, "-m", "pytest")
HOST_NEEDED = ("--ignore=tests/demo", "--ignore=tests/browser")
QUIET = ("-q", "--tb=short")
ARGUMENTS = (*QUIET, "-n", "2", *HOST_NEEDED)


@dataclass(frozen=True)
class Step:
    """One run of pytest, and what it cannot do without; `tries` is 2 for what a busy machine may upset."""

    name: str
    command: tuple[str, ...]
    needs: tuple[Service, ...] = ()
    tries: int = 1


@dataclass(frozen=True)
class Outcome:
    """How many tests passed and failed, and the names of those that passed at the second try only."""

    passed: int
    failed: int
    late: tuple[str, ...] = ()


# Of tox.ini, with the Python that each needs.
NEWEST, OLDEST = ("py312-django52", "3.12"), ("py311-django42-mariadb", "3.11")
# One process after the other, beside the others' two: browsers mostly wait.
STEPS_BESIDE = (
    Step("browser, demo host", (*PYTEST, *QUIET, "tests/browser"), (BROWSER,), tries=2),
    Step("browser, the blocks' scripts", (*PYTEST, *QUIET, *HOST_NEEDED, "-m", "browser"), (BROWSER,), tries=2),
    Step("demo host", (*PYTEST, *QUIET, "tests/demo", "--ds=demo.settings")),
    Step("packaging", (*PYTEST, *QUIET, "-m", "packaging", "tests/packaging"), (GETTEXT,)),
)


def main() -> int:
    """Print a line per step at the end, and the sums as the very last line."""
    RESULTS.mkdir(exist_ok=True)
    versions = [_version(NEWEST), _version(OLDEST)]
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_prepare, [version for version in versions if version])
        print("── quality", flush=True)
        gates = quality.run()
    results = {"quality": Outcome(sum(gates.values()), len(gates) - sum(gates.values()))}
    with ThreadPoolExecutor(1) as pool:
        beside = [(step, pool.submit(_run_aside, step)) for step in STEPS_BESIDE]
        for step in _at_both_ends(*versions):
            print(f"\n── {step.name}", flush=True)
            results[step.name] = _run(step)
        for step, run in beside:
            results[step.name], output = run.result()
            print(f"\n── {step.name}\n{output}", flush=True)
    return _summary(results)


def _summary(results: dict[str, Outcome]) -> int:
    """What the process ends with."""
    print("\n── summary")
    for name, outcome in results.items():
        print(f"{name:<32}{outcome.passed:>6} passed{outcome.failed:>6} failed")
        for test in outcome.late:
            print(f"    passed at the second try only: {test}")
    passed = sum(outcome.passed for outcome in results.values())
    failed = sum(outcome.failed for outcome in results.values())
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def _run_aside(step: Step) -> tuple[Outcome, str]:
    """What it prints is kept until it has ended."""
    with TemporaryFile("w+") as output:
        outcome = _run(step, output)
        output.seek(0)
        return outcome, output.read()


def _run(step: Step, output: IO[str] | None = None) -> Outcome:
    """In a process of its own, so that a second try begins with new data, a new server and a new browser."""
    missing = [service.name for service in step.needs if service.missing()]
    if missing:
        print(f"not run: {' and '.join(missing)} missing (see the beginning)", flush=True)
        return Outcome(0, int(IN_CI))
    first = _attempt(step, output)
    failed = _failed(step)
    if step.tries == 1 or not 0 < len(failed) <= FEW:
        return first
    second = _attempt(step, output, "--last-failed")
    late = failed - _failed(step) if second.passed else frozenset()
    return Outcome(first.passed + second.passed, second.failed, tuple(sorted(late)))


def _attempt(step: Step, output: IO[str] | None, *arguments: str) -> Outcome:
    """A run that ends badly without a failed test counts as one."""
    report = RESULTS / f"{step.name.replace(' ', '-')}.xml"
    report.unlink(missing_ok=True)
    command = [*step.command, *arguments, f"--junitxml={report}", "-o", f"cache_dir={_cache(step)}"]
    status = subprocess.run(
        command, check=False, cwd=ROOT, stdout=output, stderr=output and subprocess.STDOUT
    ).returncode
    if not report.exists():
        return Outcome(0, 1)
    suites = ET.parse(report).getroot().findall("testsuite")  # noqa: S314 - pytest wrote it just now
    total, failed, skipped = (
        sum(int(suite.attrib[key]) for suite in suites for key in keys)
        for keys in (("tests",), ("failures", "errors"), ("skipped",))
    )
    return Outcome(total - failed - skipped, failed or int(status != 0))


def _cache(step: Step) -> Path:
    return RESULTS / f"{step.name.replace(' ', '-')}-cache"


def _failed(step: Step) -> frozenset[str]:
    """What pytest remembers of its last run."""
    memory = _cache(step) / "v" / "cache" / "lastfailed"
    return frozenset(json.loads(memory.read_text()) if memory.exists() else ())


def _version(wanted: tuple[str, str]) -> str:
    """Its name in tox.ini; empty, and said, where its Python is not here: that is no failure."""
    version, python = wanted
    found = subprocess.run([BIN / "uv", "python", "find", "--no-project", python], check=False, capture_output=True)
    if found.returncode == 0:
        return version
    print(f"{version} is not run: Python {python} is not here; to have it run, install python{python}\n")
    return ""


def _prepare(versions: list[str]) -> None:
    """Set up the environments, while the processors have other work; what goes wrong is told when they are used."""
    if versions:
        tox = [str(BIN / "tox"), "run-parallel", "-q", "--notest", "-e", ",".join(versions)]
        subprocess.run(tox, check=False, capture_output=True, cwd=ROOT)


def _at_both_ends(newest: str, oldest: str) -> tuple[Step, Step]:
    """Each database with one end of what the plugin runs on; with this environment where that end is not here."""
    tox = (str(BIN / "tox"), "run", "-q", "-e")
    on_sqlite = (*tox, newest, "--") if newest else PYTEST
    on_mariadb = (*tox, oldest, "--") if oldest else (sys.executable, "-m", "tests.services.mariadb", *PYTEST)
    return (
        Step(
            newest or "SQLite",
            (*on_sqlite, *ARGUMENTS, "-m", "not browser and not mariadb and not packaging"),
            (GETTEXT,),
        ),
        Step(
            oldest or "MariaDB",
            (*on_mariadb, *ARGUMENTS, "-m", "not browser and not packaging"),
            (MARIADB, REDIS, GETTEXT),
        ),
    )


if __name__ == "__main__":
    places = sorted(Path.home().glob(".pyenv/versions/3.1[12].*/bin"))
    os.environ["PATH"] = os.pathsep.join([*map(str, places), os.environ["PATH"]])
    sys.exit(main())

"""Run everything, then say in one line how it went. Called by `make test`, in the virtual environment."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
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
PYTEST = (sys.executable, "-m", "pytest", "-q", "--tb=short")
# More than these is no accident.
FEW = 5
HOST_NEEDED = ("--ignore=tests/demo", "--ignore=tests/browser")
PLAIN = ("-n", "2", *HOST_NEEDED, "-m", "not browser and not mariadb and not packaging")
MARIADB_RUN = (sys.executable, "-m", "tests.services.mariadb", *PYTEST, "-n", "2", *HOST_NEEDED)


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


# The oldest and the newest of tox.ini, on SQLite, each where its Python is.
VERSIONS = {"py311-django42": "3.11", "py312-django52": "3.12"}
# In the place of those two.
SQLITE = Step("SQLite", (*PYTEST, *PLAIN), (GETTEXT,))
ON_MARIADB = (
    Step("MariaDB", (*MARIADB_RUN, "-m", "not browser and not redis and not packaging"), (MARIADB, GETTEXT)),
    Step("Redis and MariaDB", (*MARIADB_RUN, "-m", "redis"), (REDIS, MARIADB)),
)
# One process each, so they run beside each other.
SINGLE_STEPS = (
    Step("demo host", (*PYTEST, "tests/demo", "--ds=demo.settings")),
    Step("packaging", (*PYTEST, "-m", "packaging", "tests/packaging"), (GETTEXT,)),
)
# They mostly wait for their browsers.
BROWSER_STEPS = (
    Step("browser, the blocks' scripts", (*PYTEST, *HOST_NEEDED, "-m", "browser"), (BROWSER,), tries=2),
    Step("browser, demo host", (*PYTEST, "tests/browser"), (BROWSER,), tries=2),
)


def main() -> int:
    """Print a line per step at the end, and the sums as the very last line."""
    RESULTS.mkdir(exist_ok=True)
    versions = _versions()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_prepare, versions)
        print("── quality", flush=True)
        gates = quality.run()
    results = {"quality": Outcome(sum(gates.values()), len(gates) - sum(gates.values()))}
    for step in (*_on_sqlite(versions), *ON_MARIADB):
        print(f"\n── {step.name}", flush=True)
        results[step.name] = _run(step)
    for steps in (SINGLE_STEPS, BROWSER_STEPS):
        print(f"\n── {' and '.join(step.name for step in steps)}", flush=True)
        results |= _run_together(steps)
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


def _run_together(steps: tuple[Step, ...]) -> dict[str, Outcome]:
    """What each of them says is printed once all have ended."""
    with ExitStack() as open_files, ThreadPoolExecutor(len(steps)) as pool:
        outputs = [open_files.enter_context(TemporaryFile("w+")) for _step in steps]
        results = dict(zip((step.name for step in steps), pool.map(_run, steps, outputs), strict=True))
        for step, output in zip(steps, outputs, strict=True):
            output.seek(0)
            print(f"\n── {step.name}\n{output.read()}", flush=True)
    return results


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


def _versions() -> list[str]:
    """Of tox.ini, those whose Python is here; not having both is no failure."""
    found = []
    for version, python in VERSIONS.items():
        if _has_python(python):
            found.append(version)
        else:
            print(f"{version} is not run: Python {python} is not here; to have it run, install python{python}\n")
    return found


def _prepare(versions: list[str]) -> None:
    """Set up the environments, while the processors have other work; what goes wrong is told when they are used."""
    if versions:
        tox = [str(BIN / "tox"), "run-parallel", "-q", "--notest", "-e", ",".join(versions)]
        subprocess.run(tox, check=False, capture_output=True, cwd=ROOT)


def _on_sqlite(versions: list[str]) -> list[Step]:
    """The versions at both ends; where one cannot be had, the environment's own in its place."""
    tox = (str(BIN / "tox"), "run", "-q", "-e")
    steps = [Step(version, (*tox, version, "--", *HOST_NEEDED), (GETTEXT,)) for version in versions]
    return steps if len(steps) == len(VERSIONS) else [SQLITE, *steps]


def _has_python(version: str) -> bool:
    found = subprocess.run([BIN / "uv", "python", "find", "--no-project", version], check=False, capture_output=True)
    return found.returncode == 0


if __name__ == "__main__":
    places = sorted(Path.home().glob(".pyenv/versions/3.1[12].*/bin"))
    os.environ["PATH"] = os.pathsep.join([*map(str, places), os.environ["PATH"]])
    sys.exit(main())

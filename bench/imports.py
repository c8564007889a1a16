"""Ten thousand companies from a file: the operator's own command, in a process of its own, on MariaDB, over HTTP.

The process is killed in the middle once, and started again.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stdnum import luhn

from bench.figures import Figure
from demo.fakes.companies import Company, Site
from demo.fakes.register import Register
from tests.services import mariadb

ROOT = Path(__file__).resolve().parent.parent
SHORT, LONG = 1_000, 10_000
# When what a process needs once is there.
WARM = 500
# The file in the middle of which the process is killed.
KILLED, KILLED_AT = 2_000, 800
TICKS = os.sysconf("SC_CLK_TCK")
MANAGE = (sys.executable, "-W", "ignore", "-m", "django")


@dataclass(frozen=True)
class Mark:
    """How far a process is: companies done, seconds of its processor, megabytes held."""

    done: int
    seconds: float
    megabytes: float


def figures() -> Iterator[Figure]:
    """Time and memory at ten thousand beside those at one thousand; what a kill in the middle costs."""
    companies = [_company(number) for number in range(LONG)]
    with mariadb.server() as port, Register(companies, rate=None) as register, _files(companies) as (file, killed):
        register.asked = deque(maxlen=2 * LONG)
        environment = {**os.environ, **mariadb.environment(port), **_settings(register.url)}
        _run(environment, "migrate", "--verbosity=0")
        marks = _marks(environment, file)
        few, many = (marks[number] for number in (SHORT, LONG))
        per_company = [(mark.seconds - marks[WARM].seconds) / (mark.done - WARM) for mark in (few, many)]
        print(f"  {per_company[0] * 1000:.1f} then {per_company[1] * 1000:.1f} ms a company", file=sys.stderr)
        print(f"  {few.megabytes:.1f} then {many.megabytes:.1f} MB", file=sys.stderr)
        yield Figure("imports.10000_companies_vs_10_x_1000", per_company[1] / per_company[0], 1.2, less_is_better=True)
        yield Figure("imports.10000_companies_memory", many.megabytes / few.megabytes, 1.1, less_is_better=True)
        yield from _killed(environment, killed, register)


def _killed(environment: dict[str, str], file: Path, register: Register) -> Iterator[Figure]:
    """A file into empty tables, killed without a warning, and given again."""
    _run(environment, "flush", "--no-input", "--verbosity=0")
    register.asked.clear()
    _marks(environment, file, killed_at=KILLED_AT)
    marks = _marks(environment, file)
    held = _run(environment, "shell", "--verbosity=0", "-c", COUNT).split()
    print(f"  after the kill {marks[KILLED_AT].seconds:.1f} s for what was known, then {held}", file=sys.stderr)
    astray = sum(abs(int(count) - KILLED) for count in held)
    yield Figure("imports.lost_or_doubled_after_a_kill", astray, 0, less_is_better=True)
    yield Figure("imports.asked_twice_after_a_kill", len(register.asked) - KILLED, 1, less_is_better=True)


# Companies, different numbers, answers kept, companies answered for.
COUNT = """
from openedx_utop.organizations.models import Employer, RegisterAnswer
found = Employer.objects.exclude(register_name="").exclude(fetched_at=None)
print(found.count(), found.values("siret").distinct().count(), RegisterAnswer.objects.count(),
      RegisterAnswer.objects.values("employer").distinct().count())
"""


def _marks(environment: dict[str, str], file: Path, *, killed_at: int = 0) -> dict[int, Mark]:
    """Where the command was each time it told how far it is."""
    marks = {}
    command = [*MANAGE, "utop_look_up_companies", str(file)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            first = line.split()[0].replace("\u202f", "")
            if first.isdigit():
                marks[int(first)] = _mark(process.pid, int(first))
            if killed_at and int(first) == killed_at:
                process.send_signal(signal.SIGKILL)
                break
    if not killed_at and process.returncode:
        raise RuntimeError(f"{command}: {process.returncode}")
    return marks


def _mark(pid: int, done: int) -> Mark:
    """As the kernel counts it."""
    times = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    seconds = (int(times[11]) + int(times[12])) / TICKS
    return Mark(done, seconds, int(pages) * os.sysconf("SC_PAGE_SIZE") / 1_000_000)


def _run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [*MANAGE, *arguments], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _settings(url: str) -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "bench.settings", "UTOP_BENCH_REGISTER": url, "PYTHONPATH": str(ROOT)}


@contextmanager
def _files(companies: list[Company]) -> Iterator[list[Path]]:
    """One with all the companies, one with so many of them that a kill in the middle is told."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{count}.csv" for count in (LONG, KILLED)]
        numbers = [f"Entreprise;{company.sites[0].siret}\n" for company in companies]
        for file, count in zip(files, (LONG, KILLED), strict=True):
            file.write_text("nom;siret\n" + "".join(numbers[:count]), encoding="utf-8")
        yield files


def _company(number: int) -> Company:
    """With a number whose check digits are right."""
    siren = _checked(f"{95_000_000 + number}")
    return Company(f"ENTREPRISE {number}", "55.10Z", (Site(_checked(f"{siren}0001"), ("1979",)),))


def _checked(digits: str) -> str:
    return digits + luhn.calc_check_digit(digits)

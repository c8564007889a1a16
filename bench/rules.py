"""What the operator's rules cost: a file ten times longer, a rulebook a hundred times larger, and a preview."""

import csv
import io
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date

from django.db import transaction

from bench.figures import Figure, per_second
from openedx_utop.organizations.models import Employer
from openedx_utop.sectors.api import ImportReport, define_sector, import_rules
from openedx_utop.sectors.impact import impact
from openedx_utop.sectors.models import Sector
from openedx_utop.sectors.rulebook.api import CompanyCodes, Rule, Rulebook
from openedx_utop.sectors.rulebook.changes import changes_of
from openedx_utop.sectors.rulebook.data import Table
from openedx_utop.sectors.rulebook.models import SectorRule

TODAY = date(2027, 1, 4)
SECTORS = tuple(f"bench-{number}" for number in range(40))
SHORT, LONG, LARGE = 1_000, 10_000, 20_000
COMPANIES = 10_000
ROUNDS = 3


def figures() -> Iterator[Figure]:
    """Per line, per company, and beside the SQL that cannot be done without."""
    for slug in SECTORS:
        define_sector(slug, name=slug)
    short, long = _import_seconds(SHORT), _import_seconds(LONG)
    print(f"  {LONG} lines in {long:.2f} s, {SHORT} in {short:.2f} s", file=sys.stderr)
    yield Figure("rules.import_10000_lines_vs_10_x_1000", long / (short * LONG / SHORT), 1.3, less_is_better=True)
    yield Figure("rules.import_vs_reading_and_inserting", long / _bare_seconds(), 4.0, less_is_better=True)
    yield Figure("rules.import_20000_lines_megabytes", _import_megabytes(), 10, less_is_better=True)
    yield Figure("rules.match_in_10000_rules_vs_in_100", _matches(100) / _matches(10_000), 1.5, less_is_better=True)
    yield Figure("rules.preview_10000_companies_vs_10_x_1000", _preview_ratio(), 1.3, less_is_better=True)


def _lines(count: int) -> list[str]:
    """Every line another rule: agreements in turn, each with the sectors one after the other."""
    return [f"idcc;{1 + number % 9000};{SECTORS[number // 9000]};2020-01-01;;Table du banc" for number in range(count)]


def _import_seconds(count: int) -> float:
    lines = _lines(count)
    return min(_undone(lambda: _imported(import_rules(lines, today=TODAY), count)) for _ in range(ROUNDS))


def _import_megabytes() -> float:
    """The most that an import holds at a time, the lines of its file included."""

    def run() -> None:
        _imported(import_rules((line for line in _lines(LARGE)), today=TODAY), LARGE)

    tracemalloc.start()
    _undone(run)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1_000_000


def _imported(report: ImportReport, count: int) -> None:
    if report.created != count:
        raise RuntimeError(report)


def _bare_seconds() -> float:
    """The same file cut into cells and inserted, with nothing checked."""
    text = "\n".join(_lines(LONG))
    sector_ids = dict(Sector.objects.values_list("slug", "pk"))

    def insert() -> None:
        cells = csv.reader(io.StringIO(text), delimiter=";")
        rows = [
            SectorRule(kind=kind, code=code, sector_id=sector_ids[slug], valid_from=first, source=source)
            for kind, code, slug, first, _last, source in cells
        ]
        SectorRule.objects.bulk_create(rows, batch_size=1_000)

    return min(_undone(insert) for _ in range(ROUNDS))


def _undone(action: Callable[[], object]) -> float:
    """The processor time of an action that is then rolled back: its database is in this process."""
    with transaction.atomic():
        started = time.process_time()
        action()
        elapsed = time.process_time() - started
        transaction.set_rollback(True)
    return elapsed


def _matches(count: int) -> float:
    rules = [Rule("idcc", f"{number % 9000:04d}", SECTORS[number // 9000], TODAY, None) for number in range(count)]
    rulebook = Rulebook(rules, [], day=TODAY)
    companies = [CompanyCodes((f"{number:04d}",), naf="55.10Z") for number in range(100)]
    return per_second(lambda: [rulebook.match(company) for company in companies], seconds=0.5)


def _preview_ratio() -> float:
    """Of ten times more companies, of which one in ten would be moved."""
    few = _preview_seconds(COMPANIES // 10)
    many = _preview_seconds(COMPANIES)
    print(f"  preview of {COMPANIES} companies {many:.2f} s", file=sys.stderr)
    return many / (few * 10)


def _preview_seconds(count: int) -> float:
    lines = ["idcc;1979;bench-0;2020-01-01"]
    companies = [
        Employer(siret=f"{number:014d}", idccs=["1979" if number % 10 == 0 else "1486"]) for number in range(count)
    ]

    def preview() -> None:
        found = impact(changes_of(lines, table=Table.SECTORS, today=TODAY), day=TODAY)
        if found.companies != count // 10:
            raise RuntimeError(found.companies)

    with transaction.atomic():
        Employer.objects.bulk_create(companies, batch_size=500)
        elapsed = min(_timed(preview) for _ in range(ROUNDS))
        transaction.set_rollback(True)
    return elapsed


def _timed(action: Callable[[], object]) -> float:
    started = time.process_time()
    action()
    return time.process_time() - started

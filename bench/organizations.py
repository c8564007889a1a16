"""What a company costs: from the cache beside the bare query, and in a list, whatever its length."""

import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import islice

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from bench.figures import Figure
from demo.fakes.companies import Company, Site
from demo.fakes.register import Register
from openedx_utop.organizations.api import look_up, look_up_each
from openedx_utop.organizations.models import Employer

ROUNDS = 200
WARM, SHORT, LONG = 20, 100, 400


def figures() -> Iterator[Figure]:
    """A look-up of a company that is known, then lists of two lengths over HTTP."""
    companies = [_company(number) for number in range(1 + WARM + SHORT + LONG)]
    with Register(companies, rate=None) as register:
        settings = {"UTOP_COMPANY_REGISTER_URL": register.url, "UTOP_COMPANY_REGISTER_RATE": 1_000_000}
        with override_settings(**settings):
            yield from _cached(companies[0].sites[0].siret)
            yield from _lists(companies)


def _cached(siret: str) -> Iterator[Figure]:
    """Our own milliseconds: what a look-up takes less what its query takes alone."""
    now = timezone.now()
    look_up(siret, now=now)
    ours = _best(lambda: look_up(siret, now=now))
    bare = _best(lambda: _row(siret))
    print(f"  look-up from cache {ours * 1000:.2f} ms, its bare SQL {bare * 1000:.2f} ms", file=sys.stderr)
    yield Figure("organizations.cached_own_ms", (ours - bare) * 1000, 5.0, less_is_better=True)


def _lists(companies: list[Company]) -> Iterator[Figure]:
    """Time per company in a list four times as long, and the memory that it takes beside the short one's."""
    sirets = iter([company.sites[0].siret for company in companies[1:]])
    _looked_up(list(islice(sirets, WARM)))
    short, short_peak = _looked_up(list(islice(sirets, SHORT)))
    long, long_peak = _looked_up(list(islice(sirets, LONG)))
    print(f"  list: {short / SHORT * 1000:.1f} then {long / LONG * 1000:.1f} ms a company", file=sys.stderr)
    yield Figure("organizations.list_time_growth", long / LONG / (short / SHORT), 1.2, less_is_better=True)
    yield Figure("organizations.list_memory_growth", long_peak / short_peak, 1.2, less_is_better=True)


def _looked_up(sirets: list[str]) -> tuple[float, float]:
    """Processor seconds, the register's own included, and peak bytes."""
    tracemalloc.start()
    started = time.process_time()
    done = sum(1 for line in look_up_each(enumerate(sirets, 1), clock=timezone.now) if line.status == "found")
    spent, (_now, peak) = time.process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    if done != len(sirets) or not Employer.objects.filter(siret=sirets[-1]).exists():
        raise RuntimeError(f"{done} of {len(sirets)}")
    return spent, peak


def _row(siret: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {Employer._meta.db_table} WHERE siret = %s LIMIT 1", [siret])  # noqa: S608
        cursor.fetchall()


def _best(action: Callable[[], object]) -> float:
    """The best of many rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return min(times)


def _company(number: int) -> Company:
    return Company(f"ENTREPRISE {number}", "55.10Z", (Site(f"{950_000_000 + number}00010", ("1979",)),))

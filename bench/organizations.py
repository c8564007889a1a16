"""What a company costs: from the cache beside the bare query, and in a list, whatever its length."""

import gc
import sys
import time
import tracemalloc
from collections import deque
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
SHORT, LONG = 50, 200


def figures() -> Iterator[Figure]:
    """A look-up of a company that is known, then lists of two lengths over HTTP."""
    companies = [_company(number) for number in range(1 + 3 * SHORT + 2 * LONG)]
    with Register(companies, rate=None) as register:
        register.asked = deque(maxlen=1)  # Its memory is not ours.
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
    _looked_up(list(islice(sirets, SHORT)))
    short, long = (_seconds(list(islice(sirets, length))) / length for length in (SHORT, LONG))
    print(f"  list: {short * 1000:.1f} then {long * 1000:.1f} ms a company", file=sys.stderr)
    yield Figure("organizations.list_time_growth", long / short, 1.2, less_is_better=True)
    short_peak, long_peak = (_peak(list(islice(sirets, length))) for length in (SHORT, LONG))
    # What is kept in memory line by line would give four.
    yield Figure("organizations.list_memory_growth", long_peak / short_peak, 1.5, less_is_better=True)


def _seconds(sirets: list[str]) -> float:
    """Of the processor, the register's own included."""
    started = time.process_time()
    _looked_up(sirets)
    return time.process_time() - started


def _peak(sirets: list[str]) -> float:
    """The most bytes held at a time, garbage aside."""
    tracemalloc.start()
    held = 0
    try:
        for line in look_up_each(enumerate(sirets, 1), clock=timezone.now):
            if line.line % 25 == 0:
                gc.collect()
                held = max(held, tracemalloc.get_traced_memory()[0])
        return held
    finally:
        tracemalloc.stop()


def _looked_up(sirets: list[str]) -> None:
    done = sum(1 for line in look_up_each(enumerate(sirets, 1), clock=timezone.now) if line.status == "found")
    if done != len(sirets) or not Employer.objects.filter(siret=sirets[-1]).exists():
        raise RuntimeError(f"{done} of {len(sirets)}")


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

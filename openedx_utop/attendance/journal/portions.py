"""The chains checked in portions, by several processes at once where that is worth it."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from typing import Any

from django.db import connection, connections
from django.db.models import Max

from openedx_utop.attendance.journal.check_journal import Defect, Found
from openedx_utop.attendance.journal.models import NO_LEARNER, JournalChain
from openedx_utop.attendance.journal.verifying import LiveChecker, check_chains, read_chains

# Fewer are read faster than a process starts.
FEWEST_CHAINS = 500


def check_in_portions(checker: LiveChecker, processes: int | None) -> Iterator[Defect]:
    """What `check_chains` tells of the whole journal, with as many processes as there are processors by default."""
    processes = processes or os.cpu_count() or 1
    portions = _portions(processes)
    processes = min(processes, len(portions))
    if processes < 2 or not _can_be_shared():
        yield from check_chains(checker)
        return
    # Those of the courses are read first, for all name their places; they are checked in their turn like any other.
    scout = LiveChecker(checker.last_seal)
    for chain in (chain for some in read_chains(user_id=NO_LEARNER) for chain in some):
        list(scout.chain(chain.number, chain.course, None, chain.kept))
    # A connection must not be used by two processes.
    connections.close_all()
    checkers = [LiveChecker(checker.last_seal, scout.places) for _portion in portions]
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        for found, compared, defects in pool.map(_check, checkers, portions):
            checker.add(found)
            checker.compared += compared
            yield from defects


def _portions(processes: int) -> list[dict[str, Any]]:
    """Several for each process: chains are not all as long."""
    last = JournalChain.objects.aggregate(last=Max("pk"))["last"] or 0
    bounds = [*range(0, last, max(FEWEST_CHAINS, last // (4 * processes) + 1)), last]
    return [{"pk__gt": after, "pk__lte": until} for after, until in pairwise(bounds)]


def _can_be_shared() -> bool:
    """Whether another process would see the same journal: not what lies in memory or is not committed."""
    is_in_memory = getattr(connection, "is_in_memory_db", bool)
    return hasattr(os, "fork") and not is_in_memory() and not connection.in_atomic_block


def _check(checker: LiveChecker, portion: dict[str, Any]) -> tuple[Found, int, list[Defect]]:
    try:
        defects = list(check_chains(checker, **portion))
        return checker.found(), checker.compared, defects
    finally:
        connections.close_all()

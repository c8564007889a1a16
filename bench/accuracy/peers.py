"""The published rules of others, on what their server's log holds; all in seconds."""

from collections.abc import Callable, Sequence
from itertools import pairwise

Rule = Callable[[Sequence[float]], float]


def block_dedication(log: Sequence[float]) -> float:
    """Moodle: from the first to the last click of a session, one hour without a click ends it; two minutes are none."""
    return sum(last - first for first, last in _sessions(log, 3600) if last - first > 120)


def attendanceregister(log: Sequence[float]) -> float:
    """Moodle: half an hour without a click ends a session, a quarter after its last click."""
    return sum(last + 900 - first for first, last in _sessions(log, 1800))


def use_stats(log: Sequence[float]) -> float:
    """Moodle: every gap of up to an hour; a quarter of an hour for a longer one, and after the last click.

    Its log also holds a keep-alive of every open page, each ten minutes.
    """
    gaps = [after - before for before, after in pairwise(log)]
    return sum(gap if gap <= 3600 else 900 for gap in gaps) + (900 if log else 0)


def edx2bigquery(log: Sequence[float]) -> float:
    """Of Open edX's logs: every gap of less than half an hour between two events."""
    return sum(after - before for before, after in pairwise(log) if after - before < 1800)


def ilias(log: Sequence[float]) -> float:
    """ILIAS: every gap of up to five minutes between two accesses to the learning module."""
    return sum(after - before for before, after in pairwise(log) if after - before <= 300)


def canvas(log: Sequence[float]) -> float:
    """Canvas: an access counts the time since the last recorded one if that is less than ten minutes.

    One that follows within two minutes is not recorded.
    """
    total, recorded = 0.0, None
    for instant in log:
        if recorded is not None and instant - recorded < 120:
            continue
        if recorded is not None and instant - recorded < 600:
            total += instant - recorded
        recorded = instant
    return total


def keep_alives(opened: Sequence[tuple[float, float]], every: float = 600) -> list[float]:
    """When pages that are open from one instant to another report by themselves."""
    return [start + every * count for start, end in opened for count in range(1, 1 + int((end - start) // every))]


def _sessions(log: Sequence[float], limit: float) -> list[tuple[float, float]]:
    """The first and the last click of each session; a gap longer than the limit separates two."""
    sessions: list[tuple[float, float]] = []
    for instant in log:
        if sessions and instant - sessions[-1][1] <= limit:
            sessions[-1] = (sessions[-1][0], instant)
        else:
            sessions.append((instant, instant))
    return sessions

"""From presences to the figures that people read: pure functions over intervals in milliseconds since 1970."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TypeVar

from openedx_utop.attendance.rules import Interval

# A connection ends once this long has passed without presence.
CONNECTION_BREAK_MS = 30 * 60_000

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

Part = TypeVar("Part", bound=Hashable)


def milliseconds(instant: datetime) -> int:
    """An instant on the scale of the rules."""
    return (instant - EPOCH) // MILLISECOND


def instant(value: int) -> datetime:
    """Back from the scale of the rules, in UTC."""
    return EPOCH + value * MILLISECOND


def day_start(value: int, zone: tzinfo) -> int:
    """The midnight before, in this time zone, on the scale of the rules."""
    return milliseconds(datetime.combine(instant(value).astimezone(zone).date(), datetime.min.time(), tzinfo=zone))


def merge_connections(presences: Iterable[Interval]) -> tuple[Interval, ...]:
    """Presences, in order of time, gathered into connections."""
    connections: list[Interval] = []
    for presence in presences:
        if connections and presence.start - connections[-1].end <= CONNECTION_BREAK_MS:
            connections[-1] = connections[-1]._replace(end=presence.end)
        else:
            connections.append(presence)
    return tuple(connections)


def by_week(presences: Iterable[Interval], zone: tzinfo) -> dict[date, int]:
    """Milliseconds per week, by its Monday in this time zone; a presence over Sunday midnight is cut there."""
    weeks: defaultdict[date, int] = defaultdict(int)
    for presence in presences:
        for monday, length in _cut(presence, zone):
            weeks[monday] += length
    return dict(sorted(weeks.items()))


def _cut(presence: Interval, zone: tzinfo) -> Iterator[tuple[date, int]]:
    start = presence.start
    while start < presence.end:
        day = instant(start).astimezone(zone).date()
        monday = day - timedelta(days=day.weekday())
        following = datetime.combine(monday + timedelta(days=7), datetime.min.time(), tzinfo=zone)
        end = min(presence.end, milliseconds(following))
        yield monday, end - start
        start = end


def whole_seconds(parts: Mapping[Part, int]) -> dict[Part, int]:
    """Milliseconds to seconds, such that the parts add up exactly to the whole seconds of their sum."""
    seconds = {part: length // 1000 for part, length in parts.items()}
    missing = sum(parts.values()) // 1000 - sum(seconds.values())
    by_remainder = sorted(parts, key=lambda part: parts[part] % 1000, reverse=True)
    for part in by_remainder[:missing]:
        seconds[part] += 1
    return seconds

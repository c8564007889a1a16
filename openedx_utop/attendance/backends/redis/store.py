"""From entries of the stream to the database: one transaction per batch, which may be applied again at any time."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.attendance.backends.redis.ledger import Entry, Ledger, Row
from openedx_utop.attendance.models import LearnerClock, Presence, PresenceSource
from openedx_utop.attendance.rules import Parameters
from openedx_utop.attendance.summary import instant, milliseconds

course_key_of = lru_cache(maxsize=1024)(CourseKey.from_string)
usage_key_of = lru_cache(maxsize=8192)(UsageKey.from_string)


@dataclass(frozen=True)
class Batch:
    """What was read from the stream together, in its order; learners to forget come after their entries."""

    entries: Sequence[Entry]
    forgotten: Collection[int] = ()


def store(batch: Batch, parameters: Parameters, *, now: int) -> set[tuple[int, str]]:
    """Apply a batch; returns the learners and courses that were credited something new.

    The learners' clocks stay locked meanwhile, so that no other drainer and no web worker goes on from what this
    one is about to change.
    """
    with transaction.atomic():
        clocks = _locked_clocks({entry.user_id for entry in batch.entries})
        ledgers = {user_id: Ledger(clock.frontier_ms, clock.clients) for user_id, clock in clocks.items()}
        for user_id, row in _rows_since_start(batch.entries):
            ledgers[user_id].rows.append(row)
        credited = {
            (entry.user_id, entry.course) for entry in batch.entries if ledgers[entry.user_id].add(entry, now=now)
        }
        _write_rows(ledgers)
        _write_clocks(clocks, ledgers, parameters)
        LearnerClock.objects.filter(user_id__in=batch.forgotten).delete()
    return credited


def _locked_clocks(user_ids: Collection[int]) -> dict[int, LearnerClock]:
    """The clocks of these learners, those who have none included."""
    clocks = _lock(user_ids)
    if missing := user_ids - clocks.keys():
        new = [LearnerClock(user_id=user_id, frontier_ms=0, clients={}) for user_id in sorted(missing)]
        LearnerClock.objects.bulk_create(new, ignore_conflicts=True)
        clocks |= _lock(missing)
    return clocks


def _lock(user_ids: Collection[int]) -> dict[int, LearnerClock]:
    # In one order, so that two drainers never wait for each other.
    rows = LearnerClock.objects.filter(user_id__in=user_ids).order_by("user_id").select_for_update()
    return {clock.user_id: clock for clock in rows}


def _rows_since_start(entries: Sequence[Entry]) -> Iterator[tuple[int, Row]]:
    """The presences that these entries may touch."""
    starts = [span.start for entry in entries for span in (entry.credit, *entry.caught_up) if span]
    if not starts:
        return
    user_ids = {entry.user_id for entry in entries}
    found = Presence.objects.filter(user_id__in=user_ids, end__gte=instant(min(starts))).values_list(
        "user_id", "course_key", "module_key", "unit_key", "client", "start", "end", "source", "id"
    )
    for user_id, course, module, unit, client, start, end, source, identifier in found:
        place = (str(course), str(module), str(unit), client)
        is_offline = source == PresenceSource.OFFLINE
        yield user_id, Row(*place, milliseconds(start), milliseconds(end), is_offline, identifier)


def _write_rows(ledgers: Mapping[int, Ledger]) -> None:
    rows = [(user_id, row) for user_id, ledger in ledgers.items() for row in ledger.rows]
    Presence.objects.bulk_create([_presence(user_id, row) for user_id, row in rows if row.id is None])
    prolonged = [_presence(user_id, row) for user_id, row in rows if row.is_changed and row.id is not None]
    _upsert(Presence, prolonged, key="id", fields=["end"])


def _presence(user_id: int, row: Row) -> Presence:
    return Presence(
        id=row.id,
        user_id=user_id,
        course_key=course_key_of(row.course),
        module_key=usage_key_of(row.module),
        unit_key=usage_key_of(row.unit),
        client=row.client,
        start=instant(row.start),
        end=instant(row.end),
        source=PresenceSource.OFFLINE if row.is_offline else PresenceSource.LIVE,
    )


def _write_clocks(clocks: Mapping[int, LearnerClock], ledgers: Mapping[int, Ledger], parameters: Parameters) -> None:
    for user_id, clock in clocks.items():
        ledger = ledgers[user_id]
        ledger.forget_old_tabs(parameters)
        clock.frontier_ms, clock.clients, clock.version = ledger.frontier, ledger.clients, clock.version + 1
    _upsert(LearnerClock, list(clocks.values()), key="user_id", fields=["frontier_ms", "clients", "version"])


def _upsert(model: type[LearnerClock] | type[Presence], rows: list[Any], *, key: str, fields: list[str]) -> None:
    """Write many rows that exist in one statement; MySQL finds the key by itself and refuses to be told."""
    target = [key] if connection.features.supports_update_conflicts_with_target else None
    model._default_manager.bulk_create(rows, update_conflicts=True, update_fields=fields, unique_fields=target)

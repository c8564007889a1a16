"""From entries of the stream to the database: one transaction per batch, which may be applied again at any time."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import index
from typing import Any

from django.db import DatabaseError, connection, transaction

from openedx_utop.attendance.backends.forgotten import last_ends
from openedx_utop.attendance.backends.redis.ledger import Entry, Ledger, Row
from openedx_utop.attendance.models import LearnerClock, Presence, PresenceSource
from openedx_utop.attendance.places import place_numbers
from openedx_utop.attendance.rules import Parameters, client_tag
from openedx_utop.attendance.summary import instant, milliseconds

PRESENCE = ("user_id", "place_id", "client", "start", "end", "source", "journaled")
CLOCK = ("user_id", "frontier_ms", "clients", "version")


@dataclass(frozen=True)
class Batch:
    """What was read from the stream together, in its order; learners to forget come after their entries."""

    entries: Sequence[Entry]
    forgotten: Collection[int] = ()


def store(batch: Batch, parameters: Parameters) -> set[tuple[int, str]]:
    """Apply a batch; returns the learners and courses that were credited something new.

    The learners' clocks stay locked meanwhile, so that no other drainer and no web worker goes on from what this
    one is about to change.
    """
    if not batch.entries and not batch.forgotten:
        return set()
    user_ids = {index(entry.user_id) for entry in batch.entries}
    _make_clocks(user_ids)
    places = place_numbers({entry.keys for entry in batch.entries})
    with transaction.atomic():
        ledgers = _locked_ledgers(user_ids)
        if len(ledgers) < len(user_ids):
            raise DatabaseError("A learner was forgotten just now: the batch is to be tried again.")
        # A clock made just now may be that of somebody whose clock was forgotten, but whose presences were not.
        for user_id, end in last_ends([user_id for user_id in user_ids if not ledgers[user_id].frontier]).items():
            ledgers[user_id].frontier = end
        for user_id, row in _rows_since_start(batch.entries):
            ledgers[user_id].rows.append(row)
        credited = {
            (entry.user_id, entry.keys[0])
            for entry in batch.entries
            if ledgers[entry.user_id].add(entry, places[entry.keys])
        }
        _write_rows(ledgers)
        _write_clocks(ledgers, parameters)
        if batch.forgotten:
            LearnerClock.objects.filter(user_id__in=batch.forgotten).delete()
    return credited


def _make_clocks(user_ids: Collection[int]) -> None:
    """For who has none; apart, since two drainers that both wait to lock what they both made would wait for ever."""
    known = set(LearnerClock.objects.filter(user_id__in=user_ids).values_list("user_id", flat=True))
    new = [(user_id, 0, "{}", 1) for user_id in sorted(set(user_ids) - known)]
    with transaction.atomic():
        # Another drainer may be making the same: what it made stays.
        _insert(LearnerClock, CLOCK, new, replacing=CLOCK[:1])


def _locked_ledgers(user_ids: Collection[int]) -> dict[int, Ledger]:
    """The clocks of these learners as ledgers without presences."""
    # In one order, so that two drainers never wait for each other.
    clocks = LearnerClock.objects.filter(user_id__in=user_ids).order_by("user_id").select_for_update()
    return {user_id: Ledger(*state) for user_id, *state in clocks.values_list(*CLOCK)}


def _rows_since_start(entries: Sequence[Entry]) -> Iterator[tuple[int, Row]]:
    """The presences that these entries may touch."""
    starts = [span.start for entry in entries for span in (entry.credit, *entry.caught_up) if span]
    if not starts:
        return
    user_ids = {entry.user_id for entry in entries}
    # Locked, so that none enters the journal before it is prolonged.
    found = Presence.objects.select_for_update().filter(user_id__in=user_ids, end__gte=instant(min(starts)))
    for user_id, place, client, start, end, source, journaled, identifier in found.values_list(*PRESENCE, "id"):
        is_offline = source == PresenceSource.OFFLINE
        span = milliseconds(start), milliseconds(end)
        yield user_id, Row(place, client_tag(client), *span, is_offline, journaled, identifier)


def _write_rows(ledgers: Mapping[int, Ledger]) -> None:
    rows = [(user_id, row) for user_id, ledger in ledgers.items() for row in ledger.rows]
    _insert(Presence, PRESENCE, (_fields(user_id, row) for user_id, row in rows if row.id is None))
    prolonged = ((row.id, *_fields(user_id, row)) for user_id, row in rows if row.is_changed and row.id is not None)
    _insert(Presence, ("id", *PRESENCE), prolonged, replacing=("end",))


def _fields(user_id: int, row: Row) -> tuple[Any, ...]:
    start, end = (connection.ops.adapt_datetimefield_value(instant(value)) for value in (row.start, row.end))
    source = PresenceSource.OFFLINE if row.is_offline else PresenceSource.LIVE
    return user_id, row.place, row.client, start, end, source.value, row.is_journaled


def _write_clocks(ledgers: Mapping[int, Ledger], parameters: Parameters) -> None:
    for ledger in ledgers.values():
        ledger.remember_tabs(parameters)
    rows = (
        (user_id, ledger.frontier, json.dumps(ledger.clients), ledger.version + 1)
        for user_id, ledger in ledgers.items()
    )
    _insert(LearnerClock, CLOCK, rows, replacing=CLOCK[1:])


def _insert(
    model: type[LearnerClock] | type[Presence],
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    replacing: Sequence[str] = (),
) -> None:
    """Many rows in few statements; of those whose key, the first column, is there, some columns are replaced."""
    quote = connection.ops.quote_name
    names, places = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608 - names of ours
    if replacing and connection.vendor == "mysql":
        statement += " ON DUPLICATE KEY UPDATE " + ", ".join(f"{quote(c)} = VALUES({quote(c)})" for c in replacing)
    elif replacing:
        changes = ", ".join(f"{quote(c)} = excluded.{quote(c)}" for c in replacing)
        statement += f" ON CONFLICT ({quote(columns[0])}) DO UPDATE SET {changes}"
    with connection.cursor() as cursor:
        if values := list(rows):
            cursor.executemany(statement, values)

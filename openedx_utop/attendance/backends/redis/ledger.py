"""What entries of the stream add to one learner's presences and clock: pure, whatever their order and number.

A second that is stored stays as it is; an entry adds what of it is not stored yet. So the same entry twice, entries
in any order, and entries beside beats that the database recorded by itself, all end in the same seconds.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from openedx_utop.attendance.rules import Interval, Parameters, client_tag

# A course, a subsection and a unit, as text.
Keys = tuple[str, str, str]


class Entry(NamedTuple):
    """What one beat led to; `extends`: the credit goes on from the tab's latest presence.

    `keys`: course, subsection and unit, as text. `tab`: the tab's state since, as JSON, for only the last one is read.
    """

    user_id: int
    keys: Keys
    client: str
    frontier: int
    credit: Interval | None
    extends: bool
    caught_up: tuple[Interval, ...]
    seq: int
    tab: bytes


@dataclass(slots=True)
class Row:
    """One presence, its place by number; `id` None if it is new; one that is in the journal stays as it is."""

    place: int
    client: str
    start: int
    end: int
    is_offline: bool = False
    is_journaled: bool = False
    id: int | None = None
    is_changed: bool = False


@dataclass(slots=True)
class Ledger:
    """One learner's clock, and the presences that end where the entries start or later.

    No presence ends after the frontier: what starts there needs no comparison.
    """

    frontier: int
    clients: dict[str, dict[str, Any]]
    version: int = 0
    rows: list[Row] = field(default_factory=list)
    newest: dict[str, Entry] = field(default_factory=dict)

    def add(self, entry: Entry, place: int) -> bool:
        """Add what is not there yet, `place` being the number of the entry's keys; whether that was anything."""
        added = False
        for span in entry.caught_up:
            added |= self._store(entry, place, span, is_offline=True)
        if entry.credit:
            added |= self._store(entry, place, entry.credit, is_offline=False)
        self.frontier = max(self.frontier, entry.frontier)
        latest = self.newest.get(entry.client)
        if latest is None or latest.seq < entry.seq:
            self.newest[entry.client] = entry
        return added

    def remember_tabs(self, parameters: Parameters) -> None:
        """As the entries left them; as many tabs, for as long, as the rule remembers. ValueError if they are not."""
        for client, entry in self.newest.items():
            if client not in self.clients or self.clients[client]["seq"] < entry.seq:
                state = json.loads(entry.tab)
                if state["seq"] != entry.seq:
                    raise ValueError("The tab's state is another beat's.")
                self.clients[client] = state
        newest = sorted(self.clients, key=lambda name: self.clients[name]["beat"], reverse=True)[: parameters.clients]
        since = self.clients[newest[0]]["beat"] - parameters.lease - parameters.silence
        self.clients = {name: self.clients[name] for name in newest if self.clients[name]["beat"] >= since}

    def _store(self, entry: Entry, place: int, span: Interval, *, is_offline: bool) -> bool:
        pieces = [span] if span.start >= self.frontier else uncovered(span, self.rows)
        client = client_tag(entry.client)
        for piece in pieces:
            row = self._open_row(place, client, piece.start) if entry.extends else None
            if row:
                row.end, row.is_changed = piece.end, True
            else:
                self.rows.append(Row(place, client, piece.start, piece.end, is_offline=is_offline))
        self.frontier = max(self.frontier, span.end)
        return bool(pieces)

    def _open_row(self, place: int, client: str, end: int) -> Row | None:
        for row in reversed(self.rows):
            if row.end == end and row.place == place and row.client == client and not row.is_offline:
                return None if row.is_journaled else row
        return None


def uncovered(span: Interval, rows: Iterable[Row]) -> list[Interval]:
    """The parts of a span that no row covers, in order."""
    pieces, start = [], span.start
    for row in sorted(rows, key=lambda row: row.start):
        if row.end <= start or row.start >= span.end:
            continue
        if row.start > start:
            pieces.append(Interval(start, row.start))
        start = max(start, row.end)
    return pieces if start >= span.end else [*pieces, Interval(start, span.end)]

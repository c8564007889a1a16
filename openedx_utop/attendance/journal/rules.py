"""How the journal writes what it holds: pure functions, which share their hashing with the auditor's own checker."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from openedx_utop.attendance.journal.check_journal import (
    NOTHING_BEFORE,
    canonical,
    follow,
    joined,
    leaf,
    merkle_root,
)

# The longest silence admitted is 40 minutes (600 s, four times over for accommodated learners), and what waits in a
# stream prolongs no presence that ended an hour ago: one that ended two hours ago is over.
CLOSED_AFTER_MS = 120 * 60_000

# The version of the method published in docs/method, by which connection time is counted.
METHOD = "1"
# How signs of life come if nothing is said of it.
IN_TIME = "live"
# The kinds of facts.
PLACE, PRESENCE, TOMBSTONE = "place", "presence", "tombstone"


class Head(NamedTuple):
    """Where a chain stands: how many rows it has, and the hash of the last."""

    rows: int
    hash: bytes


class Row(NamedTuple):
    """A row to add: `fact` is the number of the live record that it tells of, of the first one of several."""

    kind: str
    fact: int | None
    fields: Mapping[str, Any]


# A closed presence as the journal lists it: its number; that of its place, in the course's chain; start and end in
# milliseconds since 1970; the first characters of the tab; the source. A million come in a night: nothing but tuples.
Presence = tuple[int, int, int, int, str, str]


def closed_until(day_end: int, now: int) -> int:
    """The instant up to which a presence must have ended to enter the journal of a day that ended at `day_end`."""
    return min(day_end, now - CLOSED_AFTER_MS)


def place_row(unit: str, module: str, titles: Mapping[str, str]) -> Row:
    """A unit and its subsection, with their titles as shown that day."""
    titled = {"unit_title": titles.get(unit, ""), "module_title": titles.get(module, "")}
    return Row(PLACE, None, {"unit": unit, "module": module, **titled})


def first_fact(fields: Mapping[str, Any]) -> int | None:
    """The number of the live record that a row tells of, as its column has it."""
    if fields["kind"] != PRESENCE:
        return fields.get("fact")
    try:
        return int(fields["presences"][0][0])
    except (IndexError, KeyError, TypeError, ValueError):
        return None


def record_row(kind: str, fact: int, fields: Mapping[str, Any]) -> Row:
    """Any other fact, by the number of its live record."""
    return Row(kind, fact, {**fields, "fact": fact})


def append(head: Head, row: Row, *, seal: int) -> tuple[bytes, Head]:
    """The row's bytes, and where its chain stands with it; `seal` is the number of the seal to come."""
    content = canonical({**row.fields, "kind": row.kind, "n": head.rows, "seal": seal})
    return content, Head(head.rows + 1, follow(head.hash, content))


def append_presences(head: Head, presences: Sequence[Presence], *, seal: int) -> tuple[bytes, Head]:
    """The same for what one learner did in one course: `[number, place, start, length, tab, source]` of each presence.

    Number and start count on from number and end of the one before; tab and source are there where they differ from
    its. The canonical text is written out: nearly all rows are such, and it takes a third as long.
    """
    rows, before = head
    last, reached, tab, way = 0, 0, "", IN_TIME
    listed = []
    for number, place, start, end, client, source in presences:
        changed = ""
        if source != way:
            changed = f",{quoted(client)},{quoted(source)}"
        elif client != tab:
            changed = f",{quoted(client)}"
        listed.append(f"[{number - last},{place},{start - reached},{end - start}{changed}]")
        last, reached, tab, way = number, end, client, source
    content = (
        f'{{"kind":"{PRESENCE}","n":{rows},"presences":[{",".join(listed)}],"rule":"{METHOD}","seal":{seal},"v":2}}'
    ).encode()
    return content, Head(rows + 1, sha256(before + content).digest())


class Altered(ValueError):
    """The rows of a chain do not follow from each other."""


# The number of a seal, and how many rows a chain had then, with the hash of the last in hexadecimal.
Counted = list[tuple[int, int, str]]


def counted(before: bytes, kept: Iterable[tuple[bytes, bytes]]) -> Counted:
    """How each seal that found a chain longer counted it, from what its first row follows; raises Altered."""
    found: dict[int, tuple[int, str]] = {}
    for rows, (content, stored) in enumerate(kept, start=1):
        before = follow(before, content)
        if before != stored:
            raise Altered(rows)
        found[json.loads(content)["seal"]] = (rows, stored.hex())
    return [(seal, rows, head) for seal, (rows, head) in found.items()]


def seal_of(content: bytes) -> int:
    """The number of the seal that a row belongs to; 0 if it is no row any more, which the checker will tell."""
    try:
        return int(json.loads(content)["seal"])
    except (KeyError, TypeError, ValueError):
        return 0


def tombstone_row(chain: int, heads: Counted, *, at: int, years: int, by: str) -> Row:
    """What stays of a chain that is to be erased: how the seals counted it, when, after how many years, and by whom."""
    _seal, rows, head = heads[-1]
    fields = {"rows": rows, "head": head, "heads": [list(each) for each in heads], "at": at, "years": years, "by": by}
    return record_row(TOMBSTONE, chain, fields)


def is_kept_long_enough(last: date, years: int, today: date) -> bool:
    """Whether so many years have passed since the end of the year of the last day."""
    return today.year > last.year + years


def root(heads: Iterable[tuple[int, Head]]) -> str:
    """The Merkle root over the chains, by number and in the order in which they began."""
    return merkle_root([leaf(chain, rows, last) for chain, (rows, last) in heads]).hex()


def paths(leaves: list[bytes], places: Sequence[int]) -> list[list[bytes]]:
    """Of each of these places, the nodes beside the way from its leaf to the root."""
    found: list[list[bytes]] = [[] for _place in places]
    level, steps = leaves, 0
    while len(level) > 1:
        for place, path in zip(places, found, strict=True):
            beside = (place >> steps) ^ 1
            if beside < len(level):
                path.append(level[beside])
        level, steps = joined(level), steps + 1
    return found


def seal_content(
    *, number: int, day: str, at: int, before: bytes | None, merkle_root: str, rows: int, chains: int, key: str
) -> bytes:
    """What is signed for a day; `before` is the hash of the seal before, `at` in milliseconds since 1970."""
    fields = {"n": number, "day": day, "at": at, "root": merkle_root, "rows": rows, "chains": chains, "key": key}
    return canonical({**fields, "prev": before.hex() if before else NOTHING_BEFORE})

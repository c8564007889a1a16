"""The statements that every row of the journal passes through, as SQL that the four databases read alike.

The same through the ORM takes most of the time: a night has a million rows to read, write or check.
"""

from array import array
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any, cast

from django.db import connection
from django.utils.timezone import make_aware

from openedx_utop.attendance.summary import EPOCH, milliseconds

Values = Sequence[Any]

PRESENCE = '"id", "user_id", "place_id", "client", {start}, {end}, "source"'
# Milliseconds since 1970, counted by the database: the Python module of MySQL takes ten times as long to read a date.
COUNTED = {
    "mysql": f"TIMESTAMPDIFF(MICROSECOND, '{EPOCH:%Y-%m-%d}', \"{{}}\") DIV 1000",
    # Its own clock rounds parts of a second.
    "sqlite": 'strftime(\'%%s\', substr("{0}", 1, 19)) * 1000 + CAST(substr("{0}", 21, 3) AS INTEGER)',
}
WAITING = (
    'SELECT "id" FROM "openedx_utop_presence" WHERE "id" > %s AND "journaled" = %s AND "end" <= %s'
    ' ORDER BY "user_id", "id"'
)
FIRST_WAITING = 'SELECT MIN("id") FROM "openedx_utop_presence" WHERE "id" > %s AND "journaled" = %s'
LAST_PRESENCE = 'SELECT MAX("id") FROM "openedx_utop_presence"'
CLOSED = (
    'SELECT {fields} FROM "openedx_utop_presence" WHERE "id" IN ({numbers}) AND "journaled" = %s AND "end" <= %s'
    ' ORDER BY "user_id", "id"{for_update}'
)
ENTERED = 'SELECT {fields} FROM "openedx_utop_presence" WHERE "user_id" IN ({numbers}) AND "journaled" = %s'
MARK = 'UPDATE "openedx_utop_presence" SET "journaled" = %s WHERE "journaled" = %s AND "id" IN ({numbers})'
HEADS = (
    'SELECT c."id", c."user_id", c."course_key", r."position", r."hash" FROM "openedx_utop_journalchain" c'
    ' LEFT JOIN "openedx_utop_journalrow" r ON r."id" = (SELECT l."id" FROM "openedx_utop_journalrow" l'
    ' WHERE l."chain_id" = c."id" ORDER BY l."position" DESC LIMIT 1)'
    ' WHERE c."id" > %s AND c."id" <= %s ORDER BY c."id"'
)
LAST_CHAIN = 'SELECT MAX("id") FROM "openedx_utop_journalchain"'
CHAINS_AFTER = 'SELECT "id", "user_id", "course_key" FROM "openedx_utop_journalchain" WHERE "id" > %s ORDER BY "id"'
ROWS_AFTER = 'SELECT "chain_id", "position", "hash" FROM "openedx_utop_journalrow" WHERE "id" > %s ORDER BY "id"'
TOMBSTONES = 'SELECT "fact", "content" FROM "openedx_utop_journalrow" WHERE "kind" = %s ORDER BY "fact"'
LAST_ROW = 'SELECT MAX("id") FROM "openedx_utop_journalrow"'
ROWS = (
    'SELECT "chain_id", "position", "kind", "fact", "content", "hash" FROM "openedx_utop_journalrow"{by_place}'
    ' WHERE "chain_id" IN ({numbers}) ORDER BY "chain_id", "position"'
)
# MySQL would rather read the whole table for each portion, as long as it has some hundred thousand rows, and sort it.
BY_PLACE = ' FORCE INDEX ("utop_one_row_per_place")'
INSERT_ROWS = (
    'INSERT INTO "openedx_utop_journalrow" ("chain_id", "position", "kind", "fact", "content", "hash") VALUES '
)
INSERT_CHAINS = 'INSERT INTO "openedx_utop_journalchain" ("user_id", "course_key") VALUES '
ROWS_AT_ONCE = 1000


# A presence as the live table holds it: its number, learner, place by number, tab, start and end in milliseconds since
# 1970, source. A million of them are read in a night, so that they are nothing but tuples.
Live = tuple[int, int, int, str, int, int, str]


def waiting_presences(*, after: int, until: datetime) -> Sequence[int]:
    """The numbers of the presences after this one that ended by then and are not in the journal, learner by learner."""
    with connection.cursor() as cursor:
        cursor.execute(_quoted(WAITING), [after, False, connection.ops.adapt_datetimefield_value(until)])
        return array("q", (number for (number,) in cursor))


def first_waiting(*, after: int) -> int | None:
    """The first presence after this one that is not in the journal, be it over or not."""
    ((number,),) = _select(FIRST_WAITING, [after, False])
    return None if number is None else int(number)


def last_presence() -> int:
    """The number of the presence that was added last; 0 if there is none."""
    ((number,),) = _select(LAST_PRESENCE, [])
    return number or 0


def closed_presences(numbers: Sequence[int], *, until: datetime) -> list[Live]:
    """Those of these that still wait, in the same order; locked, so that none grows meanwhile."""
    locked = " FOR UPDATE" if connection.features.has_select_for_update else ""
    statement = CLOSED.format(fields=_presence(), numbers=_written(numbers), for_update=locked)
    return _presences(statement, [False, connection.ops.adapt_datetimefield_value(until)])


def entered_presences(learners: Sequence[int]) -> list[Live]:
    """The presences of these learners that are said to be in the journal."""
    if not learners:
        return []
    return _presences(ENTERED.format(fields=_presence(), numbers=_places(learners)), [*learners, True])


def mark_entered(numbers: Sequence[int]) -> int:
    """Say of these presences that the journal holds them; returns of how many it was not said before."""
    with connection.cursor() as cursor:
        cursor.execute(_quoted(MARK.format(numbers=_written(numbers))), [True, False])
        return int(cursor.rowcount)


def heads_between(number: int, last: int) -> list[Values]:
    """Number, learner, course, last place and last hash of the chains after the first of these, up to the last."""
    return _select(HEADS, [number, last])


def last_chain() -> int:
    """The number of the chain that was begun last; 0 if there is none."""
    ((number,),) = _select(LAST_CHAIN, [])
    return number or 0


def chains_after(number: int) -> list[Values]:
    """Number, learner and course of the chains that follow this one."""
    return _select(CHAINS_AFTER, [number])


def rows_after(number: int) -> list[Values]:
    """Chain, place and hash of the rows that were added after this one."""
    return _select(ROWS_AFTER, [number])


def tombstones() -> list[Values]:
    """Number and tombstone of the chains that are to be erased, or were, by number."""
    return _select(TOMBSTONES, ["tombstone"])


def last_row() -> int:
    """The number of the row that was added last, over all chains; 0 if there is none."""
    ((number,),) = _select(LAST_ROW, [])
    return number or 0


def rows_of(chains: Sequence[int]) -> list[Values]:
    """Chain, place, kind, live record, content and hash of their rows, in order."""
    by_place = BY_PLACE if connection.vendor == "mysql" else ""
    return _select(ROWS.format(by_place=by_place, numbers=_places(chains)), chains)


def insert_rows(rows: Sequence[Values]) -> None:
    """Add rows, given in the order of `rows_of`."""
    if connection.vendor != "mysql":
        _insert(INSERT_ROWS, "(%s, %s, %s, %s, %s, %s)", rows)
        return
    # Its Python module takes eight times as long to put values into their places.
    with connection.cursor() as cursor:
        for first in range(0, len(rows), ROWS_AT_ONCE):
            written = map(written_row, rows[first : first + ROWS_AT_ONCE])
            cursor.execute(_quoted(INSERT_ROWS) + ",".join(written))


def insert_chains(enrolments: Sequence[Values]) -> None:
    """Begin chains, given as learner and course."""
    _insert(INSERT_CHAINS, "(%s, %s)", enrolments)


def _insert(statement: str, row: str, rows: Sequence[Values]) -> None:
    """Many rows in one statement: row by row takes half as long again."""
    at_once = ROWS_AT_ONCE
    if rows and connection.features.max_query_params:
        at_once = min(at_once, connection.features.max_query_params // len(rows[0]))
    statement = _quoted(statement)
    with connection.cursor() as cursor:
        for first in range(0, len(rows), at_once):
            some = rows[first : first + at_once]
            cursor.execute(statement + ", ".join([row] * len(some)), list(chain.from_iterable(some)))


def written_row(row: Values) -> str:
    """A row as MySQL's statements have it; text in hexadecimal, in which nothing has to be escaped."""
    number, position, kind, fact, content, hashed = row
    told = "NULL" if fact is None else fact
    return f"({number},{position},X'{kind.encode().hex()}',{told},X'{content.hex()}',X'{hashed.hex()}')"


def _presence() -> str:
    """The columns of `Live`; `_presences` reads what the database does not count itself."""
    moment = COUNTED.get(connection.vendor, '"{}"') if connection.timezone is UTC else '"{}"'
    return PRESENCE.format(start=moment.format("start"), end=moment.format("end"))


def _presences(statement: str, values: Values) -> list[Live]:
    found = _select(statement, values)
    if found and type(found[0][4]) is int:
        return cast("list[Live]", found)
    clock = _clock()
    return [
        (pk, user_id, place, client, clock(start), clock(end), source)
        for pk, user_id, place, client, start, end, source in found
    ]


def _clock() -> Callable[[datetime], int]:
    """From what this database answers for an instant (local or not) to the scale of the rules."""
    zone = connection.timezone

    def since_1970(value: datetime) -> int:
        return milliseconds(value if value.tzinfo else make_aware(value, zone))

    return since_1970


def _select(statement: str, values: Values) -> list[Values]:
    with connection.cursor() as cursor:
        cursor.execute(_quoted(statement), values)
        return list(cursor.fetchall())


def _places(values: Values) -> str:
    return ", ".join(["%s"] * len(values))


def _written(numbers: Sequence[int]) -> str:
    """Written out: there are thousands, and the databases' modules take long to put them into their places."""
    return ", ".join(map(str, numbers))


def _quoted(statement: str) -> str:
    """With this database's quotes: `end` is a reserved word in some."""
    return statement.replace('"', "`") if connection.vendor == "mysql" else statement

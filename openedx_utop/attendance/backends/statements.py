"""The statements that every beat runs, as SQL that the four databases read alike.

The same through the ORM costs the web worker twenty times as much: it builds each one anew.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from openedx_utop.attendance.backends.forgotten import last_ends

READ_CLOCK = 'SELECT "frontier_ms", "clients", "version" FROM "openedx_utop_learnerclock" WHERE "user_id" = %s'
SWAP_CLOCK = (
    'UPDATE "openedx_utop_learnerclock" SET "frontier_ms" = %s, "clients" = %s, "version" = %s'
    ' WHERE "user_id" = %s AND "version" = %s'
)
PROLONG_PRESENCE = (
    # A learner's presences never overlap: no two end together, so that the one found is on the same unit.
    'UPDATE "openedx_utop_presence" SET "end" = %s WHERE "user_id" = %s AND "end" = %s AND "client" = %s'
    # What is in the journal no longer grows.
    ' AND NOT "journaled"'
)
# Both at once where the database can: a commit of its own, without a transaction to open and to close around it.
GO_ON = (
    "UPDATE `openedx_utop_learnerclock` AS `c` JOIN `openedx_utop_presence` AS `p` ON `p`.`user_id` = `c`.`user_id`"
    " SET `c`.`frontier_ms` = %s, `c`.`clients` = %s, `c`.`version` = %s, `p`.`end` = %s"
    " WHERE `c`.`user_id` = %s AND `c`.`version` = %s"
    " AND `p`.`end` = %s AND `p`.`client` = %s AND NOT `p`.`journaled`"
)


@dataclass
class Clock:
    """A learner's clock, as in the table; `version` 0 is not in the table yet."""

    user_id: int
    frontier_ms: int = 0
    clients: dict[str, dict[str, Any]] = field(default_factory=dict)
    version: int = 0


def read_clock(user_id: int) -> Clock:
    """The learner's clock; if there is none, a new one that stands where their last presence ends."""
    with connection.cursor() as cursor:
        cursor.execute(_quoted(READ_CLOCK, connection.vendor), [user_id])
        row = cursor.fetchone()
    if row is None:
        return Clock(user_id, last_ends([user_id]).get(user_id, 0))
    return Clock(user_id, row[0], json.loads(row[1]), row[2])


def swap_clock(clock: Clock) -> bool:
    """Write the clock as its next version; False if another beat did so first."""
    following = clock.version + 1
    return _changed(SWAP_CLOCK, [clock.frontier_ms, json.dumps(clock.clients), following, clock.user_id, clock.version])


def prolong_presence(user_id: int, client: str, end: datetime, later: datetime) -> bool:
    """Have the tab's presence which ends at `end` end later; False if it may not, or is not there."""
    before, after = (connection.ops.adapt_datetimefield_value(instant) for instant in (end, later))
    return _changed(PROLONG_PRESENCE, [after, user_id, before, client])


def go_on(clock: Clock, client: str, end: datetime, later: datetime) -> bool:
    """Write the clock and prolong the presence; False, and nothing is written, if either cannot be, or not at once."""
    if connection.vendor != "mysql":
        return False
    before, after = (connection.ops.adapt_datetimefield_value(instant) for instant in (end, later))
    clients, following = json.dumps(clock.clients), clock.version + 1
    return _changed(GO_ON, [clock.frontier_ms, clients, following, after, clock.user_id, clock.version, before, client])


def _changed(statement: str, values: list[Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_quoted(statement, connection.vendor), values)
        return bool(cursor.rowcount)


@lru_cache
def _quoted(statement: str, vendor: str) -> str:
    """With this database's quotes: `end` is a reserved word in some."""
    return statement.replace('"', "`") if vendor == "mysql" else statement

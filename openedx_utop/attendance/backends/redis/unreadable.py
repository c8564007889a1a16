"""Entries of the stream that nothing can be made of: set aside for the operator, so that the others go on."""

from typing import cast

from redis import Redis

from openedx_utop.attendance.backends.redis.line import Command, line_to
from openedx_utop.attendance.backends.redis.server import GROUP, STREAM

# A stream of its own. Nothing is thrown away of it, for it may be somebody's time: the operator empties it.
UNREADABLE = "{utop}:unreadable"
# What each has before the fields that it came with: where it was, and what is the matter with it, with their names.
HEADING = 4

PUT_BACK_AT_ONCE = 1_000


def set_aside(identifier: bytes, fields: list[bytes], error: Exception) -> list[Command]:
    """The commands that move an entry out of everybody's way, all or none of them."""
    heading = ("entry-id", identifier, "error", f"{type(error).__name__}: {error}")
    moved = ("XADD", UNREADABLE, "*", *heading, *fields)
    return [("MULTI",), moved, ("XACK", STREAM, GROUP, identifier), ("XDEL", STREAM, identifier), ("EXEC",)]


def count_unreadable(redis: Redis) -> int:
    """How many entries wait for the operator."""
    return cast("int", redis.xlen(UNREADABLE))


def put_back(redis: Redis) -> int:
    """Queue again, as they came, those that are set aside now, and say how many."""
    total, waiting, line = 0, count_unreadable(redis), line_to(redis)
    while total < waiting and (found := line.last_answer([_oldest(waiting - total)])):
        moved = [("XADD", STREAM, "*", *fields[HEADING:]) for _identifier, fields in found]
        gone = ("XDEL", UNREADABLE, *(identifier for identifier, _fields in found))
        line.last_answer([("MULTI",), *moved, gone, ("EXEC",)])
        total += len(found)
    return total


def _oldest(entries: int) -> Command:
    return "XRANGE", UNREADABLE, "-", "+", "COUNT", min(entries, PUT_BACK_AT_ONCE)

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

# What cannot be added, for want of room, is not taken away either.
MOVE = (
    "redis.call('XADD', KEYS[2], '*', unpack(ARGV, 3))"
    " redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])"
    " return redis.call('XDEL', KEYS[1], ARGV[2])"
)


def set_aside(identifier: bytes, fields: list[bytes], error: Exception) -> Command:
    """The command that moves an entry out of everybody's way, wholly or not at all."""
    heading = ("entry-id", identifier, "error", f"{type(error).__name__}: {error}")
    return ("EVAL", MOVE, 2, STREAM, UNREADABLE, GROUP, identifier, *heading, *fields)


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

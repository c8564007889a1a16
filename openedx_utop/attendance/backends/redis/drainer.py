"""The other side of the stream: read a batch, store it, then acknowledge it."""

import json
import logging
import os
import socket
from collections import defaultdict
from collections.abc import Iterable, Sequence
from threading import Event
from typing import Any, cast

from django.db import DataError, Error, IntegrityError, connections
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey
from redis import Redis
from redis.exceptions import RedisError, ResponseError

from openedx_utop.attendance.backends.redis.ledger import Entry
from openedx_utop.attendance.backends.redis.line import Command, line_to
from openedx_utop.attendance.backends.redis.server import GROUP, STREAM, configured_redis
from openedx_utop.attendance.backends.redis.store import Batch, store
from openedx_utop.attendance.backends.redis.unreadable import UNREADABLE, count_unreadable, put_back, set_aside
from openedx_utop.attendance.memory import collector_paused
from openedx_utop.attendance.rules import Interval, Parameters
from openedx_utop.events.signals import presence_credited

# A batch is what came within this many seconds, and this many entries at most.
INTERVAL = 5.0
BATCH_ENTRIES = 20_000
# Redis serves nobody else while it hands out as many, and beats do not wait for it long.
PORTION = 4_000
# What another drainer took and has not acknowledged for this long, in milliseconds, is taken over: it was killed.
ABANDONED_MS = 60_000
# Seconds. Nobody waits for the drainer: it may wait for Redis.
PATIENCE = 10.0

# In one command: each is answered before Redis looks at anybody else's.
ACKNOWLEDGED_AT_ONCE = 1_000

# Both or neither. A Redis whose memory is full queues nothing for EXEC, not even what makes room.
ACKNOWLEDGE = (
    "redis.call('XACK', KEYS[1], ARGV[1], unpack(ARGV, 2)) return redis.call('XDEL', KEYS[1], unpack(ARGV, 2))"
)

# What an entry's own content leads to. All else befalls the database or Redis, and is waited out.
ITS_OWN_FAULT = (
    *(ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError),
    *(InvalidKeyError, DataError, IntegrityError),
)

# Its identifier, and its fields' names and values.
Message = tuple[bytes, list[bytes]]

logger = logging.getLogger(__name__)


def configured_drainer(parameters: Parameters) -> "Drainer":
    """A drainer of the operator's Redis; raises UnsafeRedis if none is set."""
    return Drainer(configured_redis(patience=PATIENCE), parameters)


class Drainer:
    """One of as many as the operator runs; entries of one learner may go through several, in any order."""

    def __init__(
        self, redis: Redis, parameters: Parameters, *, abandoned: int = ABANDONED_MS, entries: int = BATCH_ENTRIES
    ) -> None:
        """`abandoned`: milliseconds; `entries`: of a batch, at most."""
        self._redis = redis
        self._parameters = parameters
        self._abandoned = abandoned
        self._entries = entries
        self._name = f"{socket.gethostname()}-{os.getpid()}"
        self._taken: list[Message] = []
        self._refused: list[tuple[Message, Exception]] = []

    def run(self, stopping: Event) -> None:
        """Drain until told to stop, whatever happens to Redis or the database meanwhile."""
        while not stopping.is_set():
            try:
                count = self.drain_batch()
            except (RedisError, Error) as error:
                logger.warning("Beats wait in the stream: %s", error)
                connections.close_all()
                count = 0
            if count < self._entries:
                stopping.wait(INTERVAL)

    def drain(self) -> int:
        """Store all there is now, and say how many entries that was; raises what Redis and the database raise."""
        total = 0
        while count := self.drain_batch():
            total += count - len(self._refused)
        return total

    def drain_batch(self) -> int:
        """Store what there is, then acknowledge it, and say how many entries there were.

        What the database could not take now is tried again by the next call, what it never will is set aside.
        """
        self._refused = []
        with collector_paused():
            if not self._taken:
                self._fill()
            count = len(self._taken)
            credited = self._store(self._taken)
            self._acknowledge()
        _announce(credited)
        self._set_aside()
        return count

    def put_back(self) -> int:
        """Queue again what is set aside, and say how many entries that was."""
        return put_back(self._redis)

    def count_unreadable(self) -> int:
        """How many entries are set aside, by whichever drainer."""
        return count_unreadable(self._redis)

    def _store(self, messages: list[Message]) -> set[tuple[int, str]]:
        """The learners and courses credited; where something is refused, by halves, until it is one entry alone."""
        try:
            return store(_batch(messages), self._parameters)
        except ITS_OWN_FAULT as error:
            if len(messages) == 1:
                self._refused.append((messages[0], error))
                return set()
            half = len(messages) // 2
            return self._store(messages[:half]) | self._store(messages[half:])

    def _fill(self) -> None:
        """Take portions until the batch is full, or one is not."""
        for start in range(0, self._entries, PORTION):
            asked = min(PORTION, self._entries - start)
            taken = self._read(asked)
            self._taken += taken
            if len(taken) < asked:
                break

    def _read(self, entries: int) -> list[Message]:
        """What a dead drainer left, else what is new: so many entries at most."""
        try:
            return self._claimed(entries) or self._new(entries)
        except ResponseError as error:
            if "NOGROUP" not in str(error):
                raise
            self._found_group()
            return self._new(entries)

    def _claimed(self, entries: int) -> list[Message]:
        command = ("XAUTOCLAIM", STREAM, GROUP, self._name, self._abandoned, "0-0", "COUNT", entries)
        messages: list[Any] = self._ask(command)[1]
        return [message for message in messages if message and message[1]]  # Redis 6 tells of those deleted meanwhile.

    def _new(self, entries: int) -> list[Message]:
        command = ("XREADGROUP", "GROUP", GROUP, self._name, "COUNT", entries, "STREAMS", STREAM, ">")
        streams = self._ask(command)
        return cast("list[Message]", streams[0][1]) if streams else []

    def _acknowledge(self) -> None:
        """And delete what was stored."""
        refused = {identifier for (identifier, _fields), _error in self._refused}
        identifiers = [identifier for identifier, _fields in self._taken if identifier not in refused]
        for first in range(0, len(identifiers), ACKNOWLEDGED_AT_ONCE):
            portion = identifiers[first : first + ACKNOWLEDGED_AT_ONCE]
            self._ask(("EVAL", ACKNOWLEDGE, 1, STREAM, GROUP, *portion))
        self._taken = []

    def _set_aside(self) -> None:
        """What was refused; if Redis has no room for it, it stays in the stream and is claimed like the dead's."""
        for (identifier, fields), error in self._refused:
            self._ask(set_aside(identifier, fields, error))
            logger.error("Entry %s of the beats is set aside in %s: %r", identifier.decode(), UNREADABLE, error)

    def _ask(self, *commands: Command) -> Any:
        """The last one's answer: what the client makes of so many takes longer than all else."""
        return line_to(self._redis).last_answer(commands)

    def _found_group(self) -> None:
        """From the first entry on; another drainer may be doing the same."""
        try:
            self._redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise


def _batch(messages: Sequence[Message]) -> Batch:
    told = [fields for _identifier, fields in messages if fields[0] == b"entry"]
    forgotten = [int(fields[1]) for _identifier, fields in messages if fields[0] == b"forget"]
    if len(told) + len(forgotten) < len(messages):
        raise ValueError("Neither a beat nor a learner to forget.")
    entries = json.loads(b"[%b]" % b",".join([fields[1] for fields in told]))
    return Batch([_entry(entry, fields[3]) for entry, fields in zip(entries, told, strict=True)], forgotten)


def _entry(fields: list[Any], tab: bytes) -> Entry:
    user_id, course, module, unit, client, frontier, start, end, extends, caught_up, seq = fields
    credit = Interval(start, end) if end else None
    spans = tuple(Interval(*span) for span in caught_up) if caught_up else ()
    return Entry(user_id, (course, module, unit), client, frontier, credit, extends, spans, seq, tab)


def _announce(credited: Iterable[tuple[int, str]]) -> None:
    learners: defaultdict[str, list[int]] = defaultdict(list)
    for user_id, course in credited:
        learners[course].append(user_id)
    for course, user_ids in learners.items():
        course_key = CourseKey.from_string(course)
        presence_credited.send_robust(sender=None, course_key=course_key, user_ids=tuple(sorted(user_ids)))

"""The other side of the stream: read a batch, store it, then acknowledge it."""

import json
import logging
import os
import socket
from collections.abc import Sequence
from threading import Event
from typing import Any, cast

from django.db import Error, connections
from opaque_keys.edx.keys import CourseKey
from redis import Redis
from redis.exceptions import RedisError, ResponseError

from openedx_utop.attendance.backends.redis.ledger import Entry
from openedx_utop.attendance.backends.redis.server import GROUP, STREAM, configured_redis
from openedx_utop.attendance.backends.redis.store import Batch, store
from openedx_utop.attendance.rules import Interval, Parameters
from openedx_utop.events.signals import presence_credited

# A batch is what came within this many seconds, and this many entries at most.
INTERVAL = 5.0
BATCH_ENTRIES = 10_000
# What another drainer took and has not acknowledged for this long, in milliseconds, is taken over: it was killed.
ABANDONED_MS = 60_000
# Seconds. Nobody waits for the drainer: it may wait for Redis.
PATIENCE = 10.0

Message = tuple[bytes, dict[bytes, bytes]]

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
            total += count
        return total

    def drain_batch(self) -> int:
        """Store and acknowledge what one reading gives; what could not be stored is tried again by the next call."""
        self._taken = self._taken or self._read()
        if not self._taken:
            return 0
        credited = store(_batch(self._taken), self._parameters)
        count, identifiers = len(self._taken), [identifier for identifier, _fields in self._taken]
        self._taken = []
        with self._redis.pipeline() as pipe:
            pipe.xack(STREAM, GROUP, *identifiers)
            pipe.xdel(STREAM, *identifiers)
            pipe.execute()
        keys = {course: CourseKey.from_string(course) for course in {course for _user_id, course in credited}}
        for user_id, course in credited:
            presence_credited.send_robust(sender=None, user_id=user_id, course_key=keys[course])
        return count

    def _read(self) -> list[Message]:
        """What a dead drainer left, else what is new."""
        try:
            return self._abandoned_messages() or self._new_messages()
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            self._found_group()
            return self._new_messages()

    def _found_group(self) -> None:
        """From the first entry on; another drainer may be doing the same."""
        try:
            self._redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise

    def _abandoned_messages(self) -> list[Message]:
        answer = self._redis.xautoclaim(STREAM, GROUP, self._name, self._abandoned, count=self._entries)
        return [message for message in cast("list[Any]", answer)[1] if message[1]]

    def _new_messages(self) -> list[Message]:
        answer = self._redis.xreadgroup(GROUP, self._name, {STREAM: ">"}, count=self._entries)
        return [message for _stream, messages in cast("list[Any]", answer) for message in messages]


def _batch(messages: Sequence[Message]) -> Batch:
    fields = [fields for _identifier, fields in messages]
    return Batch(
        # Read as one text: a thousand calls cost more than what they read.
        entries=[
            _entry(one) for one in json.loads(b"[%s]" % b",".join(one[b"entry"] for one in fields if b"entry" in one))
        ],
        forgotten={int(one[b"forget"]) for one in fields if b"forget" in one},
    )


def _entry(fields: dict[str, Any]) -> Entry:
    user_id, course, module, unit, client = fields["place"]
    return Entry(
        user_id,
        (course, module, unit),
        client,
        frontier=fields["frontier"],
        credit=Interval(*fields["credit"]) if fields["credit"] else None,
        extends=fields["extends"],
        caught_up=tuple(Interval(*span) for span in fields["caught_up"]),
        tab={"media": None, "open_end": None, **fields["tab"]},
    )

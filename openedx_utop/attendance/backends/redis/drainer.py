"""The other side of the stream: read a batch, store it, then acknowledge it."""

import json
import logging
import os
import socket
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple, cast

from django.db import Error, connections
from opaque_keys.edx.keys import CourseKey
from redis import Redis
from redis.exceptions import RedisError, ResponseError

from openedx_utop.attendance.backends.redis.ledger import Entry
from openedx_utop.attendance.backends.redis.server import GROUP, STREAM, configured_redis
from openedx_utop.attendance.backends.redis.store import Batch, store
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

TAKE, ACKNOWLEDGE = ((Path(__file__).parent / name).read_bytes() for name in ("take.lua", "acknowledge.lua"))

logger = logging.getLogger(__name__)


class Taken(NamedTuple):
    """What one reading of the stream gave, as `take.lua` answers it."""

    identifiers: bytes
    entries: bytes
    forgotten: bytes

    @property
    def size(self) -> int:
        """Of entries, and of learners to forget."""
        return len(self.identifiers.split())


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
        self._take, self._acknowledge = (redis.register_script(script) for script in (TAKE, ACKNOWLEDGE))
        self._taken: list[Taken] = []

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
        """Store what there is, then acknowledge it; what could not be stored is tried again by the next call."""
        if not self._taken:
            self._fill()
        if not self._taken:
            return 0
        with collector_paused():
            batch = _batch(self._taken)
            credited = store(batch, self._parameters)
        for taken in self._taken:
            self._acknowledge(keys=[STREAM], args=[GROUP, taken.identifiers])
        self._taken = []
        _announce(credited)
        return len(batch.entries) + len(batch.forgotten)

    def _fill(self) -> None:
        """Take portions until the batch is full, or one is not."""
        for start in range(0, self._entries, PORTION):
            asked = min(PORTION, self._entries - start)
            taken = self._read(asked)
            if taken.size:
                self._taken.append(taken)
            if taken.size < asked:
                break

    def _read(self, entries: int) -> Taken:
        """What a dead drainer left, else what is new: so many entries at most."""
        arguments: list[str | int] = [GROUP, self._name, self._abandoned, entries]
        try:
            return Taken(*cast("list[bytes]", self._take(keys=[STREAM], args=arguments)))
        except ResponseError as error:
            if "NOGROUP" not in str(error):
                raise
            self._found_group()
            return Taken(*cast("list[bytes]", self._take(keys=[STREAM], args=arguments)))

    def _found_group(self) -> None:
        """From the first entry on; another drainer may be doing the same."""
        try:
            self._redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise


def _batch(taken: Sequence[Taken]) -> Batch:
    entries = [_entry(fields) for portion in taken for fields in json.loads(portion.entries)]
    return Batch(entries, forgotten=[user_id for portion in taken for user_id in json.loads(portion.forgotten)])


def _entry(fields: dict[str, Any]) -> Entry:
    user_id, course, module, unit, client = fields["place"]
    return Entry(
        user_id,
        (course, module, unit),
        client,
        frontier=fields["frontier"],
        credit=Interval(*fields["credit"]) if fields["credit"] else None,
        extends=fields["extends"],
        caught_up=tuple(Interval(*span) for span in fields["caught_up"]) if fields["caught_up"] else (),
        tab={"media": None, "open_end": None, **fields["tab"]},
    )


def _announce(credited: Iterable[tuple[int, str]]) -> None:
    learners: defaultdict[str, list[int]] = defaultdict(list)
    for user_id, course in credited:
        learners[course].append(user_id)
    for course, user_ids in learners.items():
        course_key = CourseKey.from_string(course)
        presence_credited.send_robust(sender=None, course_key=course_key, user_ids=tuple(sorted(user_ids)))

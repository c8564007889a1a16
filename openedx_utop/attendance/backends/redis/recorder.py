"""The web's side: one round trip per beat, whose outcome waits in a stream for `utop_drain_beats`."""

import json
import math
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from redis import Redis
from redis.commands.core import Script
from redis.exceptions import RedisError

from openedx_utop.attendance.backends.direct import DirectRecorder, caught_up_today
from openedx_utop.attendance.backends.redis.server import STREAM, UnsafeRedis, circuit, configured_redis, state_key
from openedx_utop.attendance.backends.statements import read_clock
from openedx_utop.attendance.data import Lease, TooManyBeats
from openedx_utop.attendance.rules import Beat, Decision, Interval, Parameters, Status
from openedx_utop.attendance.summary import day_start
from openedx_utop.official_time import official_zone

SCRIPT = (Path(__file__).parent / "record.lua").read_bytes()
# A learner's state is kept in Redis for a day; the database's is as good once the stream is drained.
LIFETIME_SECONDS = 86_400


class RedisRecorder:
    """Decides in Redis; where that fails, the database takes over by itself, and what either knows is joined later."""

    def record(self, lease: Lease, client: str, beat: Beat, parameters: Parameters, *, now: int) -> Decision:
        """Account for one beat, at most a moment later than Redis allows."""
        try:
            redis = circuit.redis()
            if redis is not None:
                return record_in(redis, lease, client, beat, parameters, now=now)
        except (RedisError, UnsafeRedis) as error:
            circuit.rest(error)
        return DirectRecorder().record(lease, client, beat, parameters, now=now)

    def forget(self, user_id: int) -> None:
        """Forget the learner's running state, here and on its way to the database; raises RedisError if Redis is away.

        The stream's turn comes after what it holds already.
        """
        if settings.UTOP_REDIS_URL:
            redis = configured_redis(patience=settings.UTOP_REDIS_TIMEOUT_SECONDS)
            redis.xadd(STREAM, {"forget": user_id})
            redis.delete(state_key(user_id))
        DirectRecorder().forget(user_id)


def record_in(redis: Redis, lease: Lease, client: str, beat: Beat, parameters: Parameters, *, now: int) -> Decision:
    """The script's decision; it asks for the database's state if Redis has none, or one that others went on from."""
    midnight = day_start(now, official_zone())
    unit = str(lease.unit_key)
    place = json.dumps([lease.user_id, str(lease.course_key), str(lease.module_key), unit, client])
    arguments = [_parameters(parameters), place, unit, client, _beat(beat), now, midnight, LIFETIME_SECONDS]
    answer = _run(redis, lease.user_id, arguments)
    if answer == [b"unknown"]:
        answer = _run(redis, lease.user_id, [*arguments, known_state(lease.user_id, midnight=midnight, now=now)])
    return _decision(answer)


def known_state(user_id: int, *, midnight: int, now: int) -> str:
    """What the database knows of the learner, as the script reads it."""
    clock = read_clock(user_id)
    tabs = {name: _present(fields) for name, fields in clock.clients.items()}
    caught_up = caught_up_today(user_id, now)
    return json.dumps({"frontier": clock.frontier_ms, "day": midnight, "caught_up": caught_up, "tabs": tabs})


def _run(redis: Redis, user_id: int, arguments: list[Any]) -> list[Any]:
    return cast("list[Any]", _script(redis)(keys=[state_key(user_id), STREAM], args=arguments))


@lru_cache(maxsize=4)
def _script(redis: Redis) -> Script:
    """Called by its digest; its text is sent to a server that does not know it yet."""
    return redis.register_script(SCRIPT)


@lru_cache(maxsize=16)
def _parameters(parameters: Parameters) -> str:
    return json.dumps(asdict(parameters))


def _beat(beat: Beat) -> str:
    return json.dumps({**_fields(beat), "missed": [_fields(missed) for missed in beat.missed]})


def _fields(beat: Beat) -> dict[str, Any]:
    """What is absent is left out: Lua's `nil` is not JSON's `null`."""
    media = {"position": beat.media.position, "rate": beat.media.rate} if beat.media else None
    fields = {"seq": beat.seq, "quiet": beat.quiet, "input": beat.input, "elapsed": beat.elapsed}
    return _present({**fields, "appeared": beat.appeared, "media": media, "age": beat.age})


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _decision(answer: list[Any]) -> Decision:
    """The script's answer; raises TooManyBeats."""
    status, frontier = Status(answer[0].decode()), answer[1]
    if status is Status.LIMITED:
        raise TooManyBeats(math.ceil(answer[2] / 1000))
    if status is Status.DUPLICATE:
        return Decision(status, frontier)
    extends, start, end, *rest = answer[3:]
    return Decision(
        status,
        frontier,
        credit=Interval(start, end) if end else None,
        extends=bool(extends),
        caught_up=tuple(Interval(*span) for span in zip(rest[::2], rest[1::2], strict=True)),
    )

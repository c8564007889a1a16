"""The web's side: one round trip per beat, whose outcome waits in a stream for `utop_drain_beats`."""

import json
import math
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha1
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from redis import Redis
from redis.exceptions import NoScriptError, RedisError, ResponseError

from openedx_utop.attendance.backends.direct import DirectRecorder, caught_up_today
from openedx_utop.attendance.backends.redis.line import Command, line_to
from openedx_utop.attendance.backends.redis.server import STREAM, UnsafeRedis, circuit, configured_redis, state_key
from openedx_utop.attendance.backends.statements import read_clock
from openedx_utop.attendance.data import Report, TooManyBeats
from openedx_utop.attendance.rules import Beat, Decision, Interval, Parameters, Status
from openedx_utop.attendance.summary import day_start
from openedx_utop.official_time import official_zone

SCRIPT = (Path(__file__).parent / "record.lua").read_text()
QUARTER_MS = 15 * 60_000
STATUSES = {status.value.encode(): status for status in Status}


class RedisRecorder:
    """Decides in Redis; where that fails, the database takes over by itself, and what either knows is joined later."""

    def record(self, report: Report) -> Decision:
        """Account for one beat, at most a moment later than Redis allows."""
        try:
            redis = circuit.redis()
            if redis is not None:
                return record_in(redis, report)
        except (RedisError, UnsafeRedis) as error:
            circuit.rest(error)
        return DirectRecorder().record(report)

    def record_together(self, reports: Sequence[Report]) -> list[Decision | Exception | None]:
        """One round trip for all; None where Redis needs the database's help, or is not to be counted on."""
        try:
            redis = circuit.redis()
            if redis is not None:
                return [_outcome(answer) for answer in line_to(redis).ask([_command(report) for report in reports])]
        except (RedisError, UnsafeRedis) as error:
            circuit.rest(error)
        return [None] * len(reports)

    def forget(self, user_id: int) -> None:
        """Forget the learner's running state, here and on its way to the database; raises RedisError if Redis is away.

        The stream's turn comes after what it holds already.
        """
        if settings.UTOP_REDIS_URL:
            redis = configured_redis(patience=settings.UTOP_REDIS_TIMEOUT_SECONDS)
            redis.xadd(STREAM, {"forget": user_id})
            redis.delete(state_key(user_id))
        DirectRecorder().forget(user_id)


def record_in(redis: Redis, report: Report) -> Decision:
    """The script's decision; it asks for the database's state if Redis has none, or one that others went on from."""
    answer = _asked(redis, report)
    if answer == [b"unknown"]:
        answer = _asked(redis, report, _known_state(report))
    return _decision(answer)


def _asked(redis: Redis, report: Report, *known: str) -> list[Any]:
    """By the script's digest; its text is sent to a server that does not know it yet."""
    command, line = _command(report, *known), line_to(redis)
    [answer] = line.ask([command])
    if isinstance(answer, NoScriptError):
        _loaded, answer = line.ask([("SCRIPT", "LOAD", _script(report.parameters)[0]), command])
    if isinstance(answer, ResponseError):
        raise answer
    return cast("list[Any]", answer)


def _command(report: Report, *known: str) -> Command:
    lease, client, beat, parameters, now = report
    place = f'{lease.user_id},{_keys(lease.course, lease.module, lease.unit)},"{client}"'
    midnight = _midnight(now // QUARTER_MS, official_zone())
    return (
        *("EVALSHA", _script(parameters)[1], 2, state_key(lease.user_id), STREAM),
        *(now, midnight, place, lease.unit, client, *_fields(beat), *known),
    )


@lru_cache(maxsize=1024)
def _keys(*keys: str) -> str:
    return ",".join(map(json.dumps, keys))


@lru_cache(maxsize=4)
def _midnight(quarter: int, zone: ZoneInfo) -> int:
    """The midnight before; no zone's day starts within a quarter of an hour."""
    return day_start(quarter * QUARTER_MS, zone)


@lru_cache(maxsize=64)
def _script(parameters: Parameters) -> tuple[str, str]:
    """The rule with these parameters, and its digest: Redis reads them once rather than with every beat."""
    values = ", ".join(f"{name} = {value}" for name, value in vars(parameters).items())
    text = f"local parameters = {{{values}}}\n{SCRIPT}"
    return text, sha1(text.encode(), usedforsecurity=False).hexdigest()


def _fields(beat: Beat) -> list[str | int]:
    """What is absent is empty; what most beats have not goes as JSON, for which Lua needs longer."""
    seq, quiet, own_input, elapsed, appeared, media, missed, _age = beat
    others = [(each.seq, each.quiet, each.input, each.appeared, each.age) for each in missed]
    return [
        *(seq, quiet, "" if own_input is None else own_input, "" if elapsed is None else elapsed),
        *("1" if appeared else "", json.dumps(media) if media else "", json.dumps(others) if others else ""),
    ]


def _known_state(report: Report) -> str:
    """What the database knows of the learner, as the script reads it."""
    clock, midnight = read_clock(report.lease.user_id), _midnight(report.now // QUARTER_MS, official_zone())
    tabs = {name: _present(fields) for name, fields in clock.clients.items()}
    caught_up = caught_up_today(clock.user_id, report.now)
    return json.dumps({"frontier": clock.frontier_ms, "day": midnight, "caught_up": caught_up, "tabs": tabs})


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _outcome(answer: Any) -> Decision | TooManyBeats | None:
    """The decision or the refusal in one of several answers; None if it has to be asked for alone."""
    if isinstance(answer, ResponseError) or answer == [b"unknown"]:
        return None
    try:
        return _decision(answer)
    except TooManyBeats as refusal:
        return refusal


def _decision(answer: list[Any]) -> Decision:
    """The script's answer; raises TooManyBeats."""
    status, frontier = STATUSES[answer[0]], answer[1]
    if status is Status.LIMITED:
        raise TooManyBeats(math.ceil(answer[2] / 1000))
    if status is Status.DUPLICATE:
        return Decision(status, frontier)
    extends, start, end, *rest = answer[3:]
    caught_up = tuple(Interval(*span) for span in zip(rest[::2], rest[1::2], strict=True)) if rest else ()
    credit = Interval(start, end) if end else None
    return Decision(status, frontier, credit=credit, extends=bool(extends), caught_up=caught_up)

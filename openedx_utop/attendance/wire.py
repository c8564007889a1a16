"""What a beat looks like on the wire: JSON of a few hundred bytes, read without trusting any of it."""

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from openedx_utop.attendance.data import BodyTooLarge, MalformedBeat, NoLength, NotPosted
from openedx_utop.attendance.rules import Beat, Media

MAX_BODY_BYTES = 4096
CUT_SHORT = "cut short"
_CLIENT = re.compile(r"[A-Za-z0-9-]{8,36}")
_LARGEST = 2**53 - 1
_FASTEST_RATE = 16
_MOST_MISSED = 40


class Message(NamedTuple):
    """A beat as it came, with the tab it came from and the lease it shows."""

    lease: str
    client: str
    beat: Beat


def body(meta: Mapping[str, Any], read: Callable[[int], bytes]) -> bytes:
    """A request's body; raises what `declared_length` raises, and MalformedBeat if the connection breaks."""
    length = declared_length(meta)
    try:
        return read(length)
    except OSError as error:
        raise MalformedBeat(CUT_SHORT) from error


def declared_length(meta: Mapping[str, Any]) -> int:
    """How much of a body is to be read, never more than a beat may have; `meta` is named as in WSGI.

    Raises NotPosted, NoLength or BodyTooLarge.
    """
    if meta["REQUEST_METHOD"] != "POST":
        raise NotPosted
    if "HTTP_TRANSFER_ENCODING" in meta:
        raise NoLength
    declared = str(meta.get("CONTENT_LENGTH") or "0")
    # A number of thousands of digits is none for Python.
    length = int(declared[:16]) if declared.isdecimal() else 0
    if length > MAX_BODY_BYTES:
        raise BodyTooLarge
    return length


def parse_fields(body: bytes) -> dict[str, Any]:
    """The JSON object of a body, bounded in size."""
    if len(body) > MAX_BODY_BYTES:
        raise BodyTooLarge
    try:
        fields = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise MalformedBeat("not JSON") from error
    if not isinstance(fields, dict):
        raise MalformedBeat("not an object")
    return fields


def parse_beat(body: bytes) -> Message:
    """A beat, every field checked."""
    fields = parse_fields(body)
    told = fields.get
    elapsed, own_input = told("elapsed"), told("input")
    beat = Beat(
        _whole(told("seq"), "seq"),
        _whole(told("quiet"), "quiet"),
        None if own_input is None else _whole(own_input, "input"),
        None if elapsed is None else _whole(elapsed, "elapsed"),
        told("appeared") is True,
        _media(told("media")),
        _missed(told("missed")),
    )
    return Message(lease_text(fields), _client(told("client")), beat)


def lease_text(fields: dict[str, Any]) -> str:
    """The lease that the body shows, unread."""
    lease = fields.get("lease")
    if not isinstance(lease, str):
        raise MalformedBeat("lease")
    return lease


def _client(value: Any) -> str:
    if not isinstance(value, str) or not _CLIENT.fullmatch(value):
        raise MalformedBeat("client")
    return value


def _media(value: Any) -> Media | None:
    """None unless something plays."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise MalformedBeat("media")
    rate = _number(value.get("rate"), "media.rate")
    if not 0 < rate <= _FASTEST_RATE:
        raise MalformedBeat("media.rate")
    media = Media(_whole(value.get("position"), "media.position"), rate)
    return media if value.get("playing") is True else None


def _missed(value: Any) -> tuple[Beat, ...]:
    """Beats that were not acknowledged, each as `[seq, age, quiet, input, appeared]` to stay small."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > _MOST_MISSED:
        raise MalformedBeat("missed")
    return tuple(_missed_beat(fields) for fields in value)


def _missed_beat(fields: Any) -> Beat:
    if not isinstance(fields, list) or len(fields) != 5:
        raise MalformedBeat("missed")
    seq, age, quiet, own_input = (_whole(field, "missed") for field in fields[:4])
    return Beat(seq=seq, age=age, quiet=quiet, input=own_input, appeared=fields[4] is True)


def _number(value: Any, name: str) -> float:
    # `bool` is no number here.
    if type(value) is int or (type(value) is float and math.isfinite(value)):
        return value
    raise MalformedBeat(name)


def _whole(value: Any, name: str) -> int:
    if not 0 <= _number(value, name) <= _LARGEST:
        raise MalformedBeat(name)
    return int(value)

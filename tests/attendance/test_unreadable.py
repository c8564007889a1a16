"""An entry of the stream that nothing can be made of: the others go on, and it waits for the operator."""

import json
import logging
from io import StringIO
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.core.management import call_command
from redis.exceptions import ResponseError

from openedx_utop.attendance import api
from openedx_utop.attendance.backends.redis.drainer import Drainer
from openedx_utop.attendance.backends.redis.server import GROUP, STREAM
from openedx_utop.attendance.backends.redis.unreadable import PUT_BACK_AT_ONCE, UNREADABLE
from openedx_utop.attendance.checks import check_recorder
from openedx_utop.attendance.models import LearnerClock, Presence, PresencePlace
from tests.attendance.conftest import Desk
from tests.attendance.simulator import Script, Stay, conversation, every
from tests.services.redis import RedisServer

pytestmark = [pytest.mark.redis, pytest.mark.mariadb]

READING = Script((Stay(0, 300),), every(10, (0, 300)))
BEATS = len(list(conversation(READING)))


@pytest.fixture
def recorder(redis: RedisServer) -> Any:
    """Redis, drained when the test says so."""
    return lambda: None


Fields = dict[str, Any]


def whole(fields: Fields) -> list[Any]:
    return list(json.loads(fields["entry"]))


def with_part(number: int, value: Any) -> Any:
    """The entry, one part of which is another."""

    def changed(fields: Fields) -> Fields:
        parts = whole(fields)
        parts[number] = value
        return {**fields, "entry": json.dumps(parts)}

    return changed


# What an older or a newer version may have queued, another program, or a disk.
CANNOT_BE_READ = {
    "not JSON": lambda fields: {**fields, "entry": "["},
    "not text": lambda fields: {**fields, "entry": b"\xff\xfe"},
    "a hundred thousand brackets": lambda fields: {**fields, "entry": "[" * 100_000},
    "not a list": lambda fields: {**fields, "entry": "7"},
    "one part less": lambda fields: {**fields, "entry": json.dumps(whole(fields)[:-1])},
    "one part more": lambda fields: {**fields, "entry": json.dumps([*whole(fields), 1])},
    "two in one": lambda fields: {**fields, "entry": f"{fields['entry']},{fields['entry']}"},
    "without its tab": lambda fields: {"entry": fields["entry"]},
    "another tab's state": lambda fields: {**fields, "tab": '{"seq":98,"beat":0}'},
    "a tab that is no state": lambda fields: {**fields, "tab": "[]"},
    "of a kind not known": lambda fields: {"presence": fields["entry"], "tab": fields["tab"]},
    "somebody to forget who is no number": lambda fields: {"forget": "everybody"},
    "nobody": with_part(0, None),
    "somebody by name": with_part(0, "7"),
    "half a person": with_part(0, 7.5),
    "no course": with_part(1, ""),
    "a course that is none": with_part(1, "first"),
    "a unit that is none": with_part(3, "first"),
    "a client that is none": with_part(4, {}),
    "a frontier that is none": with_part(5, "yesterday"),
    "an end beyond all calendars": with_part(7, 10**18),
    "times of another kind": with_part(9, 30),
}
# What the database will never take.
CANNOT_BE_STORED = {
    "a learner below all others": with_part(0, -1),
    "a learner above all others": with_part(0, 2**65),
    "a frontier beyond what a column holds": with_part(5, 2**63),
}


def spoilt(redis: RedisServer, make: Any, *, at: int) -> bytes:
    """Queue one that is spoilt, a copy of another but for that and for who it is of, between the others; its id."""
    others: Any = redis.client.xrange(STREAM)
    redis.client.delete(STREAM)
    fields = {name.decode(): value.decode() for name, value in others[at][1].items()}
    own = with_part(0, 8)(fields)
    for identifier, entry in others[:at]:
        redis.client.xadd(STREAM, entry, id=identifier)
    spoilt_one: Any = redis.client.xadd(STREAM, make(own))
    for _identifier, entry in others[at:]:
        redis.client.xadd(STREAM, entry)
    return bytes(spoilt_one)


def drained(**options: Any) -> tuple[str, str]:
    out, errors = StringIO(), StringIO()
    call_command("utop_drain_beats", once=True, stdout=out, stderr=errors, **options)
    return out.getvalue(), errors.getvalue()


def checked() -> list[CheckMessage]:
    return check_recorder(None)


@pytest.mark.parametrize("kind", [*CANNOT_BE_READ, *CANNOT_BE_STORED])
def test_one_entry_never_stops_the_others(
    desk: Desk, redis: RedisServer, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    desk.play(READING)
    identifier = spoilt(redis, {**CANNOT_BE_READ, **CANNOT_BE_STORED}[kind], at=BEATS // 2)
    told, warned = drained()
    assert (desk.total(), told) == (300, f"Beats stored: {BEATS}.\n")
    assert "Set aside, for they cannot be stored: 1." in warned
    assert redis.client.xlen(STREAM) == redis.client.xpending(STREAM, GROUP)["pending"] == 0
    [(_own, kept)] = redis.client.xrange(UNREADABLE)
    assert kept[b"entry-id"] == identifier
    assert [record.getMessage().split()[1] for record in caplog.records if record.levelno == logging.ERROR] == [
        identifier.decode()
    ]
    assert drained()[0] == "Beats stored: 0.\n"


def test_nothing_of_it_is_lost(desk: Desk, redis: RedisServer) -> None:
    redis.client.xadd(STREAM, {b"entry": b"\xff[", b"tab": b"\x00", b"new": "é"})
    drained()
    [(_own, kept)] = redis.client.xrange(UNREADABLE)
    assert (kept[b"entry"], kept[b"tab"], kept[b"new"]) == (b"\xff[", b"\x00", "é".encode())
    assert kept[b"error"].startswith(b"UnicodeDecodeError: ")


def test_many_of_them_stop_nobody_either(desk: Desk, redis: RedisServer) -> None:
    desk.play(READING)
    entries = [fields for _identifier, fields in redis.client.xrange(STREAM)]
    redis.client.delete(STREAM)
    for fields in entries:
        redis.client.xadd(STREAM, {"entry": "["})
        redis.client.xadd(STREAM, fields)
        redis.client.xadd(STREAM, {"forget": "?"})
    assert drained()[0] == f"Beats stored: {BEATS}.\n"
    assert (desk.total(), redis.client.xlen(UNREADABLE)) == (300, 2 * BEATS)


def test_what_goes_with_a_refused_entry_is_undone(desk: Desk, redis: RedisServer) -> None:
    desk.play(READING)
    spoilt(redis, with_part(5, 2**63), at=1)
    drained()
    assert list(LearnerClock.objects.exclude(frontier_ms=0).values_list("user_id", flat=True)) == [7]
    assert set(Presence.objects.values_list("user_id", flat=True)) == {7}
    assert PresencePlace.objects.count() == 1


def test_the_operator_sees_it(desk: Desk, redis: RedisServer) -> None:
    redis.client.xadd(STREAM, {"entry": "["})
    assert checked() == []
    drained()
    [message] = checked()
    assert (message.id, f"{UNREADABLE}: 1." in message.msg) == ("openedx_utop.W013", True)
    redis.client.delete(UNREADABLE)
    assert checked() == []


def test_what_a_newer_version_reads_is_counted_once_it_is_put_back(desk: Desk, redis: RedisServer) -> None:
    """All that waited was set aside, in another order; some of it was counted already."""
    desk.play(READING)
    entries = [fields for _identifier, fields in redis.client.xrange(STREAM)]
    redis.client.xtrim(STREAM, maxlen=3, approximate=False)
    heading = {"entry-id": "1-1", "error": "ValueError: not read then"}
    for fields in reversed(entries):
        redis.client.xadd(UNREADABLE, {**heading, **fields})
    told, warned = drained(again=True)
    assert (told, warned) == (f"Put back into the stream: {BEATS}.\nBeats stored: {BEATS + 3}.\n", "")
    assert (desk.total(), redis.client.xlen(UNREADABLE)) == (300, 0)


def test_what_still_cannot_be_read_is_set_aside_again(desk: Desk, redis: RedisServer) -> None:
    with redis.client.pipeline(transaction=False) as pipe:
        for _entry in range(PUT_BACK_AT_ONCE + 1):
            pipe.xadd(UNREADABLE, {"entry-id": "1-1", "error": "ValueError", "entry": "["})
        pipe.execute()
    told, _warned = drained(again=True)
    assert told == f"Put back into the stream: {PUT_BACK_AT_ONCE + 1}.\nBeats stored: 0.\n"
    assert redis.client.xlen(UNREADABLE) == PUT_BACK_AT_ONCE + 1


def test_a_full_redis_keeps_it_where_it_is_and_the_others_go_on(desk: Desk, redis: RedisServer) -> None:
    desk.play(READING)
    spoilt(redis, CANNOT_BE_READ["not JSON"], at=0)
    drainer = Drainer(redis.client, api.parameters(), abandoned=0)
    drainer._found_group()
    redis.configure(maxmemory="1kb")
    with pytest.raises(ResponseError, match="maxmemory"):
        drainer.drain_batch()
    assert (desk.total(), redis.client.xlen(STREAM)) == (300, 1)
    redis.configure(maxmemory="0")
    assert drainer.drain() == 0
    assert (redis.client.xlen(STREAM), redis.client.xlen(UNREADABLE)) == (0, 1)


def test_it_stays_where_it_is_if_it_cannot_be_set_aside(redis: RedisServer, db: None) -> None:
    redis.client.set(UNREADABLE, "somebody else's")
    redis.client.xadd(STREAM, {"entry": "["})
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        drained()
    redis.client.delete(UNREADABLE)
    Drainer(redis.client, api.parameters(), abandoned=0).drain()
    assert (redis.client.xlen(STREAM), redis.client.xlen(UNREADABLE)) == (0, 1)

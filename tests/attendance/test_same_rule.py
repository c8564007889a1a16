"""The rule is written twice, in Python and in the script that Redis runs: both must decide alike, whatever comes."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from openedx_utop.attendance.backends.redis.recorder import record_in
from openedx_utop.attendance.backends.redis.server import state_key
from openedx_utop.attendance.data import Lease, Report, TooManyBeats
from openedx_utop.attendance.rules import Beat, ClientState, Decision, Media, Parameters, Status
from openedx_utop.attendance.summary import milliseconds
from tests.attendance.conftest import MONDAY, course_key, usage_key
from tests.attendance.simulator import Sent, conversation
from tests.attendance.test_properties import Ledger, outage_of_several
from tests.services.redis import RedisServer

pytestmark = [pytest.mark.redis, pytest.mark.mariadb, pytest.mark.django_db]

NOON = milliseconds(MONDAY)
NUMBERS = (0, 1, 999, 5_000, 5_001, 14_999, 15_000, 30_000, 90_000, 90_001, 180_000, 600_000, 1_230_000, 2**53 - 1)
COURSE, MODULE = course_key(), usage_key("first", "sequential", "module")
UNITS = {name: usage_key("first", "vertical", name) for name in ("first", "second")}
EVENING = NOON + 12 * 3_600_000
BEATS = 25


class Both:
    """The same learner twice: accounted for by the Python rule, and by the script."""

    learners: Iterator[int] = iter(range(1, 10**9))

    def __init__(self, redis: RedisServer, parameters: Parameters) -> None:
        self.redis, self.parameters = redis, parameters
        self.ledger = Ledger(parameters=parameters)
        self.user_id = next(self.learners)
        self.beats = 0

    def take(self, client: str, unit: str, beat: Beat, now: int) -> None:
        self.beats += 1
        ours = self.ledger.account(client, beat, str(UNITS[unit]), now)
        lease = Lease(self.user_id, str(COURSE), str(MODULE), str(UNITS[unit]), now)
        theirs = self._by_script(Report(lease, client, beat, self.parameters, now))
        assert theirs == ours._replace(state=None, retry_after=0), (beat, now)
        assert self._state() == (self.ledger.frontier, {n: as_json(state) for n, state in self.ledger.clients.items()})

    def _by_script(self, report: Report) -> Decision:
        try:
            return record_in(self.redis.client, report)
        except TooManyBeats:
            return Decision(Status.LIMITED, self.ledger.frontier)

    def _state(self) -> tuple[int, dict[str, Any]]:
        state: Any = self.redis.client.hgetall(state_key(self.user_id))
        tabs = {name[4:].decode(): json.loads(text) for name, text in state.items() if name.startswith(b"tab:")}
        complete = {name: {"media": None, "open_end": None, **tab} for name, tab in tabs.items()}
        return int(state.get(b"frontier", 0)), complete


def as_json(state: ClientState) -> dict[str, Any]:
    return state._asdict() | {"media": state.media and state.media._asdict()}


@pytest.mark.parametrize("share", range(8))
def test_whatever_a_client_can_send(redis: RedisServer, share: int) -> None:
    """640 learners whose tabs send anything at all, in any order, on a clock that jumps."""
    for seed in range(80):
        chance = Random(share * 80 + seed)  # noqa: S311 - cases to try
        idle, clients = chance.choice([180_000, 720_000]), chance.choice([2, 16])
        both, now = Both(redis, Parameters(idle=idle, clients=clients)), NOON
        while now < EVENING and both.beats < BEATS:
            now += chance.choice(
                [0, 1, 700, 5_000, 30_000, 30_000, 30_000, 89_000, 121_000, 400_000, 4_000_000, -60_000]
            )
            client = f"tab-{chance.randrange(3):05d}"
            heard = both.ledger.clients.get(client)
            beat = anything(chance, heard.seq if heard else 0, max(now - heard.beat, 0) if heard else 0)
            both.take(client, chance.choice(["first", "second"]), beat, now)


def anything(chance: Random, seq: int, since: int) -> Beat:
    """A beat: plausible, or not."""
    following = seq + chance.choice([0, 1, 1, 1, 2, 5])
    return Beat(
        seq=following,
        quiet=chance.choice([0, 0, 10_000, chance.choice(NUMBERS)]),
        input=chance.choice([None, 0, 20_000, chance.choice(NUMBERS)]),
        elapsed=chance.choice([None, since, since, max(since - 20_000, 0), chance.choice(NUMBERS)]),
        appeared=chance.random() < 0.2,
        media=chance.choice([None, Media(chance.choice([0, 30_000, 60_000, *NUMBERS]), chance.choice([1, 1.5, 0.1]))]),
        missed=tuple(missed(chance, seq, following, since)) if chance.random() < 0.5 else (),
    )


def missed(chance: Random, heard: int, seq: int, since: int) -> Iterator[Beat]:
    """What was not acknowledged, mostly as a page would tell it."""
    ages = sorted((chance.randrange(since + 1) for _ in range(seq - heard)), reverse=True)
    for rank, age in enumerate(ages, chance.choice([heard, heard + 1, heard + 1])):
        quiet, own = chance.choice([0, 10_000, *NUMBERS]), chance.choice([0, 10_000, *NUMBERS])
        yield Beat(seq=rank, age=age, quiet=quiet, input=own, appeared=chance.random() < 0.1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(outage_of_several)
def test_what_pages_send_through_outages(redis: RedisServer, tabs: Any) -> None:
    both = Both(redis, Parameters())
    for sent in conversation(*tabs):
        if sent.arrives:
            both.take(sent.client, sent.unit, as_beat(sent), NOON + sent.at * 1000)


def as_beat(sent: Sent) -> Beat:
    media = sent.fields["media"]
    told = {name: sent.fields[name] for name in ("seq", "quiet", "input", "elapsed", "appeared")}
    names = ("seq", "age", "quiet", "input", "appeared")
    kept = tuple(Beat(**dict(zip(names, values, strict=True))) for values in sent.fields["missed"])
    return Beat(**told, media=Media(media["position"], media["rate"]) if media else None, missed=kept)


def test_a_state_outlives_the_day_it_was_last_used_in(redis: RedisServer) -> None:
    both, day = Both(redis, Parameters()), 86_400
    for seq, minute in enumerate((0, 40, 80), 1):
        now = NOON + minute * 60_000
        both.take("tab-00001", "first", Beat(seq=seq), now)
        left = redis.client.ttl(state_key(both.user_id))
        assert left >= day
        redis.client.expire(state_key(both.user_id), int(left) - 40 * 60)

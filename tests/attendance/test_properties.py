"""What holds for any learner: played on the pure rules, with the tabs that the simulator describes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.attendance.outage import catch_up, fills_outage
from openedx_utop.attendance.rules import (
    Beat,
    ClientState,
    Decision,
    Interval,
    Media,
    Parameters,
    Status,
    admit,
    decide,
)
from tests.attendance.simulator import Script, Sent, Stay, conversation, every

PARAMETERS = Parameters()


@dataclass
class Ledger:
    """A recorder without a database."""

    frontier: int = 0
    clients: dict[str, ClientState] = field(default_factory=dict)
    credits: list[tuple[str, Interval]] = field(default_factory=list)
    caught_up: int = 0
    parameters: Parameters = PARAMETERS

    def take(self, sent: Sent, now: int) -> Decision:
        media = sent.fields["media"]
        beat = Beat(
            seq=sent.fields["seq"],
            quiet=sent.fields["quiet"],
            input=sent.fields["input"],
            elapsed=sent.fields["elapsed"],
            appeared=sent.fields["appeared"],
            media=Media(media["position"], media["rate"]) if media else None,
            missed=tuple(
                Beat(seq=seq, age=age, quiet=quiet, input=own_input, appeared=appeared)
                for seq, age, quiet, own_input, appeared in sent.fields["missed"]
            ),
        )
        return self.account(sent.client, beat, f"{sent.course}/{sent.unit}", now)

    def account(self, client: str, beat: Beat, block: str, now: int) -> Decision:
        kept = admit(self.parameters, self.clients, client, now=now)
        if kept is None:
            return Decision(Status.LIMITED, self.frontier)
        state = kept.get(client)
        if state and fills_outage(self.parameters, state, beat, now=now):
            allowance = min(self.parameters.outage_credit, self.parameters.daily_credit - self.caught_up)
            decision = catch_up(self.parameters, self.frontier, state, beat, allowance=allowance, block=block, now=now)
        else:
            decision = decide(self.parameters, self.frontier, state, beat, block=block, now=now)
        if decision.state:
            self.clients = {**kept, client: decision.state}
            self.frontier = decision.frontier
        if decision.credit:
            self.credits.append((block, decision.credit))
        self.credits.extend((block, span) for span in decision.caught_up)
        self.caught_up += sum(span.length for span in decision.caught_up)
        return decision

    @property
    def total(self) -> int:
        return sum(credit.length for _block, credit in self.credits)

    @property
    def seconds(self) -> set[int]:
        return {second for _block, credit in self.credits for second in range(credit.start // 1000, credit.end // 1000)}


def account(messages: Iterable[Sent]) -> Ledger:
    ledger = Ledger()
    for sent in messages:
        if sent.arrives:
            ledger.take(sent, sent.at * 1000)
    return ledger


@st.composite
def scripts(draw: st.DrawFn, client: str = "tab-00001") -> Script:
    """A tab that comes and goes, changes units, plays a video, with long silences."""
    # Each later than the one before: asked for numbers of which none comes twice, the generator would throw some away.
    instants = sorted(draw(st.lists(st.integers(0, 1492), min_size=2, max_size=8)))
    edges = [instant + rank for rank, instant in enumerate(instants)]
    stays = tuple(
        Stay(start, end, unit=draw(st.sampled_from(["first", "second"])), new_document=draw(st.booleans()))
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    )
    active = sorted(draw(st.lists(st.integers(0, 1500), min_size=0, max_size=8)))
    spans = list(zip(active[::2], active[1::2], strict=False))
    video_start = draw(st.integers(0, 1500))
    video = range(video_start, video_start + draw(st.integers(0, 600)))
    return Script(
        stays, every(draw(st.integers(1, 40)), *spans), video=draw(st.sampled_from([None, video])), client=client
    )


def with_losses(script: Script, lost: set[int]) -> Script:
    return replace(script, lost={sent.at for rank, sent in enumerate(conversation(script)) if rank in lost})


losses = st.sets(st.integers(0, 60))
several = st.tuples(scripts("tab-00001"), scripts("tab-00002"), scripts("tab-00003"))


@given(several)
def test_a_second_is_credited_once_and_only_if_it_has_passed(tabs: tuple[Script, ...]) -> None:
    messages = list(conversation(*tabs))
    ledger = Ledger()
    for sent in messages:
        ledger.take(sent, sent.at * 1000)
        assert ledger.total <= (sent.at - messages[0].at) * 1000
        assert ledger.frontier <= sent.at * 1000
    assert all(earlier.end <= later.start for (_, earlier), (_, later) in pairwise(ledger.credits))


@given(several)
def test_blocks_add_up_to_the_total(tabs: tuple[Script, ...]) -> None:
    ledger = account(conversation(*tabs))
    blocks: dict[str, int] = {}
    for block, credit in ledger.credits:
        assert credit.length > 0
        blocks[block] = blocks.get(block, 0) + credit.length
    assert sum(blocks.values()) == ledger.total == len(ledger.seconds) * 1000


@given(several)
def test_replaying_everything_at_any_time_changes_nothing(tabs: tuple[Script, ...]) -> None:
    messages = list(conversation(*tabs))
    ledger = Ledger()
    for rank, sent in enumerate(messages):
        ledger.take(sent, sent.at * 1000)
        before = (ledger.frontier, dict(ledger.clients), list(ledger.credits))
        for earlier in messages[: rank + 1]:
            if sent.at - earlier.at <= PARAMETERS.lease // 1000:  # later, its lease has expired
                ledger.take(earlier, sent.at * 1000)
        assert (ledger.frontier, ledger.credits) == (before[0], before[2])
        assert ledger.clients == before[1]


@given(scripts(), losses, losses)
def test_losing_more_never_raises_the_total(script: Script, lost: set[int], lost_too: set[int]) -> None:
    some = account(conversation(with_losses(script, lost)))
    more_lost = {sent.at for rank, sent in enumerate(conversation(script)) if rank in lost | lost_too}
    more = account(conversation(replace(script, lost=more_lost)))
    assert more.total <= some.total


@st.composite
def outages(draw: st.DrawFn, script: Script) -> Script:
    """The same tab, which loses whatever it sends within some spans and tells of it again."""
    edges = sorted(draw(st.lists(st.integers(0, 1500), max_size=6)))
    spans = zip(edges[::2], edges[1::2], strict=False)
    return replace(script, keeps=True, lost={second for start, end in spans for second in range(start, end)})


outage_of_one = scripts().flatmap(lambda script: st.tuples(st.just(script), outages(script)))
outage_of_several = several.flatmap(lambda tabs: st.tuples(*(outages(tab) for tab in tabs)))


@given(outage_of_one)
def test_an_outage_never_raises_the_total(pair: tuple[Script, Script]) -> None:
    script, with_outages = pair
    after = account(conversation(with_outages))
    assert after.seconds <= account(conversation(script)).seconds
    assert after.caught_up <= PARAMETERS.daily_credit


@given(outage_of_several)
def test_after_outages_too_a_second_is_credited_once_and_only_if_it_has_passed(tabs: tuple[Script, ...]) -> None:
    ledger, messages = Ledger(), list(conversation(*tabs))
    for sent in messages:
        if sent.arrives:
            ledger.take(sent, sent.at * 1000)
            assert ledger.total <= (sent.at - messages[0].at) * 1000
            assert ledger.frontier <= sent.at * 1000
    assert all(earlier.end <= later.start for (_, earlier), (_, later) in pairwise(ledger.credits))
    assert ledger.total == len(ledger.seconds) * 1000


@given(outage_of_one)
def test_replaying_what_was_told_after_an_outage_changes_nothing(pair: tuple[Script, Script]) -> None:
    ledger, messages = Ledger(), [sent for sent in conversation(pair[1]) if sent.arrives]
    for rank, sent in enumerate(messages):
        ledger.take(sent, sent.at * 1000)
        before = (ledger.frontier, dict(ledger.clients), list(ledger.credits))
        for earlier in messages[: rank + 1]:
            ledger.take(earlier, sent.at * 1000)
        assert (ledger.frontier, ledger.clients, ledger.credits) == before


@given(scripts(), losses)
def test_messages_that_arrive_too_late_never_raise_the_total(script: Script, late: set[int]) -> None:
    """Each late message arrives just after the next one; until then the tab knows of no answer to it."""
    messages = list(conversation(with_losses(script, late)))
    ledger, held = Ledger(), list[Sent]()
    for sent in messages:
        if not sent.arrives:
            held.append(sent)
            continue
        ledger.take(sent, sent.at * 1000)
        assert {ledger.take(late_one, sent.at * 1000).status for late_one in held} <= {Status.DUPLICATE}
        held.clear()
    assert ledger.total <= account(conversation(script)).total


@given(several, st.permutations(range(3)))
def test_no_order_between_tabs_credits_what_none_of_them_vouches_for(
    tabs: tuple[Script, ...], order: list[int]
) -> None:
    together = account(conversation(*(tabs[rank] for rank in order)))
    alone = set().union(*(account(conversation(tab)).seconds for tab in tabs))
    assert together.seconds <= alone


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)), min_size=2, max_size=4),
    st.randoms(use_true_random=True),
)
def test_union_of_active_tabs_is_the_same_in_any_order(spans: list[tuple[int, int]], random: Random) -> None:
    """Tabs in step with each other and never silent: the time of all of them together, each second once."""
    tabs = [
        Script((Stay(start * 30, (start + length) * 30),), range(2000), client=f"tab-0000{rank}")
        for rank, (start, length) in enumerate(spans)
    ]
    by_second: dict[int, list[str]] = {}
    for sent in conversation(*tabs):
        by_second.setdefault(sent.at, []).append(sent.client)
    own = {tab.client: conversation(tab) for tab in tabs}
    order = [client for clients in by_second.values() for client in random.sample(clients, len(clients))]
    expected = {second for tab in tabs for second in range(tab.stays[0].start, tab.stays[0].end)}
    assert account(next(own[client]) for client in order).seconds == expected


large = st.integers(0, 10**9)
# Every field is named: what is not would be made up from its type, and a beat's missed ones are beats.
forged = {"seq": st.integers(0, 50), "quiet": large, "input": st.none() | large, "appeared": st.booleans()}
missed = st.builds(Beat, **forged, age=st.integers(0, 10**6), elapsed=st.none(), media=st.none(), missed=st.just(()))
media = st.none() | st.builds(Media, position=large, rate=st.floats(0.1, 16))
beat = st.builds(
    Beat,
    **forged,
    elapsed=st.none() | large,
    media=media,
    missed=st.lists(missed, max_size=5).map(tuple),
    age=st.just(0),
)


@given(
    st.lists(st.tuples(st.sampled_from(["tab-00001", "tab-00002"]), beat, st.integers(-400_000, 400_000)), max_size=40)
)
def test_whatever_is_forged_and_however_the_clock_jumps(beats: list[tuple[str, Beat, int]]) -> None:
    """Any beats, on a clock that may be set back: never twice, never negative, never in the future."""
    ledger, now = Ledger(), 10**12
    for client, beat, step in beats:
        now += step
        decision = ledger.account(client, beat, "block", now)
        if decision.credit:
            assert decision.credit.length > 0
            assert decision.credit.end <= now
    credited = sorted((credit.start, credit.end) for _block, credit in ledger.credits)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(credited))

"""What a page kept while the network was away, accounted as if it had come in time: pure functions, like the rules."""

from collections.abc import Iterable
from itertools import pairwise

from openedx_utop.attendance.rules import (
    SLEEP_TOLERANCE_MS,
    Beat,
    ClientState,
    Decision,
    Interval,
    Parameters,
    Status,
    decide,
)


def fills_outage(parameters: Parameters, state: ClientState | None, beat: Beat, *, now: int) -> bool:
    """Whether the missed beats say what happened since the server last heard of this very page.

    They must follow the last beat heard of without a gap, and the page's clock must have run as long as the server's:
    neither another page nor a machine that slept can tell.
    """
    if state is None or beat.seq <= state.seq or now - state.beat <= parameters.outage:
        return False
    unheard = [missed for missed in beat.missed if state.seq < missed.seq < beat.seq]
    last_heard = [missed.age for missed in beat.missed if missed.seq == state.seq]
    since = last_heard[0] if last_heard else beat.elapsed
    if not unheard or since is None or abs(since - (now - state.beat)) > SLEEP_TOLERANCE_MS:
        return False
    follows = [missed.seq for missed in unheard] == list(range(state.seq + 1, state.seq + 1 + len(unheard)))
    in_order = all(earlier.age >= later.age for earlier, later in pairwise(unheard))
    return follows and in_order and unheard[0].age <= since


def catch_up(
    parameters: Parameters, frontier: int, state: ClientState, beat: Beat, *, allowance: int, block: str, now: int
) -> Decision:
    """Account for the missed beats, then for this one; at most `allowance` milliseconds are credited, the first ones.

    What is above is lost for good: the frontier has passed it. The missed beats say of each, this one too, whether the
    page appeared since the one before, heard or not.
    """
    spans: list[Interval] = []
    following = state
    for made in (*beat.missed, beat._replace(missed=())):
        decision = decide(parameters, frontier, following, made, block=block, now=now - made.age)
        following, frontier = decision.state or following, decision.frontier
        if decision.credit:
            spans.append(decision.credit)
    # The next credit starts a presence of its own: this one is marked.
    following = following._replace(seq=beat.seq, beat=now, media=beat.media, block="", open_end=None)
    caught_up = tuple(_first(allowance, spans))
    status = Status.CREDITED if caught_up else Status.RECORDED
    return Decision(status, frontier, following, caught_up=caught_up)


def _first(allowance: int, spans: Iterable[Interval]) -> Iterable[Interval]:
    """The first milliseconds of these spans, those that touch as one."""
    merged: list[Interval] = []
    for span in spans:
        if merged and merged[-1].end == span.start:
            merged[-1] = merged[-1]._replace(end=span.end)
        else:
            merged.append(span)
    for span in merged:
        if allowance > 0:
            yield span._replace(end=min(span.end, span.start + allowance))
        allowance -= span.length

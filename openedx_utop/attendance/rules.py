"""How signs of life become presence: pure functions, in whole milliseconds of the server's clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

# A page that reappears within this time never went away: the unit changed.
REAPPEARANCE_GRACE_MS = 5_000
# The browser's monotonic clock stands still while the machine sleeps; a smaller lag is only network latency.
SLEEP_TOLERANCE_MS = 10_000
# How long the question whether somebody is still there stands before time stops.
WARNING_MS = 30_000
# What plays again and again is a decoration.
REPLAYS = 2
# How far a media position may be from where its rate should have brought it.
MEDIA_TOLERANCE = 0.2
# Enough to tell tabs of one learner apart.
CLIENT_CHARACTERS = 8


@dataclass(frozen=True)
class Parameters:
    """The method's parameters, in milliseconds; one beat per `spacing` after a burst of `burst` beats.

    `idle`: the silence admitted of a reader; `activity_idle`: where there is an exercise to think about.
    `unattended`: how long what plays counts without anything from the learner. A silence of the network longer than
    `outage` is one that kept beats may fill, with `outage_credit` at most, and `daily_credit` in a day.
    """

    silence: int = 90_000
    idle: int = 180_000
    activity_idle: int = 300_000
    trail: int = 15_000
    unattended: int = 1_230_000
    lease: int = 600_000
    spacing: int = 5_000
    burst: int = 10
    clients: int = 16
    outage: int = 120_000
    outage_credit: int = 600_000
    daily_credit: int = 1_800_000


class Media(NamedTuple):
    """Where a playing video or sound stands: position in milliseconds, playback rate (1 is normal)."""

    position: int
    rate: float


class Beat(NamedTuple):
    """One sign of life of one tab.

    `quiet`: since the last signal; `input`: since the last one that was the learner's own, not a video's, None from
    pages loaded before they told; `elapsed`: on the browser's monotonic clock since its previous acknowledged beat,
    None for the first of a document; `appeared`: the page came into view and the server may not know it yet;
    `missed`: the beats that nobody has acknowledged, in order, this one the last; `age`: how long ago one was made.
    """

    seq: int
    quiet: int = 0
    input: int | None = None
    elapsed: int | None = None
    appeared: bool = False
    media: Media | None = None
    missed: tuple["Beat", ...] = ()
    age: int = 0


class ClientState(NamedTuple):
    """What is remembered of one tab between two beats; instants in milliseconds since 1970.

    `accounted` is where its next credit starts, `refilled` when its allowance of beats is whole again,
    `block` and `open_end` name its latest presence, which a credit that touches it extends, `replays` how often
    something went back to play again since the learner's last input.
    """

    seq: int
    accounted: int
    signal: int
    beat: int
    refilled: int
    media: Media | None = None
    block: str = ""
    open_end: int | None = None
    replays: int = 0


class Interval(NamedTuple):
    """`[start, end)`, in milliseconds since 1970."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Milliseconds; negative if it ends before it starts."""
        return self.end - self.start


class Status(StrEnum):
    """What became of a beat."""

    CREDITED = "credited"
    RECORDED = "recorded"
    DUPLICATE = "duplicate"
    LIMITED = "limited"


class Decision(NamedTuple):
    """What a beat changes: nothing if `state` is None. `extends`: the credit prolongs the tab's latest presence.

    `caught_up`: what an outage kept from being credited in time, in order; there is no other credit then.
    """

    status: Status
    frontier: int
    state: ClientState | None = None
    credit: Interval | None = None
    extends: bool = False
    retry_after: int = 0
    caught_up: tuple[Interval, ...] = ()

    @property
    def credited(self) -> int:
        """Milliseconds, of all kinds."""
        return sum(span.length for span in self.caught_up) + (self.credit.length if self.credit else 0)


def client_tag(client: str) -> str:
    """What a presence says of its tab: the first characters of its name."""
    return client[:CLIENT_CHARACTERS]


def decide(
    parameters: Parameters, frontier: int, state: ClientState | None, beat: Beat, *, block: str, now: int
) -> Decision:
    """Account for one beat; `frontier` is where the learner's time is accounted up to, over all tabs and courses."""
    if state and beat.seq <= state.seq:
        return Decision(Status.DUPLICATE, frontier)
    refilled = _refilled(parameters, state, now)
    if refilled - now > parameters.spacing * parameters.burst:
        return Decision(Status.LIMITED, frontier, retry_after=refilled - now - parameters.spacing * parameters.burst)
    credit = _span(parameters, frontier, state, beat, now)
    credited = credit.length > 0
    extends = credited and state is not None and (state.block, state.open_end) == (block, credit.start)
    following = ClientState(
        seq=beat.seq,
        accounted=max(credit.start, credit.end, state.accounted if state else 0),
        signal=_signal(parameters, state, beat, now),
        beat=now,
        refilled=refilled,
        media=beat.media,
        block=block if credited else (state.block if state else ""),
        open_end=credit.end if credited else (state.open_end if state else None),
        replays=_replays(state, beat, now),
    )
    if not credited:
        return Decision(Status.RECORDED, frontier, following)
    return Decision(Status.CREDITED, credit.end, following, credit, extends)


def _span(parameters: Parameters, frontier: int, state: ClientState | None, beat: Beat, now: int) -> Interval:
    """What the beat vouches for and nobody has been credited with; it ends before it starts if that is nothing."""
    start = max(frontier, _start(parameters, state, beat, now))
    end = min(now, _signal(parameters, state, beat, now) + parameters.trail)
    if state and beat.elapsed is not None and beat.elapsed < now - state.beat - SLEEP_TOLERANCE_MS:
        end = min(end, start + beat.elapsed)
    return Interval(start, end)


def _start(parameters: Parameters, state: ClientState | None, beat: Beat, now: int) -> int:
    if state is None:
        return now
    signal = _signal(parameters, state, beat, now)
    if _is_live(parameters, state, beat, now) and signal - state.signal <= parameters.idle:
        return state.accounted
    return now if beat.appeared else signal


def _is_live(parameters: Parameters, state: ClientState, beat: Beat, now: int) -> bool:
    since = now - state.beat
    return since <= parameters.silence and not (beat.appeared and since > REAPPEARANCE_GRACE_MS)


def _signal(parameters: Parameters, state: ClientState | None, beat: Beat, now: int) -> int:
    """The latest sign of life; what only plays gives none for ever."""
    signal = now if _media_advances(state, beat, now) else now - beat.quiet
    if beat.input is None:
        return signal
    if state and beat.media and _replays(state, beat, now) > REPLAYS:
        signal = min(signal, max(state.signal, now - beat.input))
    return min(signal, now - beat.input + parameters.unattended)


def _replays(state: ClientState | None, beat: Beat, now: int) -> int:
    if state is None or beat.input is None or beat.input <= now - state.beat:
        return 0
    went_back = state.media and beat.media and beat.media.position < state.media.position
    return state.replays + 1 if went_back else state.replays


def _media_advances(state: ClientState | None, beat: Beat, now: int) -> bool:
    """Whether the position moved as the rate says since the previous beat: a claim alone is worth nothing."""
    if state is None or state.media is None or beat.media is None or now <= state.beat:
        return False
    expected = beat.media.rate * (now - state.beat)
    return abs(beat.media.position - state.media.position - expected) <= MEDIA_TOLERANCE * expected


def _refilled(parameters: Parameters, state: ClientState | None, now: int) -> int:
    """When the allowance would be whole again after this beat; one that lies too far ahead means a clock set back."""
    before = state.refilled if state and state.refilled - now <= parameters.spacing * parameters.burst else now
    return max(before, now) + parameters.spacing


def admit(
    parameters: Parameters, clients: Mapping[str, ClientState], client: str, *, now: int
) -> dict[str, ClientState] | None:
    """The tabs still worth remembering, with room for this one; None if too many are alive.

    A tab silent for longer than a lease lives can be forgotten: a replay of its beats would carry an expired lease,
    and its next beat could not have been bridged anyway.
    """
    forgotten_before = now - parameters.lease - parameters.silence
    kept = {name: state for name, state in clients.items() if name == client or state.beat >= forgotten_before}
    if client in kept or len(kept) < parameters.clients:
        return kept
    oldest = min(kept, key=lambda name: (kept[name].beat, name))
    if kept[oldest].beat >= now - parameters.silence:
        return None
    return {name: state for name, state in kept.items() if name != oldest}

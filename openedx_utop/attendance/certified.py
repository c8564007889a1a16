"""From what was recorded to what is certified: pure functions, exact to the second once the record is rounded.

Whole seconds are made once, before any rule, so that every sum of parts is its total.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby

from opaque_keys.edx.keys import UsageKey

from openedx_utop.attendance.record import (
    ONLINE,
    AttendedTime,
    CorrectedTime,
    Count,
    OnlineTime,
    Overlap,
    Portion,
    Recorded,
    Rule,
)
from openedx_utop.attendance.summary import instant, milliseconds, whole_seconds
from openedx_utop.training.data import Estimates, PolicyFacts
from openedx_utop.training.rules import policy_in_force

# A course that is no training action has no policy, and its time no limit.
UNLIMITED = PolicyFacts(activity_minimum_seconds=2**62, day_limit_seconds=2**62)


@dataclass(frozen=True)
class _Piece:
    """A part of the record within one day; `covered`: a live hour was recorded at the same time, and counts instead.

    `is_signed`: what has no trainer to sign it is.
    """

    day: date
    start: int
    end: int
    module: UsageKey | None
    modality: str
    covered: bool = False
    is_elsewhere: bool = False
    is_signed: bool = True
    seconds: int = 0


def count(recorded: Recorded, policies: Sequence[PolicyFacts], estimates: Estimates, zone: tzinfo) -> Count:
    """Apply the policy in force on each day, and the durations published then; without a policy, all is certified."""
    everywhere = _live_pieces(recorded.live, zone)
    live = _in_whole_seconds([piece for piece in everywhere if not piece.is_elsewhere])
    attended = [piece for piece in live if not piece.covered]
    winning = [piece for piece in everywhere if not piece.covered]
    online = _in_whole_seconds(_online_pieces(recorded.online, winning, zone))
    alone = [piece for piece in online if not piece.covered]
    corrected, without_effect = _corrected([*attended, *alone], recorded.corrections)
    newest = max(policies, key=lambda policy: policy.version, default=UNLIMITED)
    return Count(
        online=_by_module(online),
        live_seconds=sum(piece.seconds for piece in attended),
        corrections_seconds=sum(each.seconds for each in recorded.corrections) + without_effect,
        without_effect=without_effect,
        overlaps=_overlaps([*live, *online]),
        portions=_capped(corrected, policies or (UNLIMITED,), estimates),
        recounted=_capped(corrected, (replace(newest, effective_from=None),), replace(estimates, earlier=())),
        newest_version=newest.version,
    )


def _live_pieces(live: Iterable[AttendedTime], zone: tzinfo) -> list[_Piece]:
    """Live hours day by day; where two were signed for the same time, the one that began later is covered."""
    pieces: list[_Piece] = []
    reached = 0
    for hour in sorted(live, key=_live_order):
        twice = max(hour.start, min(hour.end, reached))
        whole = replace(
            _piece(hour.start, hour.end, hour.module, hour.modality),
            is_elsewhere=hour.is_elsewhere,
            is_signed=hour.trainer_signed,
        )
        pieces += _by_day(replace(whole, end=twice, covered=True), zone)
        pieces += _by_day(replace(whole, start=twice), zone)
        reached = max(reached, hour.end)
    return pieces


def _live_order(hour: AttendedTime) -> tuple[int, int, str, str, str]:
    return hour.start, hour.end, hour.half_day, hour.modality, str(hour.module)


def _online_pieces(online: Iterable[OnlineTime], live: Sequence[_Piece], zone: tzinfo) -> list[_Piece]:
    """Presences day by day, cut where live hours begin and end."""
    return [
        part
        for presence in sorted(online, key=lambda presence: (presence.start, presence.end, str(presence.module)))
        for piece in _cut_by(presence, live)
        for part in _by_day(piece, zone)
    ]


def _cut_by(presence: OnlineTime, live: Iterable[_Piece]) -> Iterator[_Piece]:
    """`live` is in order and without overlaps."""
    start = presence.start
    for hour in live:
        if hour.end > start and hour.start < presence.end:
            begins, ends = max(start, hour.start), min(hour.end, presence.end)
            yield _piece(start, begins, presence.module, ONLINE)
            yield _piece(begins, ends, presence.module, ONLINE, covered=True)
            start = ends
    yield _piece(start, presence.end, presence.module, ONLINE)


def _piece(start: int, end: int, module: UsageKey | None, modality: str, *, covered: bool = False) -> _Piece:
    return _Piece(date.min, start, end, module, modality, covered)


def _by_day(piece: _Piece, zone: tzinfo) -> Iterator[_Piece]:
    """The piece cut at every midnight of the zone; nothing of an empty one."""
    start = piece.start
    while start < piece.end:
        day = instant(start).astimezone(zone).date()
        following = milliseconds(datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=zone))
        end = min(piece.end, following)
        yield replace(piece, day=day, start=start, end=end)
        start = end


def _in_whole_seconds(pieces: Sequence[_Piece]) -> list[_Piece]:
    """The same pieces in order; those of a module and modality add up to its whole seconds, these to those of all."""
    lengths: Counter[tuple[str, str]] = Counter()
    for piece in sorted(pieces, key=_source):
        lengths[_source(piece)] += piece.end - piece.start
    totals = whole_seconds(lengths)
    elapsed: Counter[tuple[str, str]] = Counter()
    rounded = []
    for piece in pieces:
        source = _source(piece)
        before = elapsed[source] // 1000
        elapsed[source] += piece.end - piece.start
        after = totals[source] if elapsed[source] == lengths[source] else elapsed[source] // 1000
        rounded.append(replace(piece, seconds=after - before))
    return rounded


def _source(piece: _Piece) -> tuple[str, str]:
    return piece.modality, str(piece.module)


def _corrected(pieces: Sequence[_Piece], corrections: Iterable[CorrectedTime]) -> tuple[list[_Piece], int]:
    """What was added follows the day's record; what was taken away comes off its end. And what found nothing to take.

    Live hours come first in the day, so that they are the last to lose anything.
    """
    ordered = sorted(corrections, key=lambda each: (each.day, each.module is None, str(each.module), each.seconds))
    added = [_Piece(each.day, 0, 0, each.module, ONLINE, seconds=each.seconds) for each in ordered if each.seconds > 0]
    left, nothing_left = [*pieces, *added], 0
    for each in ordered:
        if each.seconds < 0:
            left, rest = _without(left, each)
            nothing_left += rest
    return left, nothing_left


def _without(pieces: Sequence[_Piece], correction: CorrectedTime) -> tuple[list[_Piece], int]:
    rest = -correction.seconds
    left = []
    for piece in reversed(pieces):
        concerned = piece.day == correction.day and correction.module in {None, piece.module}
        taken = min(rest, piece.seconds) if concerned else 0
        rest -= taken
        left.append(replace(piece, seconds=piece.seconds - taken))
    return left[::-1], rest


def _capped(pieces: Iterable[_Piece], policies: Sequence[PolicyFacts], estimates: Estimates) -> tuple[Portion, ...]:
    """Day after day, in the order of the pieces; each second falls under one rule at most."""
    of_activity: Counter[UsageKey] = Counter()
    seconds: Counter[Portion] = Counter()
    for day, parts in groupby(sorted(pieces, key=_day), key=_day):
        policy = policy_in_force(policies, day)
        day_room = policy.day_limit_seconds
        for piece in parts:
            activity = piece.module if piece.modality == ONLINE else None
            limit = policy.activity_limit(estimates.of(activity, day)) if activity else piece.seconds
            for rule, length in _fates(piece, policy, limit - of_activity[activity] if activity else limit, day_room):
                seconds[Portion(day, piece.module, piece.modality, 0, policy.version, rule)] += length
            day_room -= length
            if activity:
                of_activity[activity] += length
    found = (replace(portion, seconds=length) for portion, length in seconds.items() if length)
    return tuple(sorted(found, key=lambda each: (each.day, str(each.module or ""), each.modality, each.rule or "")))


def _fates(
    piece: _Piece, policy: PolicyFacts, activity_room: int, day_room: int
) -> tuple[tuple[Rule | None, int], ...]:
    """What each rule keeps of the piece, and at last what is certified."""
    if not policy.covers(piece.day):
        return (Rule.CONTRACT, piece.seconds), (None, 0)
    if policy.requires_trainer_signature and not piece.is_signed:
        return (Rule.SIGNATURE, piece.seconds), (None, 0)
    of_activity = min(piece.seconds, max(0, activity_room))
    certified = min(of_activity, max(0, day_room))
    return (Rule.ACTIVITY, piece.seconds - of_activity), (Rule.DAY, of_activity - certified), (None, certified)


def _day(piece: _Piece) -> date:
    return piece.day


def _overlaps(pieces: Iterable[_Piece]) -> tuple[Overlap, ...]:
    """In order of time."""
    covered = [piece for piece in pieces if piece.covered]
    return tuple(
        Overlap(instant(piece.start), instant(piece.end), piece.module, piece.modality, piece.seconds)
        for piece in sorted(covered, key=lambda piece: (piece.start, piece.end, piece.modality, str(piece.module)))
    )


def _by_module(pieces: Iterable[_Piece]) -> dict[UsageKey, int]:
    totals: Counter[UsageKey] = Counter()
    for piece in pieces:
        if piece.module:
            totals[piece.module] += piece.seconds
    return dict(totals)

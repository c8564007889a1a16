"""Trades and levels as an author ticks them, and the content groups that each tick stands for.

A trade is the number of its own group. Everybody is 0, and levels count down from -1, the lowest first.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from openedx_utop.sectors.authoring.data import EVERYBODY, Plan, Version

Way = tuple[int, str]


@dataclass(frozen=True)
class Axes:
    """The trade and the level that each group of a track stands for; without levels, the level is empty."""

    levels: tuple[str, ...] = ()
    ways: Mapping[int, Way] = field(default_factory=dict)

    @property
    def trades(self) -> frozenset[int]:
        """The trades of the course."""
        return frozenset(trade for trade, _level in self.ways.values())

    @property
    def every_level(self) -> frozenset[str]:
        """All levels, or the empty one of a course without."""
        return frozenset(self.levels) or frozenset({""})

    @property
    def level_ticks(self) -> Mapping[int, str]:
        """The levels by the number of their tick."""
        return {-number: level for number, level in enumerate(self.levels, start=1)}

    @property
    def everyone(self) -> frozenset[int]:
        """What is ticked of a block that has no restriction."""
        return frozenset({EVERYBODY, *self.level_ticks})


def axes_of(plan: Plan) -> Axes:
    """The axes of a course as it is."""
    ways = {column.group_id: (column.trade, column.level) for column in plan.columns if column.is_track}
    return Axes(plan.levels, ways)


def axes_at(version: Version, plan: Plan) -> Axes:
    """The axes of a course as they were; before there were levels, each group of today's tracks stood for a trade."""
    if version.ways is None:
        return Axes((), {each.group_id: (each.trade, "") for each in plan.trades if each.is_track})
    return Axes(tuple(dict.fromkeys(level for _trade, level in version.ways.values() if level)), version.ways)


def groups_of(ticks: Collection[int], axes: Axes) -> frozenset[int] | None:
    """The groups that are admitted by what is ticked: the chosen trades at the chosen levels; None: everybody.

    Everybody at some levels is every trade at these: who has no trade has no level either.
    """
    ticked = frozenset(level for number, level in axes.level_ticks.items() if number in ticks)
    levels = ticked if axes.levels else axes.every_level
    if EVERYBODY in ticks and levels == axes.every_level:
        return None
    trades = axes.trades if EVERYBODY in ticks else axes.trades & set(ticks)
    others = frozenset(number for number in ticks if number > EVERYBODY) - axes.trades
    return others | _groups_at(trades, levels, axes)


def ticks_of(groups: Collection[int] | None, axes: Axes) -> frozenset[int]:
    """The ticks that come nearest to these groups: exactly, unless a trade is admitted at other levels than another.

    Every trade at some levels is read as everybody at these, so that a trade that comes later is admitted too.
    """
    if groups is None:
        return axes.everyone
    reached = reach(groups, axes)
    others, levels = set(groups) - axes.ways.keys(), frozenset[str]().union(*reached.values())
    is_level_alone = _is_level_alone(reached, levels, axes) and not others
    trades = {EVERYBODY} if is_level_alone else set(reached)
    shown = levels or axes.every_level
    return frozenset(trades | others | {number for number, level in axes.level_ticks.items() if level in shown})


def is_exact(groups: Collection[int] | None, axes: Axes) -> bool:
    """Whether ticks can say which trades these groups admit, at which levels."""
    said = groups_of(ticks_of(groups, axes), axes)
    if groups is None or said is None:
        return groups is said
    return reach(said, axes) == reach(groups, axes) and said - axes.ways.keys() == set(groups) - axes.ways.keys()


def reach(groups: Collection[int], axes: Axes) -> dict[int, frozenset[str]]:
    """The levels at which each trade is admitted; trades that are not at all are absent."""
    found: dict[int, frozenset[str]] = {}
    for group in groups:
        if group in axes.ways:
            trade, level = axes.ways[group]
            found[trade] = found.get(trade, frozenset()) | {level}
    return found


def carried_over(groups: Collection[int] | None, before: Axes, after: Axes) -> frozenset[int] | None:
    """The groups that say with other trades or levels what these said.

    A trade at all its levels stays so. Where a level is gone its learners are admitted as those of the level that
    they count as now; a course that has no levels any more admits them as their trade.
    """
    if groups is None:
        return None
    ticks = ticks_of(groups, before)
    if EVERYBODY in ticks and after.levels:
        kept = _levels_after(reach(groups, before).popitem()[1], before, after)
        return _groups_at(after.trades, kept, after)
    found = {group for group in groups if before.ways.get(group, (group,))[0] not in after.trades}
    for trade, levels in reach(groups, before).items():
        found |= _groups_at({trade}, _levels_after(levels, before, after), after)
    return frozenset(found)


def _is_level_alone(reached: Mapping[int, frozenset[str]], levels: frozenset[str], axes: Axes) -> bool:
    """Whether every trade, and there are several, is admitted at the same levels, and not at all of them."""
    is_partial = bool(levels) and levels != axes.every_level
    return is_partial and len(axes.trades) > 1 and all(reached.get(trade) == levels for trade in axes.trades)


def _levels_after(levels: frozenset[str], before: Axes, after: Axes) -> frozenset[str]:
    is_whole = not after.levels or levels == before.every_level
    return after.every_level if is_whole else levels & after.every_level


def _groups_at(trades: Collection[int], levels: Collection[str], axes: Axes) -> frozenset[int]:
    return frozenset(group for group, (trade, level) in axes.ways.items() if trade in trades and level in levels)

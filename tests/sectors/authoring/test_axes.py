"""Ticks and the groups they stand for, there and back; the same said with other levels."""

from hypothesis import assume, given
from hypothesis import strategies as st

from openedx_utop.sectors.authoring.axes import Axes, carried_over, groups_of, is_exact, reach, ticks_of
from openedx_utop.sectors.authoring.data import EVERYBODY

LEVELS = ("beginner", "intermediate", "advanced")
UNDECIDED = 90


@st.composite
def axes_of_some(draw: st.DrawFn) -> Axes:
    """Some trades at some levels, where learners of levels that are gone may still have groups of their own."""
    offered = draw(st.sampled_from([(), LEVELS[:2], LEVELS[1:], LEVELS]))
    counts = st.sampled_from(offered or ("",))
    ways = {}
    for trade in range(1, draw(st.integers(1, 4)) + 1):
        for place, level in enumerate(offered or ("",)):
            ways[trade if place == 0 else trade * 10 + place] = (trade, level)
        for place in range(draw(st.integers(0, 1))):
            ways[trade * 10 + 5 + place] = (trade, draw(counts))
    return Axes(offered, ways)


@st.composite
def axes_and_ticks(draw: st.DrawFn) -> tuple[Axes, frozenset[int]]:
    """Ticks that an author may send."""
    axes = draw(axes_of_some())
    trades = draw(st.frozensets(st.sampled_from([*sorted(axes.trades), UNDECIDED]), min_size=1))
    chosen = draw(st.sampled_from([trades, frozenset({EVERYBODY})]))
    levels = st.frozensets(st.sampled_from(sorted(axes.level_ticks)), min_size=1) if axes.levels else st.just(set())
    return axes, frozenset(chosen | draw(levels))


@given(axes_and_ticks())
def test_what_is_ticked_is_read_again(drawn: tuple[Axes, frozenset[int]]) -> None:
    axes, ticks = drawn
    groups = groups_of(ticks, axes)
    assert groups_of(ticks_of(groups, axes), axes) == groups
    assert is_exact(groups, axes)


@given(axes_and_ticks())
def test_the_ticks_come_back_as_they_were(drawn: tuple[Axes, frozenset[int]]) -> None:
    axes, ticks = drawn
    # Every trade at a level is read as everybody at it, and who has no trade has no level.
    assume(EVERYBODY in ticks or not ticks >= axes.trades)
    assume(EVERYBODY not in ticks or len(axes.trades) > 1 or ticks == axes.everyone)
    assume(ticks != {UNDECIDED} and not ticks - axes.level_ticks.keys() <= {UNDECIDED})
    assert ticks_of(groups_of(ticks, axes), axes) == ticks


@given(axes_of_some(), st.data())
def test_any_groups_lie_within_what_their_ticks_admit(axes: Axes, data: st.DataObject) -> None:
    groups = data.draw(st.frozensets(st.sampled_from([*sorted(axes.ways), UNDECIDED])))
    said = groups_of(ticks_of(groups, axes), axes)
    assert said is not None
    assert groups <= said
    assert is_exact(groups, axes) == (reach(said, axes) == reach(groups, axes))


@given(axes_and_ticks(), axes_of_some())
def test_a_trade_at_all_its_levels_stays_so_at_others(drawn: tuple[Axes, frozenset[int]], after: Axes) -> None:
    axes, ticks = drawn
    groups = groups_of(ticks | axes.level_ticks.keys(), axes)
    carried = carried_over(groups, axes, after)
    if groups is None:
        assert carried is None
        return
    kept = {trade for trade in reach(groups, axes) if trade in after.trades}
    assert carried is not None
    assert reach(carried, after) == dict.fromkeys(kept, after.every_level)
    assert (UNDECIDED in carried) == (UNDECIDED in groups)


@given(axes_and_ticks())
def test_the_same_axes_change_nothing(drawn: tuple[Axes, frozenset[int]]) -> None:
    axes, ticks = drawn
    groups = groups_of(ticks, axes)
    assert carried_over(groups, axes, axes) == groups


@given(st.integers(1, 4), st.data())
def test_levels_turned_on_and_off_again_leave_everything_said_as_it_was(trades: int, data: st.DataObject) -> None:
    off = Axes((), {trade: (trade, "") for trade in range(1, trades + 1)})
    groups = data.draw(st.frozensets(st.sampled_from([*off.ways, UNDECIDED]), min_size=1))
    new = {trade * 10 + place: (trade, LEVELS[place]) for trade in off.ways for place in (1, 2)}
    on = Axes(LEVELS, {**{trade: (trade, LEVELS[0]) for trade in off.ways}, **new})
    again = Axes((), {group: (trade, "") for group, (trade, _level) in on.ways.items()})
    back = carried_over(carried_over(groups, off, on), on, again)
    assert back is not None
    assert reach(back, again) == reach(groups, off)
    assert (UNDECIDED in back) == (UNDECIDED in groups)


def test_a_level_whatever_the_trade_is_also_of_a_trade_that_comes_later() -> None:
    before = Axes(LEVELS[:2], {1: (1, LEVELS[0]), 11: (1, LEVELS[1]), 2: (2, LEVELS[0]), 21: (2, LEVELS[1])})
    after = Axes(LEVELS[:2], {**before.ways, 3: (3, LEVELS[0]), 31: (3, LEVELS[1])})
    assert carried_over({11, 21}, before, after) == {11, 21, 31}
    assert carried_over({1, 11, 2, 21}, before, after) == {1, 11, 2, 21}


def test_a_level_that_goes_leaves_its_blocks_to_nobody_unless_all_levels_go() -> None:
    before = Axes(LEVELS, {1: (1, LEVELS[0]), 11: (1, LEVELS[1]), 12: (1, LEVELS[2])})
    fewer = Axes(LEVELS[:2], {1: (1, LEVELS[0]), 11: (1, LEVELS[1]), 12: (1, LEVELS[1])})
    none = Axes((), {1: (1, ""), 11: (1, ""), 12: (1, "")})
    assert carried_over({12}, before, fewer) == frozenset()
    assert carried_over({11}, before, fewer) == {11, 12}
    assert carried_over({12}, before, none) == {1, 11, 12}

"""The synthetic learners: the same for the same seed, and a truth that their own actions bear out."""

from itertools import pairwise

import pytest

from bench.accuracy.behaviour import visits
from bench.accuracy.report import error
from bench.accuracy.visits import Span, Visit, union

DRAWN = visits(40, seed=7)


def test_the_same_seed_gives_the_same_learners() -> None:
    assert visits(3, seed=1) == visits(3, seed=1)
    assert visits(3, seed=1) != visits(3, seed=2)


def test_spans_that_overlap_count_once() -> None:
    assert union([Span(5, 9), Span(0, 3), Span(2, 6), Span(20, 21)]) == [Span(0, 9), Span(20, 21)]


def test_nobody_is_there_for_less_than_five_minutes_or_for_longer_than_the_visit() -> None:
    for visit in DRAWN:
        last = max(action[0] for tab in visit.tabs for action in tab.actions)
        assert 300_000 <= visit.truth <= last


def test_actions_are_in_order_and_every_page_that_opens_closes() -> None:
    for visit in DRAWN:
        for tab in visit.tabs:
            assert all(earlier[0] <= later[0] for earlier, later in pairwise(tab.actions))
        names = [action[1] for action in visit.tabs[0].actions]
        assert names.count("open") == names.count("close")


def test_nobody_is_there_while_the_page_is_ignored() -> None:
    """In visits of one tab."""
    for visit in DRAWN:
        if len(visit.tabs) > 1:
            continue
        away, since = [], None
        for at, name, _value in visit.tabs[0].actions:
            if name == "ignore":
                since = at
            elif name == "attend" and since is not None:
                away, since = [*away, Span(since, at)], None
        overlaps = [min(a.end, b.end) - max(a.start, b.start) for a in away for b in union(visit.present)]
        assert all(overlap <= 0 for overlap in overlaps)


def test_all_kinds_of_behaviour_occur() -> None:
    names = {action[1] for visit in DRAWN for tab in visit.tabs for action in tab.actions}
    assert names == {
        *("open", "close", "hide", "show", "input", "scroll", "play", "stop"),
        *("float", "dock", "sleep", "wake", "attend", "ignore"),
    }
    assert {1, 2} <= {len(visit.tabs) for visit in DRAWN}


def test_errors_are_in_percent_of_the_truth_of_each_visit() -> None:
    drawn = [Visit(present=[Span(0, 100_000)]), Visit(present=[Span(0, 200_000)])]
    found = error(drawn, [110, 190])
    assert (found.bias, found.mape, found.p95) == pytest.approx((2.5, 7.5, 10))

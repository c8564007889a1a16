"""Codes, hours and presences, for any value."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.attendance.live import codes, rules
from openedx_utop.attendance.live.data import BadPlan, HalfDay, Plan

PARIS = ZoneInfo("Europe/Paris")
SLOT = UUID(int=7)
START = 1_000
END = 5_000
moments = st.integers(1_767_225_600_000, 1_893_456_000_000).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))
presences = st.lists(st.tuples(st.integers(0, 8_000), st.integers(0, 8_000)), max_size=12)


@given(moments, st.integers(0, 599))
def test_a_code_on_show_is_taken_for_five_to_ten_minutes(moment: datetime, later: int) -> None:
    shown, left = codes.code_on_show(SLOT, moment), rules.code_seconds_left(moment)
    assert len(shown) == 6
    assert shown.isdecimal()
    taken = codes.is_code(shown, SLOT, moment + timedelta(seconds=later))
    assert taken == (later < left - moment.microsecond / 1e6 + 300)


@given(presences)
def test_attended_is_the_union_within_the_half_day(spans: list[tuple[int, int]]) -> None:
    found = rules.attended(spans, start=START, end=END)
    seconds = {second for start, end in spans for second in range(max(start, START), min(end, END))}
    assert [second for start, end in found for second in range(start, end)] == sorted(seconds)
    assert all(start < end for start, end in found)
    assert all(first[1] < second[0] for first, second in pairwise(found))


@given(presences, st.randoms())
def test_the_order_of_lines_does_not_matter(spans: list[tuple[int, int]], random: object) -> None:
    shuffled = spans.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rules.attended(shuffled, start=START, end=END) == rules.attended(spans, start=START, end=END)
    assert rules.attended(spans + spans, start=START, end=END) == rules.attended(spans, start=START, end=END)


@given(moments, st.integers(-60, 300))
def test_a_learner_signs_around_the_half_day(start: datetime, minutes: int) -> None:
    half_day = HalfDay(start, start + timedelta(hours=3))
    assert rules.may_sign(half_day, start + timedelta(minutes=minutes)) == (-15 <= minutes < 210)


@pytest.mark.parametrize(
    ("start", "end", "is_one"),
    [("11:59", "14:00", True), ("11:59", "14:01", False), ("12:00", "18:00", True), ("08:00", "14:00", True)],
)
@pytest.mark.parametrize("day", ["2026-03-02", "2026-07-01"])
def test_a_half_day_lies_on_one_side_of_lunch(day: str, start: str, end: str, is_one: bool) -> None:
    first, last = (datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=PARIS) for hour in (start, end))
    half_day = HalfDay(first.astimezone(UTC), last.astimezone(UTC))
    plan = Plan("Atelier", "onsite_group", "Mairie", "", None, None, None, (half_day,))
    with nullcontext() if is_one else pytest.raises(BadPlan):
        rules.check_plan(plan, PARIS)

"""Who is behind and who is inactive."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opaque_keys.edx.keys import CourseKey

from openedx_utop.steering.rules import Attention, Standing, attention, expected_share, yardstick
from openedx_utop.training.data import Action, Conditions

NOW = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)
DAYS = st.integers(0, 400)
on_any_machine = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DATES = st.dates(date(2025, 1, 1), date(2027, 12, 31))
ACTION = Action(
    action_id=1,
    course_key=CourseKey.from_string("course-v1:a+b+c"),
    provider_id=1,
    title="",
    nature="",
    objectives="",
    starts_on=date(2026, 3, 1),
    ends_on=date(2026, 6, 8),
    conditions=Conditions(),
)
BEFORE = NOW - timedelta(days=20)


def held_against(now: datetime = NOW, action: Action = ACTION):
    return yardstick(action, now=now, zone=ZoneInfo("Europe/Paris"), inactive_days=7, grace_days=7)


def standing(share: float = 0.0, silent: float | None = None, *, finished: bool = False, since: datetime = BEFORE):
    seen = None if silent is None else NOW - timedelta(days=silent)
    return Standing(finished, share, seen, since)


@on_any_machine
@given(DATES, DAYS, DATES, DAYS)
def test_the_expected_share_grows_from_nothing_to_everything(start, length, day, later) -> None:
    end = start + timedelta(days=length)
    share = expected_share(start, end, day)
    assert 0 <= share <= expected_share(start, end, day + timedelta(days=later)) <= 1
    assert expected_share(start, end, start) == 0
    assert expected_share(start, end, end) < 1 == expected_share(start, end, end + timedelta(days=1))


def test_a_steady_pace() -> None:
    against = held_against()
    assert against.expected_share == pytest.approx(0.20)
    assert against.due_share == pytest.approx(0.13)


@pytest.mark.parametrize(
    ("learner", "expected"),
    [
        (standing(1.0, 30, finished=True), Attention.FINISHED),
        (standing(0.0, 30, finished=True), Attention.FINISHED),
        (standing(0.2, 6.9), Attention.ON_TRACK),
        (standing(0.13, 7), Attention.ON_TRACK),
        (standing(0.2, 7.1), Attention.INACTIVE),
        (standing(0.12, 1), Attention.BEHIND),
        (standing(0.12, 8), Attention.INACTIVE_AND_BEHIND),
        (standing(0.0, None), Attention.INACTIVE_AND_BEHIND),
        (standing(0.0, None, since=NOW - timedelta(days=2)), Attention.ON_TRACK),
        (standing(0.0, 1, since=NOW - timedelta(days=2)), Attention.ON_TRACK),
    ],
)
def test_the_cases(learner: Standing, expected: Attention) -> None:
    assert attention(learner, held_against()) is expected


def test_nobody_is_inactive_or_behind_in_the_first_days() -> None:
    for days in range(7):
        early = replace(ACTION, starts_on=NOW.date() - timedelta(days=days))
        assert attention(standing(), held_against(action=early)) is Attention.ON_TRACK


@on_any_machine
@given(st.floats(0, 1), st.none() | st.floats(0, 100), st.floats(0, 100), st.floats(0, 1))
def test_more_done_or_seen_later_never_needs_more_attention(share, silent, joined, more) -> None:
    learner = standing(share, silent, since=NOW - timedelta(days=joined))
    against = held_against()
    further = replace(learner, share=min(1.0, share + more))
    assert attention(further, against) <= attention(learner, against)
    seen = replace(learner, last_presence=NOW)
    assert attention(seen, against) <= attention(learner, against)
    assert not attention(seen, against).is_inactive

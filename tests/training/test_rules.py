"""When an action is fulfilled, and what is said to be missing."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opaque_keys.edx.keys import CourseKey

from openedx_utop.training.data import Action, Condition, Conditions, Evaluation, Module, Standing
from openedx_utop.training.rules import missing_conditions

COURSE = CourseKey.from_string("course-v1:UTOP+TPEPME+2027")
ACTION = Action(
    action_id=1,
    course_key=COURSE,
    provider_id=1,
    title="Transition numérique",
    nature="training",
    objectives="",
    starts_on=date(2027, 1, 4),
    ends_on=date(2027, 6, 30),
    conditions=Conditions(requires_completion=True, required_grade=60.0, required_seconds=3600),
)


def module(number: int, *, complete: bool = True) -> Module:
    """A quarter of an hour's module."""
    return Module(
        usage_key=COURSE.make_usage_key("sequential", f"module_{number}"),
        title=f"Module {number}",
        section_title="Semaine 1",
        estimated_seconds=900,
        is_complete=complete,
        completed_at=datetime(2027, 2, 1, tzinfo=UTC) if complete else None,
        earned=1.0 if complete else 0.0,
        possible=1.0,
    )


DONE = tuple(module(number) for number in range(16))


def conditions(path=DONE, *, action=ACTION, has_track=True, grade=60.0, certified_seconds=3600):
    """The names of the conditions that are missing."""
    standing = Standing(path, has_path=has_track, grade=grade, certified_seconds=certified_seconds)
    missing = missing_conditions(action.conditions, standing)
    return [item.condition for item in missing]


def test_nothing_is_missing_at_the_exact_thresholds():
    assert conditions() == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"grade": 59.99}, Condition.GRADE),
        ({"certified_seconds": 3599}, Condition.TIME),
        ({"has_track": False}, Condition.SECTOR),
        ({"path": (*DONE[:-1], module(15, complete=False))}, Condition.MODULES),
        ({"path": ()}, Condition.MODULES),
    ],
)
def test_one_missing_condition_is_named(change, expected):
    assert conditions(**change) == [expected]


def test_the_complete_trunk_alone_is_not_enough():
    assert conditions(DONE[:8], has_track=False) == [Condition.SECTOR]


def test_missing_modules_are_listed_in_course_order():
    path = (module(0), module(1, complete=False), module(2), module(3, complete=False))
    (missing,) = missing_conditions(ACTION.conditions, Standing(path, True, 100.0, 3600))
    assert [item.title for item in missing.modules] == ["Module 1", "Module 3"]
    assert (missing.actual, missing.required) == (2, 4)


def test_an_action_may_not_require_completion():
    action = replace(ACTION, conditions=replace(ACTION.conditions, requires_completion=False))
    assert conditions((module(0, complete=False),), action=action) == []


@given(
    complete=st.lists(st.booleans(), max_size=20),
    has_track=st.booleans(),
    grade=st.floats(0, 100),
    seconds=st.integers(0, 10_000),
)
def test_more_work_never_adds_a_missing_condition(complete, has_track, grade, seconds):
    path = tuple(module(number, complete=done) for number, done in enumerate(complete))
    before = set(conditions(path, has_track=has_track, grade=grade, certified_seconds=seconds))
    after = set(
        conditions(
            tuple(module(number) for number in range(len(path))),
            has_track=True,
            grade=min(100.0, grade + 1),
            certified_seconds=seconds + 60,
        )
    )
    assert after <= before


def test_the_estimated_duration_is_that_of_the_whole_path():
    path = (module(0), module(1, complete=False), module(2))
    assert Evaluation(ACTION, ACTION.conditions, path, 0.0, 0, 0, 0, ()).estimated_seconds == 2700

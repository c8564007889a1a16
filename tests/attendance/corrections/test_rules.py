"""Whatever is written and decided, in whatever order: no day below zero or above a day, no large one alone."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.attendance.corrections.data import Impossible, NewCorrection, State
from openedx_utop.attendance.corrections.rules import DAY_SECONDS, Earlier, Measured, check_amount, needs_second_person
from tests.attendance.corrections.conftest import MODULE, OTHER_MODULE

THRESHOLD = 3600
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAYS = (date(2026, 3, 2), date(2026, 3, 3))
MODULES = (None, MODULE, OTHER_MODULE)
COURSE = "course"

entries = st.lists(
    st.tuples(
        st.integers(-DAY_SECONDS, DAY_SECONDS) | st.integers(-THRESHOLD, THRESHOLD),
        st.sampled_from(DAYS),
        st.sampled_from(MODULES),
        st.sampled_from((20, 21)),
        st.integers(0, 40),
        st.sampled_from((State.PENDING, State.EFFECTIVE, State.REFUSED)),
    ),
    max_size=12,
)
measured_times = st.tuples(st.integers(0, 20_000), st.integers(0, 20_000), st.integers(0, 5_000))


def written(attempts, first, second, outside):
    """What is left of the attempts that the rules admit, each with the decision that it then got."""
    kept, now = [], START
    for seconds, day, module, author, hours, verdict in attempts:
        now += timedelta(hours=hours)
        new = NewCorrection(day, module, seconds, "other", "x")
        in_module = {MODULE: first, OTHER_MODULE: second}.get(module, 0)
        try:
            check_amount(new, kept, Measured(first + second, in_module, first + second + outside), course=COURSE)
        except Impossible:
            continue
        alone = not needs_second_person(
            new, kept, author_id=author, now=now, threshold_seconds=THRESHOLD, document_issued=False
        )
        state = State.EFFECTIVE if alone else verdict
        kept.append(Earlier(COURSE, day, str(module or ""), seconds, author, now, alone, state))
    return kept


@given(entries, measured_times)
def test_no_figure_leaves_its_bounds_whatever_becomes_of_what_waits(attempts, measured):
    first, second, outside = measured
    kept = written(attempts, first, second, outside)
    for pending_accepted in (True, False):
        counting = [
            each
            for each in kept
            if each.state == State.EFFECTIVE or (each.state == State.PENDING and (each.seconds < 0) == pending_accepted)
        ]
        for day in DAYS:
            that_day = [each for each in counting if each.day == day]
            total = first + second + sum(each.seconds for each in that_day)
            assert total >= 0
            assert total + outside <= DAY_SECONDS
            for module, spent in ((MODULE, first), (OTHER_MODULE, second)):
                assert spent + sum(each.seconds for each in that_day if each.module == str(module)) >= 0


@given(entries)
def test_nobody_moves_more_alone_than_the_threshold(attempts):
    kept = [each for each in written(attempts, 9_000, 9_000, 0) if each.alone]
    for each in kept:
        same = [other for other in kept if other.author_id == each.author_id]
        assert sum(abs(other.seconds) for other in same if other.day == each.day) <= THRESHOLD
        window = (other for other in same if timedelta() <= each.recorded_at - other.recorded_at <= timedelta(hours=24))
        assert sum(abs(other.seconds) for other in window) <= THRESHOLD


@given(st.integers(-DAY_SECONDS, DAY_SECONDS))
def test_after_a_document_was_issued_nobody_is_alone(seconds):
    new = NewCorrection(DAYS[0], None, seconds, "other", "x")
    assert needs_second_person(new, [], author_id=20, now=START, threshold_seconds=THRESHOLD, document_issued=True)

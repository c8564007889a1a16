"""Whose a change is."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from openedx_utop.sectors.changes.rules import LONGEST_REASON, is_locked, readable


@settings(deadline=None)
@given(st.dates(), st.dates())
def test_the_lock_holds_from_its_own_day_on(locked_from: date, day: date) -> None:
    assert is_locked(locked_from, day) == (day >= locked_from)
    assert is_locked(day, day)


@settings(deadline=None)
@given(st.dates())
def test_without_a_date_nothing_is_ever_locked(day: date) -> None:
    assert not is_locked(None, day)


@settings(deadline=None)
@given(st.text())
def test_a_reason_is_kept_as_it_can_be_read(reason: str) -> None:
    said = readable(reason)
    assert "\0" not in said
    assert len(said) <= LONGEST_REASON
    assert said in reason.replace("\0", "")
    assert bool(said) == bool(reason.replace("\0", "").strip())

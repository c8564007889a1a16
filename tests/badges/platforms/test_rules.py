"""When a platform is asked again."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.badges.platforms.rules import ATTEMPTS, LONGEST_DELAY_SECONDS, delay

attempts = st.integers(1, ATTEMPTS - 1)
jitters = st.floats(0, 1, exclude_max=True)


@given(attempts, jitters, st.none() | st.integers(0, 10**6))
def test_never_at_once_and_never_too_late(attempt: int, jitter: float, retry_after: int | None) -> None:
    found = delay(attempt, jitter=jitter, retry_after=retry_after)
    assert found is not None
    assert timedelta(minutes=1) <= found <= timedelta(seconds=LONGEST_DELAY_SECONDS)
    assert found >= timedelta(seconds=min(retry_after or 0, LONGEST_DELAY_SECONDS))


@pytest.mark.parametrize("jitter", [0.0, 0.999])
def test_it_waits_longer_and_longer_and_gives_up(jitter: float) -> None:
    delays = [delay(attempt, jitter=jitter) for attempt in range(1, ATTEMPTS)]
    assert all(earlier <= later for earlier, later in itertools.pairwise(delays))
    assert delay(ATTEMPTS, jitter=jitter) is None
    assert sum((each for each in delays if each), timedelta()) > timedelta(days=1)

"""Turns: not too many a second, and none for a while after a failure."""

import threading
import time

import pytest

from openedx_utop.organizations.register.data import NoAnswer
from openedx_utop.organizations.register.pace import Pace


@pytest.fixture
def pace() -> Pace:
    return Pace("test")


def test_turns_above_the_rate_go_to_the_next_second(pace: Pace) -> None:
    taken = []
    for _ in range(7):
        pace.take_turn(rate=3, patience=30)
        taken.append(int(time.time()))
    assert all(taken.count(second) <= 3 for second in taken)


def test_who_has_no_patience_goes_without(pace: Pace) -> None:
    def hurry() -> None:
        for _ in range(10_000):
            pace.take_turn(rate=1, patience=0)

    with pytest.raises(NoAnswer, match="too many"):
        hurry()


def test_turns_are_shared_by_threads(pace: Pace) -> None:
    taken: list[int] = []

    def take() -> None:
        pace.take_turn(rate=5, patience=30)
        taken.append(int(time.time()))

    threads = [threading.Thread(target=take) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 12
    # A thread may have got its turn at the very end of a second and looked at the clock in the next one.
    assert len(set(taken)) >= 2


def test_nobody_asks_while_it_rests_and_one_at_a_time_afterwards(pace: Pace) -> None:
    pace.failed(rest=600)
    assert pace.is_resting()
    with pytest.raises(NoAnswer, match="left alone"):
        pace.take_turn(rate=5, patience=0)
    pace.failed(rest=1)
    deadline = time.monotonic() + 30
    while pace.is_resting():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    pace.take_turn(rate=1000, patience=0)
    with pytest.raises(NoAnswer, match="somebody else"):
        pace.take_turn(rate=1000, patience=0)
    pace.answered()
    pace.take_turn(rate=1000, patience=0)
    pace.take_turn(rate=1000, patience=0)


def test_one_register_does_not_pay_for_another(pace: Pace) -> None:
    pace.failed()
    Pace("other").take_turn(rate=5, patience=0)

"""Learners who act at the very same time, on a database with real concurrency."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from openedx_utop.attendance.live import api
from openedx_utop.attendance.live.models import LiveSession, LiveSignature, LiveSlot, SigningAttempts
from tests.attendance.live.conftest import CAMILLE, COURSE, MORNING, STAFF
from tests.host import InMemoryPlatform

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]

CROWD = 8


def at_once(work: Callable[[int], None]) -> list[str]:
    """Run the same work for each number, started together; what each raised, or an empty text."""
    barrier = Barrier(CROWD)

    def run(number: int) -> str:
        try:
            barrier.wait()
            work(number)
        except api.LiveError as error:
            return type(error).__name__
        else:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as pool:
        return sorted(pool.map(run, range(CROWD)))


@pytest.fixture
def crowd(session: LiveSession, host: InMemoryPlatform) -> LiveSession:
    host.enrolments |= {(100 + number, COURSE) for number in range(CROWD)}
    return session


def test_the_last_places_are_not_given_twice(crowd: LiveSession) -> None:
    LiveSession.objects.update(capacity=3)
    said = at_once(lambda number: api.register(100 + number, crowd.uuid, now=MORNING))
    assert said == [""] * 3 + ["SessionFull"] * (CROWD - 3)
    assert crowd.registrations.count() == 3


def test_a_signature_sent_many_times_at_once_is_one(crowd: LiveSession, morning: LiveSlot) -> None:
    code = api.code_on_show(morning.uuid, MORNING)

    def sign(number: int) -> None:
        if number % 2:
            api.sign_with_code(CAMILLE, morning.uuid, code, now=MORNING)
        else:
            api.sign_for(CAMILLE, morning.uuid, reason="x", by=STAFF, now=MORNING)

    assert at_once(sign) == [""] * CROWD
    assert list(LiveSignature.objects.values_list("rank", flat=True)) == [1]


def test_guesses_sent_at_once_are_counted_one_by_one(crowd: LiveSession, morning: LiveSlot) -> None:
    said = at_once(lambda _number: api.sign_with_code(CAMILLE, morning.uuid, "wrong", now=MORNING))
    assert said == ["TooManyAttempts"] * (CROWD - 5) + ["WrongCode"] * 5
    assert SigningAttempts.objects.get(user_id=CAMILLE).attempts == 5


def test_a_session_does_not_change_under_a_signature(crowd: LiveSession, morning: LiveSlot) -> None:
    shorter = api.HalfDay(morning.start, morning.start + (morning.end - morning.start) / 2)
    plan = api.Plan("Autre", "onsite_group", "Mairie", "", None, None, None, (shorter,))

    def work(number: int) -> None:
        if number:
            api.sign_for(100 + number, morning.uuid, reason="x", by=STAFF, now=MORNING)
        else:
            api.change_session(crowd.uuid, plan, by=STAFF, now=MORNING)

    said = at_once(work)
    spans = {hours.end for number in range(CROWD) for hours in api.live_hours(100 + number, COURSE)}
    signed = LiveSignature.objects.count()
    assert (signed, spans) in ((CROWD - 1, {morning.end}), (0, set()))
    assert ("SessionSettled" in said) == (signed > 0)

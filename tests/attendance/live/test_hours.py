"""The signed hours that others compose."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from openedx_utop.attendance.live.api import LiveHours, live_hours, live_hours_of
from openedx_utop.attendance.live.models import LiveSession, LiveSignature, LiveSlot
from tests.attendance.live.conftest import (
    AFTERNOON,
    CAMILLE,
    COURSE,
    HALF_DAY,
    MORNING,
    OTHER_COURSE,
    SACHA,
    ms,
    new_session,
)

QUARTER = timedelta(minutes=15)


def sign(slot: LiveSlot | None, user_id: int, *parts: tuple[int, int], rank: int = 1, method: str = "code") -> None:
    assert slot is not None
    LiveSignature.objects.create(
        slot=slot,
        user_id=user_id,
        rank=rank,
        method=method,
        intervals=[list(part) for part in parts],
        signed_by=user_id,
        signed_at=slot.start,
    )


def whole(slot: LiveSlot | None) -> tuple[int, int]:
    assert slot is not None
    return ms(slot.start), ms(slot.end)


def test_a_signed_half_day_counts_whole(session: LiveSession, morning: LiveSlot) -> None:
    sign(morning, CAMILLE, whole(morning))
    (hours,) = live_hours(CAMILLE, COURSE)
    assert hours == LiveHours(morning.uuid, MORNING, MORNING + HALF_DAY, "onsite_group", "Clôture", None)


def test_what_was_attended_of_a_videoconference_counts_in_order_of_time(session: LiveSession) -> None:
    afternoon = session.slots.get(start=AFTERNOON)
    parts = [(ms(AFTERNOON), ms(AFTERNOON + QUARTER)), (ms(AFTERNOON + 2 * QUARTER), ms(AFTERNOON + HALF_DAY))]
    sign(afternoon, CAMILLE, *parts, method="import")
    sign(session.slots.get(start=MORNING), CAMILLE, whole(session.slots.get(start=MORNING)))
    starts = [hours.start for hours in live_hours(CAMILLE, COURSE)]
    assert starts == [MORNING, AFTERNOON, AFTERNOON + 2 * QUARTER]


def test_a_cancelled_signature_proves_nothing_until_signed_again(session: LiveSession, morning: LiveSlot) -> None:
    sign(morning, CAMILLE, whole(morning))
    sign(morning, CAMILLE, rank=2, method="cancelled")
    assert live_hours(CAMILLE, COURSE) == ()
    sign(morning, CAMILLE, whole(morning), rank=3, method="trainer")
    assert len(live_hours(CAMILLE, COURSE)) == 1


def test_one_rank_is_taken_once(session: LiveSession, morning: LiveSlot) -> None:
    sign(morning, CAMILLE, whole(morning))
    with pytest.raises(IntegrityError), transaction.atomic():
        sign(morning, CAMILLE, whole(morning))


def test_many_learners_in_one_query_and_no_other_course(
    session: LiveSession, morning: LiveSlot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sign(morning, CAMILLE, whole(morning))
    sign(new_session(course=OTHER_COURSE).slots.first(), SACHA, whole(morning))
    with django_assert_num_queries(1):
        found = live_hours_of([CAMILLE, SACHA], COURSE)
    assert {user_id: len(hours) for user_id, hours in found.items()} == {CAMILLE: 1, SACHA: 0}

"""The signed hours that others compose."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from openedx_utop.attendance.live.api import LiveHours, attended_sessions, live_hours, live_hours_of, sign_as_trainer
from openedx_utop.attendance.live.models import LiveSession, LiveSignature, LiveSlot, TrainerSignature
from openedx_utop.events.signals import live_hours_changed
from openedx_utop.training.api import PolicyFacts, Sessions
from tests.attendance.live.conftest import (
    AFTERNOON,
    CAMILLE,
    COURSE,
    HALF_DAY,
    MORNING,
    OTHER_COURSE,
    SACHA,
    TRAINER,
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


def test_a_half_day_counts_once_the_trainer_signed_it_too(session: LiveSession, morning: LiveSlot) -> None:
    asking, other = PolicyFacts(requires_trainer_signature=True), PolicyFacts()
    for slot in session.slots.all():
        sign(slot, CAMILLE, whole(slot))
    assert attended_sessions(CAMILLE, COURSE, (asking,)) == Sessions(half_days=0, attended=0, planned=1)
    assert attended_sessions(CAMILLE, COURSE, (other,)) == Sessions(half_days=2, attended=1, planned=1)
    TrainerSignature.objects.create(slot=morning, user_id=TRAINER, signed_at=morning.end)
    assert attended_sessions(CAMILLE, COURSE, (asking,)) == Sessions(half_days=1, attended=0, planned=1)
    assert [hours.trainer_signed for hours in live_hours(CAMILLE, COURSE)] == [True, False]


def test_the_trainers_signature_is_news_for_those_who_signed(
    session: LiveSession, morning: LiveSlot, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[int] = []

    def hear(user_id: int, **_kwargs: object) -> None:
        told.append(user_id)

    sign(morning, CAMILLE, whole(morning))
    sign(morning, SACHA, whole(morning))
    sign(morning, SACHA, rank=2, method="cancelled")
    live_hours_changed.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(2):
            sign_as_trainer(TRAINER, morning.uuid, now=morning.end)
    live_hours_changed.disconnect(hear)
    assert told == [CAMILLE]

"""The figures of one learner in one course: presences, signed hours, corrections and the action's policy together."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openedx_utop.attendance import api
from openedx_utop.attendance.corrections.models import Correction
from openedx_utop.attendance.live.models import LiveSession, LiveSignature, LiveSlot, TrainerSignature
from openedx_utop.organizations.models import Provider
from openedx_utop.training.api import add_policy
from openedx_utop.training.models import ModuleEstimate, TrainingAction
from tests.attendance.conftest import LEARNER, course_key, usage_key
from tests.presences import store_presence

pytestmark = pytest.mark.django_db

ONE, TWO = (usage_key("first", "sequential", name) for name in ("one", "two"))
NINE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OTHER = LEARNER + 1


@pytest.fixture
def action() -> TrainingAction:
    record = TrainingAction.objects.create(
        course_key=course_key(),
        provider=Provider.objects.create(name="Organisme", siret="00000000000000"),
        title="Numérique",
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 3, 31),
    )
    ModuleEstimate.objects.create(action=record, usage_key=ONE, minutes=60)
    return record


def presence(start: datetime, length: timedelta, module=ONE, user_id: int = LEARNER) -> None:
    store_presence(
        user_id=user_id,
        course_key=course_key(),
        module_key=module,
        unit_key=usage_key("first", "vertical", "unit"),
        client="tab-00001",
        start=start,
        end=start + length,
    )


def signed(start: datetime, length: timedelta, user_id: int = LEARNER, course: str = "first") -> None:
    session = LiveSession.objects.create(
        course_key=course_key(course), title="Clôture", modality="onsite_group", created_by=1, created_at=NINE
    )
    slot = LiveSlot.objects.create(session=session, start=start, end=start + length)
    span = [int(instant.timestamp() * 1000) for instant in (start, start + length)]
    LiveSignature.objects.create(
        slot=slot, user_id=user_id, rank=1, method="code", intervals=[span], signed_by=user_id, signed_at=start
    )
    TrainerSignature.objects.create(slot=slot, user_id=1, signed_at=start)


def corrected(seconds: int, module=None, user_id: int = LEARNER) -> None:
    Correction.objects.create(
        user_id=user_id,
        course_key=course_key(),
        day=NINE.date(),
        module_key=module,
        seconds=seconds,
        reason_code="outage",
        text="Panne du réseau",
        author_id=1,
        author_role="staff",
        recorded_at=NINE,
        needs_second_person=False,
        after_issue=False,
        rank=Correction.objects.count() + 1,
    )


def test_one_record_of_everything(action: TrainingAction) -> None:
    presence(NINE, 4 * HOUR)
    presence(NINE + 5 * HOUR, HOUR, TWO)
    signed(NINE + 3.5 * HOUR, HOUR)
    corrected(600)
    time = api.course_time(LEARNER, course_key())
    assert (time.total_seconds, time.by_module) == (18_000, {ONE: 14_400, TWO: 3600})
    assert (time.live_seconds, time.overlap_seconds, time.corrections_seconds) == (3600, 1800, 600)
    # Three times an hour of the first, three times a quarter of an hour of the second.
    assert time.by_modality == {"remote_asynchronous": 10_800 + 2700 + 600, "onsite_group": 3600}
    assert time.certified_by_module == {ONE: 10_800, TWO: 2700, None: 4200}
    assert [(each.rule, each.module, each.seconds) for each in time.capped] == [
        ("activity", ONE, 1800),
        ("activity", TWO, 900),
    ]
    recorded = time.total_seconds - time.overlap_seconds + time.live_seconds + time.corrections_seconds
    assert time.certified_seconds + time.capped_seconds == recorded
    assert (time.recounted_certified_seconds, time.recounted_version) == (time.certified_seconds, 0)


def test_a_live_hour_of_another_course_wins_too_and_counts_there(action: TrainingAction) -> None:
    presence(NINE, HOUR)
    signed(NINE + 0.5 * HOUR, HOUR, course="second")
    here, there = (api.course_time(LEARNER, course_key(course)) for course in ("first", "second"))
    assert (here.certified_seconds, here.overlap_seconds, here.live_seconds) == (1800, 1800, 0)
    assert (there.certified_seconds, there.live_seconds) == (3600, 3600)


def test_the_same_hour_signed_in_two_courses_counts_in_one_of_them() -> None:
    for course in ("first", "second", "third"):
        signed(NINE, HOUR, course=course)
    times = [api.course_time(LEARNER, course_key(course)) for course in ("first", "second", "third")]
    assert sorted(time.live_seconds for time in times) == [0, 0, 3600]
    assert sum(len(time.overlaps) for time in times) == 2


def test_a_course_that_is_no_training_action_has_no_limits() -> None:
    presence(NINE, 12 * HOUR)
    assert api.course_time(LEARNER, course_key()).certified_seconds == 12 * 3600


def test_a_newer_policy_recounts_beside_the_first_figure(action: TrainingAction) -> None:
    presence(NINE, 2 * HOUR)
    tomorrow = NINE.date() + timedelta(days=1)
    for limit in (600, 60):
        add_policy(action.pk, {"day_limit_minutes": limit}, effective_from=tomorrow, by=1, now=NINE)
    time = api.course_time(LEARNER, course_key())
    assert (time.certified_seconds, time.policy_versions) == (7200, (0,))
    assert (time.recounted_certified_seconds, time.recounted_version) == (3600, 2)


def test_a_long_day_is_flagged_and_loses_nothing(action: TrainingAction) -> None:
    presence(NINE, 3 * HOUR)
    signed(NINE + 3 * HOUR, 4.5 * HOUR)
    time = api.course_time(LEARNER, course_key())
    [flag] = time.flags
    assert (flag.remark, flag.day, flag.seconds, flag.compared_with) == ("long_day", NINE.date(), 27_000, 25_200)
    assert time.certified_seconds == 27_000


def test_as_many_queries_for_many_learners_and_rows_as_for_one(action: TrainingAction) -> None:
    presence(NINE, HOUR)
    with CaptureQueriesContext(connection) as one:
        api.course_time(LEARNER, course_key())
    for user_id in (LEARNER, OTHER):
        for day in range(5):
            presence(NINE + timedelta(days=day + 1), HOUR, TWO, user_id)
            signed(NINE + timedelta(days=day + 1), HOUR, user_id)
            corrected(60, user_id=user_id)
    add_policy(action.pk, {}, effective_from=NINE.date(), by=1, now=NINE)
    with CaptureQueriesContext(connection) as many:
        times = api.course_times([LEARNER, OTHER], course_key())
    assert len(many) == len(one) <= 8
    assert times[OTHER].live_seconds == times[LEARNER].live_seconds == 5 * 3600
    assert (times[LEARNER].total_seconds, times[OTHER].total_seconds) == (6 * 3600, 5 * 3600)

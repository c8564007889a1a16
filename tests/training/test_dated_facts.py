"""Dates and durations of an action that change: days past keep those that they were counted with."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import PathModule
from openedx_utop.organizations.models import Provider
from openedx_utop.training import api
from openedx_utop.training.models import AttendancePolicy, ModuleEstimate, TrainingAction
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.django_db

COURSE = CourseKey.from_string("course-v1:UTOP+TPEPME+2027")
NOW = datetime(2027, 3, 2, 9, tzinfo=UTC)
TODAY = date(2027, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)
MODULE = COURSE.make_usage_key("sequential", "b")
OPERATOR = 3


@pytest.fixture
def record() -> TrainingAction:
    """Begun in January, with one module of forty minutes among modules of fifteen."""
    action = TrainingAction.objects.create(
        course_key=COURSE,
        provider=Provider.objects.create(name="Organisme d'essai", siret="90000000100017"),
        title="Transition numérique",
        starts_on=date(2027, 1, 4),
        ends_on=date(2027, 6, 30),
    )
    ModuleEstimate.objects.create(action=action, usage_key=MODULE, minutes=40)
    return action


def change(record: TrainingAction, *, now: datetime = NOW, minutes: int | None = None, **fields: object) -> bool:
    """As an operator's form does."""
    before = api.published_facts(record.pk)
    TrainingAction.objects.filter(pk=record.pk).update(**fields)
    if minutes:
        record.estimates.update(minutes=minutes)
    return api.date_facts(record.pk, before, by=OPERATOR, now=now)


def action() -> api.Action:
    found = api.action_for(COURSE)
    assert found
    return found


def minutes_on(day: date) -> int:
    return api.estimates(action()).of(MODULE, day) // 60


def test_days_past_keep_the_duration_they_were_counted_with(record: TrainingAction) -> None:
    assert change(record, minutes=20)
    assert (minutes_on(YESTERDAY), minutes_on(TODAY), api.estimates(action()).of(MODULE)) == (40, 20, 1200)
    assert change(record, minutes=30, now=NOW + timedelta(days=2))
    assert [minutes_on(TODAY + timedelta(days=days)) for days in (-1, 0, 1, 2)] == [40, 20, 20, 30]
    assert [each.version for each in api.policies(action())] == [0, 1, 2]


def test_days_past_keep_the_dates_they_were_counted_with(record: TrainingAction) -> None:
    assert change(record, ends_on=YESTERDAY, starts_on=date(2027, 1, 1))
    held = {day: api.policy_on(action(), day).covers(day) for day in (date(2027, 1, 2), YESTERDAY, TODAY)}
    assert held == {date(2027, 1, 2): False, YESTERDAY: True, TODAY: False}


def test_the_policy_stays_and_so_does_what_is_to_come(record: TrainingAction) -> None:
    api.add_policy(record.pk, {"day_limit_minutes": 480}, effective_from=date(2027, 1, 4), by=OPERATOR, now=NOW)
    api.add_policy(record.pk, {"day_limit_minutes": 420}, effective_from=date(2027, 4, 1), by=OPERATOR, now=NOW)
    change(record, minutes=20)
    limits = [api.policy_on(action(), day).day_limit_seconds // 60 for day in (YESTERDAY, TODAY, date(2027, 4, 1))]
    assert limits == [480, 480, 420]
    assert (minutes_on(YESTERDAY), minutes_on(TODAY), minutes_on(date(2027, 4, 1))) == (40, 20, 20)
    assert [each.version for each in api.policies(action())] == [0, 1, 2, 3, 4]


def test_an_action_that_has_not_begun_has_no_past(record: TrainingAction) -> None:
    assert not change(record, minutes=20, now=datetime(2027, 1, 3, tzinfo=UTC))
    assert not change(record, title="Autre titre")
    assert not AttendancePolicy.objects.exists()
    assert minutes_on(date(2027, 1, 4)) == 20


def test_a_module_completed_keeps_the_duration_of_that_day(record: TrainingAction, host: InMemoryPlatform) -> None:
    change(record, minutes=20)
    for user_id, at in ((7, NOW - timedelta(days=1)), (8, NOW)):
        host.paths[user_id, COURSE] = (PathModule(MODULE, "b", "Semaine 1", True, at, 1.0, 1.0),)
    assert [api.learner_modules(pk, action())[0].estimated_seconds for pk in (7, 8)] == [2400, 1200]


def test_actions_keep_the_defaults_that_they_began_with(record: TrainingAction) -> None:
    assert api.policy_on(action(), TODAY).requires_trainer_signature
    TrainingAction.objects.update(defaults_edition=1)
    assert not api.policy_on(action(), TODAY).requires_trainer_signature
    change(record, minutes=20)
    assert not api.policy_on(action(), TODAY).requires_trainer_signature


def test_the_operators_form_dates_what_it_changes(record: TrainingAction, client: Client, time_machine: object) -> None:
    time_machine.move_to(NOW, tick=False)  # type: ignore[attr-defined]
    client.force_login(User.objects.create_superuser("operator", pk=OPERATOR))
    page = f"/admin/openedx_utop/trainingaction/{record.pk}/change/"
    estimate = record.estimates.get()
    fields = {
        "course_key": str(COURSE),
        "provider": record.provider_id,
        "title": record.title,
        "nature": record.nature,
        "starts_on": "2027-01-04",
        "ends_on": "2027-06-30",
        "default_module_minutes": "15",
        "required_grade": "0",
        "required_minutes": "0",
        "required_half_days": "0",
        "requires_completion": "on",
        "estimates-TOTAL_FORMS": "1",
        "estimates-INITIAL_FORMS": "1",
        "estimates-0-id": estimate.pk,
        "estimates-0-action": record.pk,
        "estimates-0-usage_key": str(MODULE),
        "estimates-0-minutes": "20",
    }
    assert client.post(page, fields).status_code == 302
    assert (minutes_on(YESTERDAY), minutes_on(TODAY)) == (40, 20)
    assert {row.created_by for row in AttendancePolicy.objects.all()} == {OPERATOR}

"""The policy of attendance: versions that are added, never altered, and never reach back."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.test import Client
from opaque_keys.edx.keys import CourseKey

from openedx_utop.organizations.models import Provider
from openedx_utop.training import api
from openedx_utop.training.models import AttendancePolicy, TrainingAction

pytestmark = pytest.mark.django_db

COURSE = CourseKey.from_string("course-v1:UTOP+TPEPME+2027")
# A quarter past midnight of the 2 March in Paris, still the 1 March in UTC.
NOW = datetime(2027, 3, 1, 23, 15, tzinfo=UTC)
TODAY = date(2027, 3, 2)
OPERATOR = 3
ADD = "/admin/openedx_utop/attendancepolicy/add/"


@pytest.fixture
def record() -> TrainingAction:
    return TrainingAction.objects.create(
        course_key=COURSE,
        provider=Provider.objects.create(name="Organisme d'essai", siret="90000000100017"),
        title="Transition numérique",
        starts_on=date(2027, 1, 4),
        ends_on=date(2027, 6, 30),
    )


@pytest.fixture
def action(record: TrainingAction) -> api.Action:
    found = api.action_for(COURSE)
    assert found is not None
    return found


def add(action: api.Action, effective_from: date, **terms: object) -> api.PolicyFacts:
    return api.add_policy(action.action_id, terms, effective_from=effective_from, by=OPERATOR, now=NOW)


def test_without_any_written_the_published_limits_hold_within_the_action(action: api.Action) -> None:
    policy = api.policy_on(action, TODAY)
    assert (policy.version, policy.effective_from) == (0, None)
    assert (policy.activity_limit(900), policy.activity_limit(300)) == (2700, 1200)
    assert (policy.day_limit_seconds, policy.day_flag_seconds) == (36_000, 25_200)
    days = [date(2027, 1, 3), date(2027, 1, 4), date(2027, 6, 30), date(2027, 7, 1)]
    assert [policy.covers(day) for day in days] == [False, True, True, False]
    assert (policy.realised_rule, policy.records_ip) == (api.RealisedRule.ESTIMATED, False)


def test_each_day_keeps_its_version(action: api.Action) -> None:
    add(action, date(2027, 2, 1), day_limit_minutes=480)
    later = add(action, date(2027, 4, 1), day_limit_minutes=420, contract_last_day=date(2027, 5, 31))
    assert [policy.version for policy in api.policies(action)] == [0, 1, 2]
    versions = [api.policy_on(action, day).version for day in (date(2027, 1, 31), date(2027, 2, 1), date(2027, 4, 1))]
    assert versions == [0, 1, 2]
    assert (later.contract_first, later.contract_last) == (date(2027, 1, 4), date(2027, 5, 31))
    assert later.activity_factor == Decimal(3)


def test_the_last_decision_holds_even_if_it_takes_effect_first(action: api.Action) -> None:
    add(action, date(2027, 5, 1), day_limit_minutes=300)
    add(action, date(2027, 4, 1), day_limit_minutes=480)
    assert api.policy_on(action, date(2027, 5, 2)).version == 2


def test_only_the_first_version_may_cover_days_past(action: api.Action) -> None:
    yesterday = TODAY - timedelta(days=1)
    add(action, yesterday)
    with pytest.raises(api.ReachesBack):
        add(action, yesterday)
    assert add(action, TODAY).version == 2


def test_who_wrote_it_and_when_is_kept(action: api.Action) -> None:
    add(action, TODAY)
    row = AttendancePolicy.objects.get()
    assert (row.created_by, row.created_at) == (OPERATOR, NOW)


def test_an_action_with_a_policy_is_not_deleted(record: TrainingAction, action: api.Action) -> None:
    add(action, TODAY)
    with pytest.raises(ProtectedError):
        record.delete()


def test_a_contract_that_ends_before_it_starts_is_refused(record: TrainingAction) -> None:
    policy = AttendancePolicy(
        action=record, effective_from=TODAY, contract_first_day=TODAY, contract_last_day=TODAY - timedelta(days=1)
    )
    with pytest.raises(ValidationError) as refused:
        policy.full_clean()
    assert "contract_last_day" in refused.value.message_dict


@pytest.fixture
def operator(client: Client, time_machine) -> Client:
    time_machine.move_to(NOW, tick=False)
    client.force_login(User.objects.create_superuser("operator", pk=OPERATOR))
    return client


def fields(record: TrainingAction, effective_from: date) -> dict[str, object]:
    return {
        "action": record.pk,
        "effective_from": effective_from.isoformat(),
        "activity_factor": "2.5",
        "activity_minimum_minutes": 10,
        "day_limit_minutes": 480,
        "day_flag_minutes": 420,
        "realised_rule": "lower",
    }


def test_an_operator_adds_versions_and_alters_none(operator: Client, record: TrainingAction) -> None:
    for effective_from in (date(2027, 1, 4), TODAY):
        assert operator.post(ADD, fields(record, effective_from)).status_code == 302
    first, second = AttendancePolicy.objects.order_by("version")
    assert (first.version, second.version, second.created_by) == (1, 2, OPERATOR)
    assert (second.realised_rule, second.activity_factor) == ("lower", Decimal("2.5"))
    change = f"/admin/openedx_utop/attendancepolicy/{first.pk}/change/"
    assert operator.post(change, fields(record, TODAY) | {"day_limit_minutes": 1}).status_code == 403
    assert operator.post(change.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert operator.get(change).status_code == 200


def test_an_operator_is_told_why_past_days_stay(operator: Client, record: TrainingAction) -> None:
    operator.post(ADD, fields(record, TODAY))
    answer = operator.post(ADD, fields(record, TODAY - timedelta(days=1)), headers={"Accept-Language": "en"})
    assert "Past days keep their version" in answer.content.decode()
    assert AttendancePolicy.objects.count() == 1

"""The training domain on a database and a host."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import PathModule
from openedx_utop.organizations.models import Provider
from openedx_utop.training import api
from openedx_utop.training.models import ModuleEstimate, TrainingAction

pytestmark = pytest.mark.django_db

COURSE = CourseKey.from_string("course-v1:UTOP+TPEPME+2027")


@pytest.fixture
def record():
    """A training action of fifteen-minute modules."""
    provider = Provider.objects.create(name="Organisme d'essai", siret="90000000100017")
    return TrainingAction.objects.create(
        course_key=COURSE,
        provider=provider,
        title="Transition numérique",
        starts_on=date(2027, 1, 4),
        ends_on=date(2027, 6, 30),
        required_grade=60,
        required_minutes=60,
    )


def path_module(name, *, complete=True):
    return PathModule(COURSE.make_usage_key("sequential", name), name, "Semaine 1", complete, None, 1.0, 1.0)


def test_a_course_without_training_action_has_none(host):
    assert api.action_for(COURSE) is None


def test_the_path_has_the_estimates(host, record):
    ModuleEstimate.objects.create(action=record, usage_key=COURSE.make_usage_key("sequential", "b"), minutes=40)
    host.paths[7, COURSE] = (path_module("a"), path_module("b", complete=False))
    path = api.learner_modules(7, api.action_for(COURSE))
    assert [(item.title, item.estimated_seconds, item.is_complete) for item in path] == [
        ("a", 900, True),
        ("b", 2400, False),
    ]


def test_actions_come_latest_first(host, record):
    TrainingAction.objects.create(
        course_key=CourseKey.from_string("course-v1:UTOP+TPEPME+2028"),
        provider=record.provider,
        title="Suite",
        starts_on=date(2028, 1, 4),
        ends_on=date(2028, 6, 30),
    )
    assert [action.title for action in api.actions()] == ["Suite", "Transition numérique"]


def test_a_period_that_ends_before_it_starts_is_refused(record):
    record.ends_on = date(2026, 1, 1)
    with pytest.raises(ValidationError) as error:
        record.full_clean()
    assert "ends_on" in error.value.message_dict

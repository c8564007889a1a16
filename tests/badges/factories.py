"""A training action, and learners at its end."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import PathModule, Person
from openedx_utop.organizations.models import Provider
from openedx_utop.training.models import TrainingAction
from tests.host import InMemoryPlatform
from tests.presences import store_presence

COURSE = CourseKey.from_string("course-v1:Campus+TPE+2026")
NOW = datetime(2026, 11, 20, 15, 30, 12, 345678, tzinfo=UTC)
CAMILLE = 7


def training_action(**values: Any) -> TrainingAction:
    """An action that asks for every module, 60 % and two hours."""
    provider = Provider.objects.create(
        name="Campus d'essai", siret="00000000000018", email="badges@example.org", url="https://campus.example.org/é"
    )
    return TrainingAction.objects.create(
        **{
            "course_key": COURSE,
            "provider": provider,
            "title": "Réussir la transition numérique",
            "starts_on": date(2026, 11, 2),
            "ends_on": date(2026, 11, 30),
            "required_grade": 60,
            "required_minutes": 120,
            **values,
        }
    )


def module(number: int, **values: Any) -> PathModule:
    """A completed and graded subsection."""
    return PathModule(
        **{
            "usage_key": COURSE.make_usage_key("sequential", f"module{number}"),
            "title": f"Module {number}",
            "section_title": "Semaine 1",
            "is_complete": True,
            "completed_at": NOW - timedelta(days=number),
            "earned": 3.0,
            "possible": 4.0,
            **values,
        }
    )


def learner_at_the_end(host: InMemoryPlatform, user_id: int = CAMILLE) -> None:
    """A learner who fulfils the conditions of `training_action()`."""
    host.people[user_id] = Person(user_id, f"user{user_id}", "Camille Dupont", "Camille.Dupont@example.fr", "fr")
    host.enrolments.add((user_id, COURSE))
    host.paths[user_id, COURSE] = (module(1), module(2))
    host.grades[user_id, COURSE] = 87.5
    for number in (1, 2, 3):
        spend(user_id, number, minutes=44)


def spend(user_id: int, number: int, **length: int) -> None:
    """One interval of presence on one module."""
    start = NOW - timedelta(days=number)
    store_presence(
        user_id=user_id,
        course_key=COURSE,
        module_key=COURSE.make_usage_key("sequential", f"module{number}"),
        unit_key=COURSE.make_usage_key("vertical", "unit1"),
        client="tab",
        start=start,
        end=start + timedelta(**length),
    )

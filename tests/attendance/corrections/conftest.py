"""A training action with a learner, a member of the staff who corrects, and another who decides."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from openedx_utop.attendance.models import Presence
from openedx_utop.compat import Course, PathModule, Person
from openedx_utop.organizations.models import Provider
from openedx_utop.training.models import TrainingAction
from tests.attendance.conftest import usage_key
from tests.attendance.corrections.factories import AUTHOR, COURSE, LEARNER, OTHER_COURSE, SECOND, STRANGER
from tests.host import InMemoryPlatform
from tests.presences import store_presence

MODULE, OTHER_MODULE = (usage_key("first", "sequential", name) for name in ("module", "other"))


def spend(start: datetime, end: datetime, **values: Any) -> Presence:
    """Time measured of the learner."""
    return store_presence(
        **{
            "user_id": LEARNER,
            "course_key": COURSE,
            "module_key": MODULE,
            "unit_key": usage_key("first", "vertical", "unit"),
            "client": "tab",
            "start": start,
            "end": end,
            **values,
        }
    )


@pytest.fixture
def action(db: None, host: InMemoryPlatform) -> TrainingAction:
    """March 2026, with half an hour measured on Monday the 2nd, from 10:00 to 10:30 in Paris."""
    names = {LEARNER: "Camille Dupont", AUTHOR: "Alix Martin", SECOND: "Sacha Petit", STRANGER: "Dominique Roux"}
    for user_id, name in names.items():
        host.people[user_id] = Person(user_id, f"user{user_id}", name, f"{user_id}@example.org", "fr")
    for key in (COURSE, OTHER_COURSE):
        host.courses[key] = Course(key, "Transition numérique", "https://lms.example.org/learning")
    host.enrolments.add((LEARNER, COURSE))
    host.staff |= {(AUTHOR, COURSE), (SECOND, COURSE), (STRANGER, OTHER_COURSE)}
    modules = ((MODULE, "Protéger ses données"), (OTHER_MODULE, "Vendre en ligne"))
    host.paths[LEARNER, COURSE] = tuple(
        PathModule(key, title, "Semaine 1", False, None, 0, 0) for key, title in modules
    )
    provider = Provider.objects.create(name="Organisme d'essai", siret="90000000100017")
    spend(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    return TrainingAction.objects.create(
        course_key=COURSE, provider=provider, title="T", starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31)
    )

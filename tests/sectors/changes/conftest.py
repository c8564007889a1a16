"""A course with tracks whose lock date has passed, a learner who holds one, and an adviser."""

from datetime import date

import pytest
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import Person
from openedx_utop.organizations.models import Provider
from openedx_utop.sectors.api import choose_sector
from openedx_utop.training.models import TrainingAction
from tests.host import InMemoryPlatform
from tests.sectors.conftest import COURSE, LEARNER, NOW, course

assert course  # a fixture

ADVISER = 90


def lock_from(day: date | None) -> None:
    """The course's action locks the trades from this day on."""
    TrainingAction.objects.filter(course_key=COURSE).update(sector_locked_from=day)


@pytest.fixture
def locked(course: CourseKey, host: InMemoryPlatform) -> CourseKey:
    """The learner holds « sante », and trades are locked since today."""
    provider = Provider.objects.create(name="Organisme d'essai", siret="90000004300010")
    TrainingAction.objects.create(
        course_key=course, provider=provider, title="TPE", starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 1)
    )
    host.people[ADVISER] = Person(ADVISER, "maud", "Maud Conseil", "maud@example.org", "fr")
    host.staff.add((ADVISER, course))
    choose_sector(LEARNER, course, "sante", chosen_by=LEARNER, now=NOW)
    lock_from(NOW.date())
    return course

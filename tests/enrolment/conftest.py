"""A training action with two trades, its adviser, and two companies whose HR users list their people."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.test import TestCase
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import ContentGroup, Course, Person
from openedx_utop.enrolment.api import Desk, desk
from openedx_utop.enrolment.models import ListManager
from openedx_utop.organizations.models import Employer, Provider
from openedx_utop.sectors.api import define_sector, set_track
from openedx_utop.training.models import TrainingAction
from tests.host import InMemoryPlatform

COURSE = CourseKey.from_string("course-v1:utop+tpe+2027")
INN, BANK = "90000000100017", "90000001900019"
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
Sign = Callable[..., User]
# What a commit sets going, tests within a transaction set going when this context ends.
committing = partial(TestCase.captureOnCommitCallbacks, execute=True)


@pytest.fixture
def sign_up(db: None, host: InMemoryPlatform) -> Sign:
    """Accounts of the host, by their names."""

    def make(username: str, email: str = "") -> User:
        user = User.objects.create_user(username, email=email or f"{username}@example.org")
        host.people[user.pk] = Person(user.pk, username, username.title(), user.email, "fr")
        return user

    return make


@pytest.fixture
def action(db: None, host: InMemoryPlatform) -> TrainingAction:
    """Open to everybody until a test closes it."""
    host.courses[COURSE] = Course(COURSE, "Transition numérique", "https://lms.example.org/learning/tpe")
    for number, (slug, name) in enumerate({"hotel": "Hôtellerie", "sante": "Santé"}.items(), start=1):
        define_sector(slug, name=name)
        set_track(COURSE, slug, name)
        host.groups[COURSE] = (*host.groups.get(COURSE, ()), ContentGroup(50, number, name))
    Employer.objects.create(siret=INN, name="Auberge d'essai")
    Employer.objects.create(siret=BANK, name="Banque d'essai")
    provider = Provider.objects.create(name="Organisme d'essai", siret="90000004300010", email="contact@example.org")
    return TrainingAction.objects.create(
        course_key=COURSE,
        provider=provider,
        title="Transition numérique",
        starts_on=date(2027, 1, 4),
        ends_on=date(2027, 6, 30),
    )


@pytest.fixture
def adviser(action: TrainingAction, sign_up: Sign, host: InMemoryPlatform) -> User:
    """Staff of the course."""
    user = sign_up("adviser")
    host.staff.add((user.pk, COURSE))
    return user


def _manager(sign_up: Sign, username: str, siret: str) -> User:
    user = sign_up(username)
    ListManager.objects.create(user_id=user.pk, employer=Employer.objects.get(siret=siret), course_key=COURSE)
    return user


@pytest.fixture
def innkeeper(action: TrainingAction, sign_up: Sign) -> User:
    """HR of the inn."""
    return _manager(sign_up, "innkeeper", INN)


@pytest.fixture
def banker(action: TrainingAction, sign_up: Sign) -> User:
    """HR of the bank."""
    return _manager(sign_up, "banker", BANK)


@pytest.fixture
def inn(innkeeper: User) -> Desk:
    """Where the inn's HR sits."""
    found = desk(innkeeper.pk, COURSE)
    assert found is not None
    return found


@pytest.fixture
def bank(banker: User) -> Desk:
    """Where the bank's HR sits."""
    found = desk(banker.pk, COURSE)
    assert found is not None
    return found

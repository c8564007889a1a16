"""A session of two half-days, with the server's clock in the test's hands."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from openedx_utop.attendance.live.models import LiveSession, LiveSlot, Modality
from openedx_utop.compat import Course, Person
from tests.attendance.conftest import course_key
from tests.host import InMemoryPlatform

COURSE, OTHER_COURSE = course_key(), course_key("second")
CAMILLE, SACHA, STRANGER, TRAINER, STAFF, OTHER_STAFF = 7, 8, 9, 20, 30, 31
MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HALF_DAY = timedelta(hours=3)
AFTERNOON = MORNING + timedelta(hours=5)


def ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def signed_in(user_id: int) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    user = User.objects.filter(pk=user_id).first() or User.objects.create_user(f"user{user_id}", pk=user_id)
    client.force_login(user)
    return client


def new_session(title: str = "Clôture", course: object = COURSE, **fields: object) -> LiveSession:
    values = {
        "course_key": course,
        "title": title,
        "modality": Modality.ONSITE_GROUP,
        "place": "Médiathèque de Ville-Fictive",
        "trainer_id": TRAINER,
        "created_by": STAFF,
        "created_at": MORNING - timedelta(days=7),
    }
    session = LiveSession.objects.create(**(values | fields))
    for start in (MORNING, AFTERNOON):
        LiveSlot.objects.create(session=session, start=start, end=start + HALF_DAY)
    return session


@pytest.fixture
def session(db: None, host: InMemoryPlatform) -> LiveSession:
    """Two learners and a trainer of the course, its staff, and the staff of another course."""
    for user_id, name in {CAMILLE: "Camille Exemple", SACHA: "Sacha Éxemple", STRANGER: "Noa Autre"}.items():
        first = name.split()[0].lower()
        host.people[user_id] = Person(user_id, first, name, f"{first}@example.org", "fr")
    host.people[TRAINER] = Person(TRAINER, "maud", "Maud Formatrice", "maud@example.org", "fr")
    host.people[STAFF] = Person(STAFF, "agathe", "Agathe Équipe", "agathe@example.org", "fr")
    for course in (COURSE, OTHER_COURSE):
        host.courses[course] = Course(course, "Numérique", f"/courses/{course}/")
    host.enrolments |= {(CAMILLE, COURSE), (SACHA, COURSE), (TRAINER, COURSE), (STRANGER, OTHER_COURSE)}
    host.staff |= {(STAFF, COURSE), (OTHER_STAFF, OTHER_COURSE)}
    User.objects.bulk_create(User(pk=user_id, username=f"user{user_id}") for user_id in host.people)
    return new_session()


@pytest.fixture
def morning(session: LiveSession) -> LiveSlot:
    slot = session.slots.order_by("start").first()
    assert slot is not None
    return slot


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Ten past the start of the morning."""
    with time_machine.travel(MORNING + timedelta(minutes=10), tick=False) as traveller:
        yield traveller

"""A badge that waits for somebody's validation."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from opaque_keys.edx.keys import CourseKey

from openedx_utop.badges.models import Achievement
from openedx_utop.compat import Person
from tests.badges.factories import CAMILLE, COURSE
from tests.badges.parts import part
from tests.host import InMemoryPlatform

ADVISER, TRAINER, STRANGER = 91, 92, 93
ELSEWHERE = CourseKey.from_string("course-v1:Campus+Autre+2026")


@pytest.fixture
def oral(finished: InMemoryPlatform) -> Achievement:
    """Module 1, and a person who says so; Camille has done the module."""
    finished.staff |= {(ADVISER, COURSE), (STRANGER, ELSEWHERE)}
    for number, name in ((ADVISER, "Andrea Exemple"), (TRAINER, "Sacha Modèle"), (STRANGER, "Alix Ailleurs")):
        finished.people[number] = Person(number, f"user{number}", name, f"user{number}@example.org", "fr")
        get_user_model().objects.create_user(f"user{number}", pk=number)
    get_user_model().objects.create_user("camille", pk=CAMILLE)
    return part(1, name="Oral", requires_validation=True)


def signed_in(user_id: int) -> Client:
    """A browser of its own."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(get_user_model().objects.get(pk=user_id))
    return client

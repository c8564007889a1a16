"""The learner's first page, on the demonstration's own database."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from opaque_keys.edx.keys import CourseKey

from openedx_utop.organizations.models import Provider
from openedx_utop.training.models import TrainingAction


@pytest.mark.django_db
def test_the_actions_of_others_cost_no_queries(client: Client) -> None:
    client.force_login(User.objects.create_user("camille"))
    provider, asked = Provider.objects.create(name="Organisme", siret="00000000000000"), []
    for number in range(3):
        TrainingAction.objects.create(
            course_key=CourseKey.from_string(f"course-v1:Essai+autre{number}+2027"),
            provider=provider,
            title="Ailleurs",
            starts_on=date(2027, 1, 1),
            ends_on=date(2027, 12, 31),
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/utop/").status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1] == asked[2]

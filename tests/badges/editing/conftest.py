"""The only action's course, with its author in front of the editor."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.badges.factories import COURSE
from tests.host import InMemoryPlatform


@pytest.fixture
def author(finished: InMemoryPlatform, key: str) -> Client:
    """Signed in, and author of the course alone."""
    account = User.objects.create(username="ada")
    finished.authors.add((account.pk, COURSE))
    client = Client()
    client.force_login(account)
    return client

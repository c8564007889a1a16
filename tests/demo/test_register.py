"""The register of companies that the demonstration stands in for."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils import timezone

from demo.company_register import SAMPLES, register
from demo.fakes.register import Register
from openedx_utop import api
from tests.demo.conftest import browser


@pytest.fixture
def running(db: None) -> Iterator[Register]:
    cache.clear()
    with register() as each:
        yield each
    cache.clear()


def test_every_number_to_try_is_known_to_the_register(running: Register) -> None:
    running.bucket.rate = None
    for sample in SAMPLES:
        assert api.look_up(sample.siret, now=timezone.now()).facts is not None


def test_a_fault_is_seen_by_who_enters_a_number_and_goes_when_it_is_lifted(running: Register) -> None:
    visitor = browser(User.objects.create_user("lea"))
    visitor.post("/register/trouble/", {"fault": "server_error"})
    page = visitor.get("/register/").content.decode()
    assert '<option value="server_error" selected>' in page
    assert api.look_up(SAMPLES[0].siret, now=timezone.now()).status is api.FactsStatus.UNAVAILABLE
    visitor.post("/register/trouble/", {"fault": "works"})
    assert api.look_up(SAMPLES[0].siret, now=timezone.now()).status is api.FactsStatus.FOUND


def test_without_a_register_there_is_no_such_page(db: None) -> None:
    assert browser(User.objects.create_user("lea")).get("/register/").status_code == 404

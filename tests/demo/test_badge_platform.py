"""The badge platform that the demonstration stands in for."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache

from demo.badge_platform import NAME, badge_platform
from demo.fakes.open_badge_factory import FakeOpenBadgeFactory
from openedx_utop.badges.platforms.api import badge_platform as account
from tests.demo.conftest import browser


@pytest.fixture
def running(db: None) -> Iterator[FakeOpenBadgeFactory]:
    cache.clear()
    with badge_platform() as each:
        yield each


def test_the_product_finds_its_badge_there(running: FakeOpenBadgeFactory) -> None:
    assert {each.identifier for each in account(NAME).badges()} >= {"NMBADGE1"}


def test_a_fault_is_ordered_from_the_page(running: FakeOpenBadgeFactory) -> None:
    visitor = browser(User.objects.create_user("lea"))
    assert visitor.get("/badge-platform/").status_code == 200
    assert visitor.post("/badge-platform/trouble/", {"fault": "after"}).status_code == 302
    assert len(running.faults) == 1
    assert visitor.post("/badge-platform/trouble/", {"fault": "x"}).status_code == 404


def test_without_a_platform_there_is_no_such_page(db: None) -> None:
    assert browser(User.objects.create_user("lea")).get("/badge-platform/").status_code == 404

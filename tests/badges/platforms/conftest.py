"""Both platforms, as real servers that forget and fail."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings

from demo.fakes.badgr import FakeBadgr
from demo.fakes.http_server import FakeService
from demo.fakes.open_badge_factory import FakeOpenBadgeFactory
from openedx_utop.badges import api
from openedx_utop.badges.models import Achievement
from openedx_utop.badges.platforms.models import PlatformAchievement
from tests.badges.factories import NOW
from tests.badges.revocations import issue
from tests.host import InMemoryPlatform

BACKENDS = "openedx_utop.badges.platforms"


@dataclass
class Account:
    """An account on a fake platform, and how a test looks into it."""

    name: str
    service: Any
    badge: str
    configured: dict[str, Any]
    issued: Callable[[], list[dict[str, Any]]]

    def live(self) -> list[dict[str, Any]]:
        """What is issued and not revoked."""
        return [each for each in self.issued() if not each["revoked"]]


def open_badge_factory(service: FakeOpenBadgeFactory) -> Account:
    options = {"url": f"{service.url}/v1", "client_id": service.client_id, "client_secret": service.client_secret}
    backend = f"{BACKENDS}.open_badge_factory.OpenBadgeFactory"
    configured = {"BACKEND": backend, "OPTIONS": options}
    return Account("obf", service, "NMBADGE1", configured, lambda: list(service.events.values()))


def badgr(service: FakeBadgr) -> Account:
    options = {"url": service.url, "username": service.username, "password": service.password}
    configured = {"BACKEND": f"{BACKENDS}.badgr.Badgr", "OPTIONS": options}
    service.clock = lambda: NOW + timedelta(days=365)  # Whatever day these tests run on.
    return Account("badgr", service, "BC1transition", configured, lambda: list(service.assertions.values()))


KINDS: dict[str, tuple[type[FakeService], Callable[[Any], Account]]] = {
    "obf": (FakeOpenBadgeFactory, open_badge_factory),
    "badgr": (FakeBadgr, badgr),
}


@pytest.fixture(params=list(KINDS))
def account(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Account]:
    """One platform after the other, in the settings."""
    fake, opened = KINDS[request.param]
    cache.clear()
    with fake() as service:
        found = opened(service)
        settings.UTOP_BADGE_PLATFORMS = {found.name: found.configured}
        yield found


@pytest.fixture
def known(account: Account, finished: InMemoryPlatform, key: str) -> PlatformAchievement:
    """The action's badge is known to the platform."""
    action = finished_action()
    achievement = Achievement.objects.create(action=action, name="Transition", description="Suivie.", criteria="Tout.")
    return PlatformAchievement.objects.create(achievement=achievement, platform=account.name, badge=account.badge)


@pytest.fixture
def credential(known: PlatformAchievement) -> api.CredentialFacts:
    """Camille's badge, not sent yet."""
    return issue()


def finished_action() -> Any:
    from openedx_utop.training.models import TrainingAction

    return TrainingAction.objects.get()

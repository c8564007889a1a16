"""An endorser on a server of its own, and a badge for it to endorse."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from demo.fakes.endorser import FakeEndorser
from openedx_utop.badges.endorsements import api
from openedx_utop.badges.endorsements.models import Endorsement
from openedx_utop.badges.models import Achievement
from openedx_utop.training.models import TrainingAction
from tests.badges.factories import NOW
from tests.badges.revocations import STAFF
from tests.host import InMemoryPlatform


@pytest.fixture
def endorser(settings: Settings) -> Iterator[FakeEndorser]:
    with FakeEndorser() as running:
        settings.UTOP_PRIVATE_ENDORSERS = [running.host]
        yield running


@pytest.fixture
def achievement(finished: InMemoryPlatform, key: str) -> Achievement:
    action = TrainingAction.objects.get()
    return Achievement.objects.create(action=action, name="Transition", description="Suivie.", criteria="Tout.")


def address(achievement: Achievement) -> str:
    return f"https://lms.example.org/utop/achievements/{achievement.uuid}"


def kept(achievement: Achievement, document: dict[str, Any] | str) -> Endorsement:
    text = document if isinstance(document, str) else json.dumps(document)
    return api.keep(achievement.uuid, text, by=STAFF, now=NOW)

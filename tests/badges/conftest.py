"""Fixtures of the badges."""

import pytest
from pytest_django import Settings

from openedx_utop.badges import api
from tests.badges.factories import learner_at_the_end, training_action
from tests.badges.minimal import SEED
from tests.badges.revocations import issue
from tests.host import InMemoryPlatform


@pytest.fixture
def key(settings: Settings) -> str:
    """A signing key, the one of the vector."""
    settings.UTOP_SIGNING_KEY = SEED
    return SEED


@pytest.fixture
def finished(db: None, host: InMemoryPlatform) -> InMemoryPlatform:
    """A host where Camille fulfils the conditions of the only action."""
    training_action()
    learner_at_the_end(host)
    return host


@pytest.fixture
def credential(finished: InMemoryPlatform, key: str) -> api.CredentialFacts:
    """The badge of Camille."""
    return issue()

"""Fixtures of the attestations."""

from typing import Any

import pytest

from openedx_utop.attestations import api
from openedx_utop.attestations.data import AttestationFacts
from openedx_utop.attestations.models import Attestation
from tests.attestations.factories import finished_path
from tests.host import InMemoryPlatform


@pytest.fixture
def award(db: None, host: InMemoryPlatform) -> dict[str, Any]:
    """What the award of a learner at the end says."""
    return finished_path(host)


@pytest.fixture
def issued(award: dict[str, Any]) -> AttestationFacts:
    """The document that follows."""
    return api.issue_attestation(**award)


@pytest.fixture
def context(issued: AttestationFacts) -> dict[str, Any]:
    """Its frozen context."""
    return Attestation.objects.get(uuid=issued.uuid).context

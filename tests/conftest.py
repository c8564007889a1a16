"""Fixtures shared by the domain tests."""

from collections.abc import Iterator

import pytest
from celery import Celery

from openedx_utop.compat import platform
from tests.host import InMemoryPlatform

celery = Celery("tests")
celery.config_from_object("django.conf:settings", namespace="CELERY")
celery.set_default()


@pytest.fixture
def host() -> Iterator[InMemoryPlatform]:
    """The host of the tests, empty."""
    in_memory = platform()
    assert isinstance(in_memory, InMemoryPlatform)
    yield in_memory
    in_memory.__init__()  # type: ignore[misc]

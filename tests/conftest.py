"""Fixtures shared by the domain tests."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.utils.translation import override
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from openedx_utop.attendance.backends.redis.server import circuit
from openedx_utop.compat import platform
from tests.host import InMemoryPlatform
from tests.services import redis as services

# A busy machine is no fault of what generates the examples; rules get all of them on SQLite, a few beside MariaDB.
hypothesis_settings.register_profile(
    "patient",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=20 if os.environ.get("UTOP_TEST_DATABASE") else 100,
)
hypothesis_settings.load_profile("patient")

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


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    """What waits to be done once for many events is remembered in the cache: no test begins with that of another."""
    cache.clear()


@pytest.fixture(autouse=True)
def _language_of_the_installation() -> Iterator[None]:
    """A visitor's language stays in the thread that answered: no test begins with that of another."""
    with override(django_settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _journal_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests without a transaction around them delete what they wrote, which the journal's triggers refuse."""
    marker = request.node.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")) and "transactional_db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    from openedx_utop.attendance.journal.models import JournalChain, JournalRow, JournalSeal
    from openedx_utop.attendance.journal.protection import lifted

    if JournalChain.objects.exists() or JournalSeal.objects.exists():
        with lifted(connection), connection.cursor() as cursor:
            for model in (JournalRow, JournalChain, JournalSeal):
                cursor.execute(f"DELETE FROM {model._meta.db_table}")


@pytest.fixture(scope="session")
def redis_process() -> Iterator[services.RedisServer]:
    """A Redis of this run's own."""
    with services.server() as running:
        yield running


@pytest.fixture
def redis(redis_process: services.RedisServer, settings: Any) -> services.RedisServer:
    """The same, empty, and the recorder in use."""
    redis_process.client.flushall()
    redis_process.client.config_set("maxmemory", 0)
    redis_process.client.config_set("maxmemory-policy", "noeviction")
    settings.UTOP_RECORDER = "openedx_utop.attendance.backends.redis.RedisRecorder"
    settings.UTOP_REDIS_URL = redis_process.url
    settings.UTOP_REDIS_TIMEOUT_SECONDS = 30  # A busy machine is no fault.
    circuit.reset()
    return redis_process

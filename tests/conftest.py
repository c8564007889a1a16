"""Fixtures shared by the domain tests."""

from collections.abc import Iterator

import pytest
from celery import Celery
from django.db import connection

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

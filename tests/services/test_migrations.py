"""The tables, as MariaDB keeps them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from openedx_utop.attestations.models import Attestation
from openedx_utop.badges.endorsements.models import Endorsement
from openedx_utop.organizations.models import Provider
from tests.attendance.conftest import course_key, usage_key
from tests.presences import store_presence

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]

KEYS = {"course_key": course_key(), "module_key": usage_key("first", "sequential", "module")}
UNITS = ("Unit", "unit", "unit")
WRITTEN = [(*map(str, KEYS.values()), str(usage_key("first", "vertical", unit))) for unit in UNITS]
BEFORE_PLACES, WITH_PLACES = "0021_levels", "0022_presence_places"
BEFORE_TOKENS, BEFORE_SUPERSEDED = "0033_changes_of_live_sessions", "0006_attendance_policy"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_every_table_takes_part_in_transactions() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, engine FROM information_schema.tables"
            " WHERE table_schema = DATABASE() AND table_name LIKE 'openedx\\_utop\\_%%'"
        )
        engines = dict(cursor.fetchall())
    assert engines
    assert set(engines.values()) == {"InnoDB"}


def test_presences_keep_their_keys_both_ways_and_everything_can_be_taken_back() -> None:
    """Two units whose keys differ by their case only are two, whatever the database compares."""
    assert connection.vendor == "mysql"
    for number, unit in enumerate(UNITS):
        store_presence(
            **KEYS,
            unit_key=usage_key("first", "vertical", unit),
            user_id=1,
            client="3f2a9c1e",
            start=START + timedelta(minutes=number),
            end=START + timedelta(minutes=number + 1),
        )
    ours = {model._meta.db_table for model in apps.get_app_config("openedx_utop").get_models()}
    endorsed_by_a_token()
    replaced_once()
    # Back and forth in one round: most of the time goes into the tables on the way.
    try:
        refused(BEFORE_TOKENS, table="endorsement", column="public_key")
        migrate(BEFORE_PLACES)
        assert rows("course_key, module_key, unit_key", "") == WRITTEN
        migrate(WITH_PLACES)
        place = "JOIN openedx_utop_presenceplace place ON place.id = place_id"
        assert rows("course_key, module_key, unit_key", place) == WRITTEN
        assert rows("COUNT(DISTINCT place_id)", "") == [(2,)]
        refused(BEFORE_SUPERSEDED, table="attestation", column="award_uuid")
        migrate("zero")
        assert not ours & set(connection.introspection.table_names())
    finally:
        migrate()
    assert ours <= set(connection.introspection.table_names())


def endorsed_by_a_token() -> None:
    Endorsement.objects.create(
        provider=Provider.objects.create(name="Organisme d'essai", siret="90000000100017"),
        document="a.token",
        public_key='{"kty": "RSA"}',
        key_checked_at=START,
        kept_at=START,
    )


def replaced_once() -> None:
    award = uuid4()
    for rank in (1, 2):
        Attestation.objects.create(
            number=f"2026-{rank}",
            award_uuid=award,
            rank=rank,
            user_id=1,
            course_key=course_key(),
            context={},
            issued_at=START,
        )


def refused(until: str, *, table: str, column: str) -> None:
    """What the former table cannot hold stops the way back before anything is altered; it goes on without."""
    with pytest.raises(RuntimeError, match="cannot hold"):
        migrate(until)
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, f"openedx_utop_{table}")
        assert column in [each.name for each in described]
        cursor.execute(f"DELETE FROM openedx_utop_{table}")


def migrate(*until: str) -> None:
    call_command("migrate", "openedx_utop", *until, verbosity=0)


def rows(columns: str, place: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM openedx_utop_presence presence {place} ORDER BY presence.id")
        return list(cursor.fetchall())

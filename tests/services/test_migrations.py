"""The tables, as MariaDB keeps them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from tests.attendance.conftest import course_key, usage_key
from tests.presences import store_presence

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]

KEYS = {"course_key": course_key(), "module_key": usage_key("first", "sequential", "module")}
UNITS = ("Unit", "unit", "unit")
WRITTEN = [(*map(str, KEYS.values()), str(usage_key("first", "vertical", unit))) for unit in UNITS]
BEFORE_PLACES, WITH_PLACES = "0021_levels", "0022_presence_places"


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
    start = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    for number, unit in enumerate(UNITS):
        store_presence(
            **KEYS,
            unit_key=usage_key("first", "vertical", unit),
            user_id=1,
            client="3f2a9c1e",
            start=start + timedelta(minutes=number),
            end=start + timedelta(minutes=number + 1),
        )
    ours = {model._meta.db_table for model in apps.get_app_config("openedx_utop").get_models()}
    # Back and forth in one round: most of the time goes into the tables on the way.
    try:
        migrate(BEFORE_PLACES)
        assert rows("course_key, module_key, unit_key", "") == WRITTEN
        migrate(WITH_PLACES)
        place = "JOIN openedx_utop_presenceplace place ON place.id = place_id"
        assert rows("course_key, module_key, unit_key", place) == WRITTEN
        assert rows("COUNT(DISTINCT place_id)", "") == [(2,)]
        migrate("zero")
        assert not ours & set(connection.introspection.table_names())
    finally:
        migrate()
    assert ours <= set(connection.introspection.table_names())


def migrate(*until: str) -> None:
    call_command("migrate", "openedx_utop", *until, verbosity=0)


def rows(columns: str, place: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM openedx_utop_presence presence {place} ORDER BY presence.id")
        return list(cursor.fetchall())

"""The tables, as MariaDB keeps them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from openedx_utop.attendance.models import Presence, PresencePlace
from tests.attendance.conftest import course_key, usage_key
from tests.presences import store_presence

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]

KEYS = {"course_key": course_key(), "module_key": usage_key("first", "sequential", "module")}
BEFORE_PLACES = "0021_levels"


def test_migrates_back_to_nothing_and_forward_again() -> None:
    assert connection.vendor == "mysql"
    ours = {model._meta.db_table for model in apps.get_app_config("openedx_utop").get_models()}
    try:
        call_command("migrate", "openedx_utop", "zero", verbosity=0)
        assert not ours & set(connection.introspection.table_names())
    finally:
        call_command("migrate", "openedx_utop", verbosity=0)
    assert ours <= set(connection.introspection.table_names())


def test_every_table_takes_part_in_transactions() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, engine FROM information_schema.tables"
            " WHERE table_schema = DATABASE() AND table_name LIKE 'openedx\\_utop\\_%%'"
        )
        engines = dict(cursor.fetchall())
    assert engines
    assert set(engines.values()) == {"InnoDB"}


def test_presences_keep_their_keys_both_ways() -> None:
    """Two units whose keys differ by their case only are two, whatever the database compares."""
    start = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    for number, unit in enumerate(("Unit", "unit", "unit")):
        store_presence(
            **KEYS,
            unit_key=usage_key("first", "vertical", unit),
            user_id=1,
            client="3f2a9c1e",
            start=start + timedelta(minutes=number),
            end=start + timedelta(minutes=number + 1),
        )
    before = list(Presence.objects.order_by("pk").values_list("pk", "place__unit_key", "start", "end"))
    try:
        call_command("migrate", "openedx_utop", BEFORE_PLACES, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT course_key, module_key, unit_key FROM openedx_utop_presence ORDER BY id")
            units = [str(usage_key("first", "vertical", unit)) for unit in ("Unit", "unit", "unit")]
            assert list(cursor.fetchall()) == [(*map(str, KEYS.values()), unit) for unit in units]
    finally:
        call_command("migrate", "openedx_utop", verbosity=0)
    assert list(Presence.objects.order_by("pk").values_list("pk", "place__unit_key", "start", "end")) == before
    assert PresencePlace.objects.count() == 2

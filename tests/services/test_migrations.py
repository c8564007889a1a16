"""The tables, as MariaDB keeps them."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]


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

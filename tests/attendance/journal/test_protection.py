"""The database itself refuses to change or delete the journal."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from openedx_utop.attendance.journal.checks import check_protection
from openedx_utop.attendance.journal.models import JournalChain, JournalRow, JournalSeal
from openedx_utop.attendance.journal.protection import TABLES, lifted, missing_triggers, unprotect

STATEMENTS = [
    *(f"DELETE FROM {table}" for table in TABLES),
    "UPDATE openedx_utop_journalchain SET user_id = user_id + 100",
    "UPDATE openedx_utop_journalrow SET kind = 'other'",
    "UPDATE openedx_utop_journalrow SET position = position + 100",
    "UPDATE openedx_utop_journalrow SET content = hash",
    "UPDATE openedx_utop_journalseal SET day = '2020-01-01' WHERE number = 1",
]


@pytest.mark.usefixtures("two_days")
@pytest.mark.parametrize("statement", STATEMENTS)
def test_it_refuses(statement: str) -> None:
    refuses(statement)


@pytest.mark.mariadb
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("two_days")
def test_mariadb_refuses_too() -> None:
    assert connection.vendor == "mysql"
    for statement in STATEMENTS:
        refuses(statement)


def refuses(statement: str) -> None:
    held = [list(model.objects.order_by("pk").values()) for model in (JournalChain, JournalRow, JournalSeal)]
    assert all(held)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert held == [list(model.objects.order_by("pk").values()) for model in (JournalChain, JournalRow, JournalSeal)]


@pytest.mark.django_db(transaction=True)
def test_a_check_tells_that_triggers_are_missing_and_a_command_creates_them() -> None:
    assert check_protection(None, ["default"]) == []
    assert check_protection(None) == []
    with lifted(connection):
        assert len(missing_triggers(connection)) == 6
        assert [message.id for message in check_protection(None, ["default"])] == ["openedx_utop.W030"]
    assert missing_triggers(connection) == []
    unprotect(connection)
    call_command("utop_protect_journal", verbosity=0)
    assert missing_triggers(connection) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("two_days")
def test_tests_that_commit_leave_nothing_behind() -> None:
    assert JournalRow.objects.exists()

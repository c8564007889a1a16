"""Triggers by which the database itself refuses to change or delete what the journal holds."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("openedx_utop_journalchain", "openedx_utop_journalrow", "openedx_utop_journalseal")
OPERATIONS = ("UPDATE", "DELETE")
REFUSAL = "the journal is append-only"

CREATE = {
    "sqlite": "CREATE TRIGGER {name} BEFORE {operation} ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
    "mysql": "CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH ROW"
    " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{refusal}'",
    "postgresql": "CREATE TRIGGER {name} BEFORE {operation} ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION openedx_utop_refuse()",
}
DROP = {
    "sqlite": "DROP TRIGGER IF EXISTS {name}",
    "mysql": "DROP TRIGGER IF EXISTS {name}",
    "postgresql": "DROP TRIGGER IF EXISTS {name} ON {table}",
}
LIST = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "mysql": "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}
REFUSE_FUNCTION = (
    "CREATE OR REPLACE FUNCTION openedx_utop_refuse() RETURNS trigger LANGUAGE plpgsql"
    " AS $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
)


def protect(connection: BaseDatabaseWrapper) -> str:
    """Create the triggers that are missing; returns what the database answered where it refused to, else nothing."""
    if connection.vendor not in CREATE:
        return f"no triggers for {connection.vendor}"
    try:
        with _whole(connection), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(REFUSE_FUNCTION.format(refusal=REFUSAL))
            for table, operation, name in missing_triggers(connection):
                cursor.execute(
                    CREATE[connection.vendor].format(name=name, operation=operation, table=table, refusal=REFUSAL)
                )
    except DatabaseError as error:
        # MySQL without the TRIGGER privilege, or with a binary log whose functions are not trusted.
        return str(error)
    return ""


def _whole(connection: BaseDatabaseWrapper) -> AbstractContextManager[None]:
    """All or nothing where the database can; a CREATE TRIGGER of MySQL ends any transaction."""
    return transaction.atomic(using=connection.alias) if connection.features.can_rollback_ddl else nullcontext()


def unprotect(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers."""
    with connection.cursor() as cursor:
        for table, _operation, name in _triggers():
            cursor.execute(DROP[connection.vendor].format(name=name, table=table))


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without the triggers for a while."""
    unprotect(connection)
    try:
        yield
    finally:
        protect(connection)


def missing_triggers(connection: BaseDatabaseWrapper) -> list[tuple[str, str, str]]:
    """The triggers that are not there, as (table, operation, name)."""
    if connection.vendor not in LIST:
        return _triggers()
    with connection.cursor() as cursor:
        cursor.execute(LIST[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    return [trigger for trigger in _triggers() if trigger[2] not in there]


def _triggers() -> list[tuple[str, str, str]]:
    return [(table, operation, f"{table}_no_{operation.lower()}") for table in TABLES for operation in OPERATIONS]

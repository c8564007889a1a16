"""Triggers by which the database itself refuses to change or delete what the journal holds."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("openedx_utop_journalchain", "openedx_utop_journalrow", "openedx_utop_journalseal")
OPERATIONS = ("UPDATE", "DELETE")
REFUSAL = "the journal is append-only"

# What may go nevertheless: a chain whose tombstone is in the journal, by the column that has its number.
BURIED = {("openedx_utop_journalchain", "DELETE"): "id", ("openedx_utop_journalrow", "DELETE"): "chain_id"}
NOT_BURIED = "NOT EXISTS (SELECT 1 FROM openedx_utop_journalrow t WHERE t.kind = 'tombstone' AND t.fact = OLD.{column})"

CREATE = {
    "sqlite": "CREATE TRIGGER {name} BEFORE {operation} ON {table} WHEN {condition}"
    " BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
    "mysql": "CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH ROW"
    " IF {condition} THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{refusal}'; END IF",
    "postgresql": "CREATE TRIGGER {name} BEFORE {operation} ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION openedx_utop_refuse({column})",
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
    "CREATE OR REPLACE FUNCTION openedx_utop_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF TG_NARGS = 0 OR NOT EXISTS (SELECT 1 FROM openedx_utop_journalrow t"
    " WHERE t.kind = 'tombstone' AND t.fact = (to_jsonb(OLD) ->> TG_ARGV[0])::bigint)"
    " THEN RAISE EXCEPTION '{refusal}'; END IF; RETURN OLD; END $$"
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
                column = BURIED.get((table, operation), "")
                condition = NOT_BURIED.format(column=column) if column else "1 = 1"
                cursor.execute(
                    CREATE[connection.vendor].format(
                        name=name, operation=operation, table=table, refusal=REFUSAL, column=column, condition=condition
                    )
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
        for table, operation, name in _triggers():
            for one in (name, f"{table}_no_{operation.lower()}"):
                cursor.execute(DROP[connection.vendor].format(name=one, table=table))


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
    # Those of before tombstones, which let nothing go, had other names.
    return [
        (table, operation, f"{table}_no_{'early_' if (table, operation) in BURIED else ''}{operation.lower()}")
        for table in TABLES
        for operation in OPERATIONS
    ]

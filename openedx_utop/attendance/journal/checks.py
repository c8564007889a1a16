"""What the operator has to know about the journal's tables."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning
from django.db import connections
from django.db.utils import DatabaseError

from openedx_utop.attendance.journal.protection import TABLES, missing_triggers

HINT = (
    "Give the database account the TRIGGER privilege (on MySQL with a binary log also set"
    " log_bin_trust_function_creators), then run `utop_protect_journal`."
)


def check_protection(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Say that the database would let somebody change the journal."""
    return [message for alias in databases or () for message in _check(alias)]


def _check(alias: str) -> list[CheckMessage]:
    connection = connections[alias]
    try:
        if not set(TABLES) <= set(connection.introspection.table_names()) or not missing_triggers(connection):
            return []
    except DatabaseError as error:
        return [Warning(f"The triggers that protect the journal cannot be seen: {error}", id="openedx_utop.W031")]
    text = "The database does not refuse changes to the journal's tables: triggers are missing, or cannot be seen."
    return [Warning(text, hint=HINT, id="openedx_utop.W030")]

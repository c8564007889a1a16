"""The host's own app."""

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created

BUSY_TIMEOUT_MS = 20_000


def _prepare_sqlite(connection: Any, **_kwargs: Any) -> None:
    """Readers do not wait for the writer, and writers wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


class DemoConfig(AppConfig):
    """The demo host."""

    name = "demo"
    verbose_name = "Demo host"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Prepare each new connection."""
        connection_created.connect(_prepare_sqlite, dispatch_uid="demo_sqlite")

"""SQLite for several threads: a transaction takes the write lock when it begins, so that none fails half-way."""

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite backend with `BEGIN IMMEDIATE`."""

    def _start_transaction_under_autocommit(self) -> None:
        self.cursor().execute("BEGIN IMMEDIATE")

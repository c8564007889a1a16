"""Processes of a site, forked from one that has loaded everything: that takes as long as all that they do.

Each is a process like any other, and can be killed.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Self

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["tests.services.loaded"])


class Running:
    """A process of the site, and what it prints."""

    def __init__(self, work: Callable[..., None], *arguments: Any, redis: str, database: dict[str, Any]) -> None:
        reader, writer = FORKS.Pipe(duplex=False)
        self.process = FORKS.Process(target=_run, args=(writer, redis, database, work, *arguments))
        self.process.start()
        writer.close()
        self.lines = os.fdopen(os.dup(reader.fileno()))
        reader.close()

    def kill(self) -> None:
        """Like a power cut."""
        self.process.kill()
        self.process.join()

    def poll(self) -> int | None:
        """How it ended, if it has."""
        return self.process.exitcode

    def ended(self, seconds: float = 60) -> int | None:
        """How it ended, once it has."""
        self.process.join(seconds)
        return self.process.exitcode

    @classmethod
    @contextmanager
    def while_needed(cls, *what: Any, **where: Any) -> Iterator[Self]:
        """It is not left behind."""
        running = cls(*what, **where)
        try:
            yield running
        finally:
            running.kill()
            running.lines.close()


def _run(told: Connection, redis: str, database: dict[str, Any], work: Callable[..., None], *arguments: Any) -> None:
    from django.conf import settings
    from django.db import connection

    os.dup2(told.fileno(), 1)
    settings.UTOP_REDIS_URL = redis
    connection.settings_dict.update(database)
    work(*arguments)

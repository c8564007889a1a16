"""A thread's own connection to Redis, for what is asked hundreds of times a second.

The pool of a client looks at each connection before it lends it, which takes longer than a beat does.
"""

import os
from collections.abc import Sequence
from threading import local
from typing import Any

from redis import Redis
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import ResponseError

Command = tuple[Any, ...]

_lines = local()


class Line:
    """Commands go together, and so do their answers."""

    def __init__(self, redis: Redis) -> None:
        self._connection: Any = redis.connection_pool.make_connection()
        self.redis, self.process = redis, os.getpid()

    def ask(self, commands: Sequence[Command]) -> list[Any]:
        """What Redis answers to each; a refused one has its ResponseError, all else that fails is raised."""
        try:
            return self._exchange(commands)
        except ConnectionLost:
            return self._exchange(commands)  # It had died while idle.

    def last_answer(self, commands: Sequence[Command]) -> Any:
        """The last one's answer, as it comes; raises the first refusal."""
        answers = self.ask(commands)
        for answer in answers:
            if isinstance(answer, ResponseError):
                raise answer
        return answers[-1]

    def _exchange(self, commands: Sequence[Command]) -> list[Any]:
        connection = self._connection
        try:
            connection.connect()
            connection.send_packed_command(connection.pack_commands(commands), check_health=False)
            return [self._answer() for _command in commands]
        except BaseException:
            connection.disconnect()  # What it would answer later is nobody's.
            raise

    def _answer(self) -> Any:
        try:
            return self._connection.read_response()
        except ResponseError as error:
            return error


def line_to(redis: Redis) -> Line:
    """This thread's line; a process that was forked does not go on with its parent's."""
    line: Line | None = getattr(_lines, "line", None)
    if line is None or line.redis is not redis or line.process != os.getpid():
        line = _lines.line = Line(redis)
    return line

"""Private Redis servers, on sockets in temporary folders: they disturb no other server."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

START_SECONDS = 20


class RedisServer:
    """A server that can be killed and started again on what it left on the disk."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.url = f"unix://{folder / 'socket'}?db=0"
        self.client = Redis.from_url(self.url)
        self._command = [
            *(_program(), "--port", "0", "--unixsocket", str(folder / "socket"), "--dir", str(folder), "--save", ""),
            *options,
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return once it answers."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                self.client.ping()
            except RedisError:
                time.sleep(0.01)
            else:
                return
        raise SystemExit(f"{self._command!r} did not start.")

    def kill(self) -> None:
        """Like a power cut for the process: nothing is written any more."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def configure(self, **directives: str) -> None:
        """Change its configuration while it runs; `maxmemory_policy` is `maxmemory-policy`."""
        for name, value in directives.items():
            self.client.config_set(name.replace("_", "-"), value)


@contextmanager
def server(*options: str) -> Iterator[RedisServer]:
    """A running server; its data go with it."""
    with tempfile.TemporaryDirectory(prefix="utop-redis-", ignore_cleanup_errors=True) as folder:
        redis = RedisServer(Path(folder), *options)
        redis.start()
        try:
            yield redis
        finally:
            redis.client.close()
            redis.kill()


def found() -> str | None:
    """The server's program, if there is one."""
    path = f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin"
    return shutil.which("redis-server", path=path) or shutil.which("valkey-server", path=path)


def _program() -> str:
    program = found()
    if program is None:
        raise SystemExit("redis-server is missing: install Redis (Debian and Ubuntu: apt-get install redis-server).")
    return program

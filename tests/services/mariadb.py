"""A MariaDB server for as long as one command runs: `python -m tests.services.mariadb COMMAND [ARGUMENT…]`.

Its data lie in a temporary folder and it listens on a free port, so it disturbs no other server.
"""

import getpass
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60
# Commits survive the server's death, not the machine's: nothing in a test waits for the disk.
IN_A_HURRY = ("--innodb-flush-log-at-trx-commit=2", "--sync-frm=OFF")
MEMORY, ROOM = Path("/dev/shm"), 2 * 1024**3  # noqa: S108 - the folder inside has a name that nobody foresees
# The test databases are `test_utop`, and `test_utop_gw0`… when tests run side by side.
ACCOUNT = r"""
CREATE DATABASE IF NOT EXISTS utop CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS 'utop'@'127.0.0.1' IDENTIFIED BY 'utop';
GRANT ALL ON utop.* TO 'utop'@'127.0.0.1';
GRANT ALL ON `test\_utop%`.* TO 'utop'@'127.0.0.1';
"""


def environment(port: int) -> dict[str, str]:
    """What tests.settings reads to use the server."""
    return {"UTOP_TEST_DATABASE": "mariadb", "UTOP_TEST_MARIADB_PORT": str(port)}


@contextmanager
def server(*options: str, place: Path | None = None) -> Iterator[int]:
    """Start a server with these options besides its own, yield its port, stop it and remove its data.

    `place`: where its data lie, rather than where temporary files do.
    """
    with tempfile.TemporaryDirectory(prefix="utop-mariadb-", dir=place, ignore_cleanup_errors=True) as folder:
        port = free_port()
        install(Path(folder))
        process = start(Path(folder), port, *options)
        try:
            wait(process, port)
            yield port
        finally:
            process.terminate()
            process.wait()


def install(folder: Path) -> None:
    """Put an empty server's data into the folder."""
    subprocess.run(
        [
            *(_program("mariadb-install-db"), "--no-defaults", f"--datadir={folder / 'data'}"),
            *(f"--user={getpass.getuser()}", "--skip-test-db"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (folder / "account.sql").write_text(ACCOUNT)


def start(folder: Path, port: int, *options: str) -> subprocess.Popen[bytes]:
    """Run a server on the folder's data, whatever became of the one before."""
    return subprocess.Popen(
        [
            _program("mariadbd"),
            "--no-defaults",
            f"--user={getpass.getuser()}",
            f"--datadir={folder / 'data'}",
            f"--socket={folder / 'socket'}",
            f"--port={port}",
            "--bind-address=127.0.0.1",
            f"--init-file={folder / 'account.sql'}",
            f"--log-error={folder / 'log'}",
            "--skip-log-bin",
            "--skip-name-resolve",
            "--character-set-server=utf8mb4",
            *options,
        ],
        stderr=subprocess.DEVNULL,
    )


def memory() -> Path | None:
    """A place that is no disk, where there is one with room for the data of the tests."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


def _program(name: str) -> str:
    # Debian keeps the server where only root's path leads.
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise SystemExit(f"{name} is missing: install MariaDB (Debian and Ubuntu: apt-get install mariadb-server).")
    return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Return once the process takes connections on the port."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"{process.args!r} did not start.")


if __name__ == "__main__":
    with server(*IN_A_HURRY, place=memory()) as port_number:
        status = subprocess.run(sys.argv[1:], check=False, env={**os.environ, **environment(port_number)}).returncode
    sys.exit(status)

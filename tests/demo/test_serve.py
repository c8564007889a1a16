"""Starting: a taken port stops it before it touches anything."""

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_taken_port_is_told_in_both_languages(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environment = {**os.environ, "PORT": port, "UTOP_DEMO_DATA": str(tmp_path)}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        started = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "demo", "serve"],
            check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    assert started.returncode == 1
    assert f"Le port {port} n’est pas disponible" in started.stderr
    assert f"Port {port} is not available" in started.stderr
    assert not (tmp_path / "demo.sqlite3").exists()

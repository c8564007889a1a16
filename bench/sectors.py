"""What a course of many tracks costs one learner, beside the same course on the same host without the plugin."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure

ROOT = Path(__file__).resolve().parent.parent


def figures() -> Iterator[Figure]:
    """The outline, and a unit with its script and lease; measured in a process that runs the demo host."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "demo.settings", "UTOP_DEMO_DATA": folder}
        command = [sys.executable, "-c", "import django; django.setup(); from bench.tracks import main; main()"]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
    for page, times in json.loads(done.stdout).items():
        ours, bare = times["with"], times["without"]
        print(f"  {page}: {ours * 1000:.1f} ms, without the plugin {bare * 1000:.1f} ms", file=sys.stderr)
        yield Figure(f"sectors.{page}_vs_without_plugin", ours / bare, 1.1, less_is_better=True)

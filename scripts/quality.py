"""The quality gates, each a command; two at a time."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
DJANGO = [str(BIN / "django-admin"), "makemigrations", "--check", "--dry-run", "--pythonpath", "."]
GATES = {
    "types": ["mypy"],
    "lint": ["ruff", "check"],
    "format": ["ruff", "format", "--check"],
    "layers": ["lint-imports", "--no-cache"],
    "spelling": ["codespell"],
    "migrations of the product": [*DJANGO, "openedx_utop", "--settings=tests.settings"],
    "migrations of the demo host": [*DJANGO, "demo", "--settings=demo.settings"],
    "personal data": [
        *("code_annotations", "django_find_annotations", "--config_file", ".pii_annotations.yml"),
        *("--lint", "--coverage", "--app_name", "openedx_utop"),
    ],
    "French catalogues": [sys.executable, "scripts/catalogues.py"],
}


def run() -> dict[str, bool]:
    """Run every gate, print its verdict and, when it fails, what it said."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(GATES, pool.map(_gate, GATES), strict=True))


def _gate(name: str) -> bool:
    started = time.monotonic()
    program, *arguments = GATES[name]
    command = [program if "/" in program else str(BIN / program), *arguments]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=environment)
    passed = done.returncode == 0
    verdict = f"{'ok    ' if passed else 'FAILED'}  {name}  ({time.monotonic() - started:.0f} s)"
    print(verdict if passed else f"{verdict}\n{done.stdout}{done.stderr}", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(not all(run().values()))

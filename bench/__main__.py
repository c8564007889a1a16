"""`python -m bench [DOMAIN]`: a line per figure, and all of them in bench/results.json."""

import importlib
import json
import os
import sys
from pathlib import Path

import django
from django.core.management import call_command

DOMAINS = (
    "accuracy",
    "attendance",
    "recorder",
    "script",
    "journal",
    "journal_on_mariadb",
    "sectors",
    "steering",
    "enrolment",
    "badges",
    "skills",
    "attestations",
    "organizations",
    "imports",
    "rules",
)
RESULTS = Path(__file__).parent / "results.json"


def main(only: str | None = None) -> None:
    """Measure one domain or all."""
    if only not in (None, *DOMAINS):
        raise SystemExit(f"No figures of {only}; there are: {', '.join(DOMAINS)}.")
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    results = {}
    for domain in [only] if only else DOMAINS:
        for figure in importlib.import_module(f"bench.{domain}").figures():
            print(figure, flush=True)
            results[figure.name] = {"value": figure.value, "goal": figure.goal, "ok": figure.is_reached}
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

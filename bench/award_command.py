"""`utop_award` for a whole course, in a process of its own on MariaDB, its messages to a broker on Redis.

`python -m bench.award_command` is that process: it prints learners a second, and how its memory grew.
"""

import io
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bench.figures import Figure

LEARNERS = 10_000


def command_figures() -> Iterator[Figure]:
    """How fast all learners of a course are awarded, badges signed, and how much memory that takes."""
    from tests.services import mariadb, redis  # noqa: PLC0415

    with mariadb.server() as port, redis.server() as broker:
        site = {
            **mariadb.environment(port),
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "UTOP_BENCH_BROKER": broker.url.replace("unix://", "redis+socket://").replace("?db=0", ""),
        }
        command = [sys.executable, "-m", "bench.award_command"]
        done = subprocess.run(command, check=True, env={**os.environ, **site}, stdout=subprocess.PIPE, text=True)
    measured = json.loads(done.stdout)
    print(f"  {measured}", file=sys.stderr)
    yield Figure("badges.award_command_per_second", measured["per_second"], 100)
    yield Figure("badges.award_command_memory", measured["memory"], 1.1, less_is_better=True)


class Watched(io.StringIO):
    """What the command says, and how much memory there was each time, in pages."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[int] = []

    def write(self, text: str) -> int:
        """Keep it."""
        self.pages.append(int(open("/proc/self/statm", encoding="ascii").read().split()[1]))  # noqa: SIM115, PTH123
        return super().write(text)


def main() -> None:
    """Fill the host, award everyone, and print the figures."""
    from django.core.management import call_command  # noqa: PLC0415

    from openedx_utop.badges.models import Credential  # noqa: PLC0415
    from tests.badges.factories import COURSE  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    _learners()
    watched = Watched()
    started = time.monotonic()
    call_command("utop_award", str(COURSE), stdout=watched)
    seconds = time.monotonic() - started
    if Credential.objects.filter(is_live=True).exclude(token="").count() != LEARNERS:
        raise ValueError(watched.getvalue())
    fifth = len(watched.pages) // 5
    figures = {
        "learners": LEARNERS,
        "per_second": LEARNERS / seconds,
        "memory": max(watched.pages) / watched.pages[fifth],
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(figures))


def _learners() -> None:
    from django.conf import settings  # noqa: PLC0415

    from openedx_utop.attendance.models import Presence  # noqa: PLC0415
    from openedx_utop.badges.tokens import new_token_key  # noqa: PLC0415
    from openedx_utop.compat import platform  # noqa: PLC0415
    from openedx_utop.signing_keys import new_seed  # noqa: PLC0415
    from tests.badges.factories import CAMILLE, COURSE, learner_at_the_end, training_action  # noqa: PLC0415

    settings.UTOP_SIGNING_KEY, settings.UTOP_JWT_SIGNING_KEY = new_seed(), new_token_key()
    training_action()
    host: Any = platform()
    learner_at_the_end(host)
    spans = list(Presence.objects.values())
    others = range(CAMILLE + 1, CAMILLE + LEARNERS)
    for user_id in others:
        host.people[user_id] = replace(host.people[CAMILLE], user_id=user_id, username=f"user{user_id}")
        host.enrolments.add((user_id, COURSE))
        host.paths[user_id, COURSE] = host.paths[CAMILLE, COURSE]
        host.grades[user_id, COURSE] = 60 + user_id % 40
    rows = [
        Presence(**{**span, "id": None, "user_id": user_id, "end": span["end"] + timedelta(seconds=user_id % 60)})
        for user_id in others
        for span in spans
    ]
    Presence.objects.bulk_create(rows, batch_size=2000)


if __name__ == "__main__":
    import django

    django.setup()
    main()

"""A site of which several processes are run: its settings, and what each of them does."""

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ.get("UTOP_TEST_DATABASE_NAME", DATABASES["default"]["NAME"])
UTOP_RECORDER = "openedx_utop.attendance.backends.redis.RedisRecorder"
UTOP_REDIS_URL = os.environ.get("UTOP_TEST_REDIS_URL", "")
UTOP_REDIS_TIMEOUT_SECONDS = 30
LEARNERS = range(1, 21)
ORIGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def play(first: int, last: int) -> None:
    """One beat per learner and half minute."""
    from openedx_utop.attendance import api
    from tests.attendance.conftest import course_key, usage_key

    module, unit = usage_key("first", "sequential", "module"), usage_key("first", "vertical", "unit")
    for turn in range(first, last):
        now = ORIGIN + timedelta(seconds=30 * turn)
        for learner in LEARNERS:
            lease = api.issue_lease(learner, course_key(), module, unit, now=now)
            beat = {"lease": lease, "client": "tab-00001", "seq": turn + 1, "quiet": 0, "appeared": turn == 0}
            beat["missed"] = [[turn + 1, 0, 0, 0, turn == 0]]  # Every other beat was answered, by whichever storage.
            api.record_beat(json.dumps(beat).encode(), now=now)
        print(turn, flush=True)


def make_tables() -> None:
    """In an empty database."""
    from django.db import connection

    from openedx_utop.attendance.models import LearnerClock, Presence, PresencePlace

    with connection.schema_editor() as editor:
        editor.create_model(LearnerClock)
        editor.create_model(PresencePlace)
        editor.create_model(Presence)


def drain_beats() -> None:
    """As the command does, until it is told to stop."""
    from django.core.management import call_command

    call_command("utop_drain_beats")


def take_in(port: int) -> None:
    """The intake, on its own server, in this very process."""
    from granian.constants import Interfaces
    from granian.server.embed import Server

    from openedx_utop.attendance.intake import application

    asyncio.run(Server(application, port=port, interface=Interfaces.ASGINL).serve())

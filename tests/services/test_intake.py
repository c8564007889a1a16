"""The intake on its real server: nothing that it acknowledged is lost, whoever is killed."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest
from django.utils import timezone

from openedx_utop.attendance import api
from openedx_utop.attendance.answers import BEATS_PATH
from openedx_utop.attendance.models import LearnerClock
from tests.attendance.conftest import course_key, usage_key
from tests.services import redis as services
from tests.services.mariadb import free_port, wait
from tests.services.redis import RedisServer
from tests.services.site import LEARNERS, take_in
from tests.services.test_kills import KEPT, drain, process

pytestmark = [pytest.mark.redis, pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]

TAB = "tab-00001"


def intake(redis: RedisServer, port: int) -> Any:
    return process(redis, take_in, port)


def everybody_beats(port: int, seq: int) -> None:
    """All learners at once; each is answered that it is recorded."""
    with ThreadPoolExecutor(len(LEARNERS)) as pool:
        assert list(pool.map(lambda learner: beat(port, learner, seq), LEARNERS)) == [200] * len(LEARNERS)


def beat(port: int, learner: int, seq: int) -> int:
    module, unit = usage_key("first", "sequential", "module"), usage_key("first", "vertical", "unit")
    lease = api.issue_lease(learner, course_key(), module, unit, now=timezone.now())
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as http:
        http.request("POST", BEATS_PATH, json.dumps({"lease": lease, "client": TAB, "seq": seq, "quiet": 0}))
        return http.getresponse().status


def test_what_was_acknowledged_is_stored() -> None:
    """With Redis, then from the database while Redis is dead, then again with Redis, by another process."""
    port = free_port()
    with services.server(*KEPT) as redis:
        with intake(redis, port) as first:
            wait(first, port)
            for seq in (1, 2):
                everybody_beats(port, seq)
            redis.kill()
            for seq in (3, 4):
                everybody_beats(port, seq)
            redis.start()
            first.kill()
        with intake(redis, port) as second:
            wait(second, port)
            everybody_beats(port, 5)
        drain(redis)
        heard = {clock.user_id: clock.clients[TAB]["seq"] for clock in LearnerClock.objects.all()}
        assert heard == dict.fromkeys(LEARNERS, 5)

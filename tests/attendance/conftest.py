"""A learner in front of the real endpoint, with the server's clock in the test's hands."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.attendance import api
from tests.attendance.simulator import Script, Sent, conversation
from tests.attendance.ways import WAYS, Send

LEARNER = 7
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

Settle = Callable[[], Any]


def course_key(name: str = "first") -> CourseKey:
    return CourseKey.from_string(f"course-v1:Utop+{name}+2026")


def usage_key(course: str, kind: str, name: str) -> UsageKey:
    return UsageKey.from_string(f"block-v1:Utop+{course}+2026+type@{kind}+block@{name}")


class Desk:
    """Sends what scripts say by one of the ways in, each message at its second after `origin`."""

    def __init__(
        self, traveller: time_machine.Traveller, send: Send, settle: Settle, origin: datetime = MONDAY
    ) -> None:
        self.http = Client()
        self.send = send
        self.settle = settle
        self.traveller = traveller
        self.origin = origin
        self.leases: dict[tuple[str, str], str] = {}

    def at(self, second: float) -> None:
        self.traveller.move_to(self.origin + timedelta(seconds=second))

    def lease(self, course: str = "first", unit: str = "first", user_id: int = LEARNER) -> str:
        module = usage_key(course, "sequential", "module")
        return api.issue_lease(
            user_id, course_key(course), module, usage_key(course, "vertical", unit), now=timezone.now()
        )

    def post(self, body: Any) -> Any:
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        answer = self.send("POST", data.encode() if isinstance(data, str) else data)
        self.settle()
        return answer

    def deliver(self, sent: Sent) -> Any:
        self.at(sent.at)
        place = (sent.client, sent.unit)
        answer = self.post({**sent.fields, "lease": self.leases.get(place) or self.lease(sent.course, sent.unit)})
        if answer.status_code == 200:
            self.leases[place] = answer.json()["lease"]
        return answer

    def play(self, *scripts: Script, times: int = 1) -> None:
        for sent in conversation(*scripts):
            for _time in range(times if sent.arrives else 0):
                assert self.deliver(sent).status_code == 200

    def total(self, *courses: str) -> int:
        return sum(api.total_seconds(LEARNER, course_key(course)) for course in courses or ("first",))


every_way = pytest.mark.parametrize("way", WAYS, indirect=True)


@pytest.fixture
def way(request: pytest.FixtureRequest, settings: Any) -> Send:
    """The way in: the platform's default unless the test says `every_way`."""
    name = getattr(request, "param", "first position")
    settings.UTOP_BEATS_IN_FIRST_POSITION = name == "first position"
    return WAYS[name]()


@pytest.fixture(params=["direct", pytest.param("redis", marks=[pytest.mark.redis, pytest.mark.mariadb])])
def recorder(request: pytest.FixtureRequest) -> Settle:
    """Each recorder, as what brings its beats into the tables."""
    if request.param == "direct":
        return lambda: None
    request.getfixturevalue("redis")
    return lambda: api.beat_drainer().drain()


@pytest.fixture
def desk(db: None, way: Send, recorder: Settle) -> Iterator[Desk]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield Desk(traveller, way, recorder)

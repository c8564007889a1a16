"""Workers killed between signing, storing, sending and recording, or without the key: one badge per award, always."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from celery import Celery
from django.db import connection, transaction
from django.utils import timezone

from demo.fakes.http_server import Call, Reply
from demo.fakes.open_badge_factory import FakeOpenBadgeFactory
from openedx_utop import tasks
from openedx_utop.attestations.models import Attestation
from openedx_utop.badges import api
from openedx_utop.badges.models import Achievement, Award, Credential
from openedx_utop.badges.platforms.models import Delivery, DeliveryState, PlatformAchievement
from openedx_utop.compat import Person
from tests.badges.factories import NOW, training_action
from tests.badges.minimal import SEED
from tests.badges.platforms.conftest import open_badge_factory
from tests.host import InMemoryPlatform
from tests.services import redis as services
from tests.services.redis import RedisServer

pytestmark = [pytest.mark.redis, pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).parent.parent.parent
SECONDS = 90
# A thousand: `UTOP_TEST_AWARDS=1000`, by hand.
AT_ONCE = int(os.environ.get("UTOP_TEST_AWARDS", "50"))
EVALUATION = {
    "sector": None,
    "path": [],
    "grade": 80.0,
    "estimated_seconds": 60,
    "realised_seconds": 60,
    "presence_seconds": 60,
    "certified_seconds": 60,
    "conditions": {},
}


class Stalling(FakeOpenBadgeFactory):
    """It keeps what it is sent, and answers only once it is told to; so it does when it is asked what it has."""

    def __init__(self) -> None:
        super().__init__()
        self.stored, self.may_answer = Event(), Event()
        self.asked, self.may_tell = Event(), Event()

    def issue(self, call: Call, client: str, badge: str) -> Reply:
        reply = super().issue(call, client, badge)
        self.stored.set()
        self.may_answer.wait(SECONDS)
        return reply

    def list_events(self, call: Call, client: str) -> Reply:
        self.asked.set()
        self.may_tell.wait(SECONDS)
        return super().list_events(call, client)


def worker(
    broker: RedisServer, key: str = SEED, platforms: Any = None
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """One worker, which does one thing at a time."""
    options = ["--pool=solo", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    command = ["celery", "-A", "tests.services.badge_worker", "worker", *options]
    return process(*command, broker=broker, key=key, platforms=platforms)


@contextmanager
def process(
    *module: str, broker: RedisServer, key: str = SEED, platforms: Any = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the site; it is not left behind."""
    site = {
        "UTOP_TEST_DATABASE_NAME": str(connection.settings_dict["NAME"]),
        "UTOP_TEST_BROKER": url(broker),
        "UTOP_TEST_KEY": key,
        "UTOP_TEST_BADGE_PLATFORMS": json.dumps(platforms or {}),
    }
    command = [sys.executable, "-W", "ignore", "-m", *module]
    running = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **site}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def url(broker: RedisServer) -> str:
    return broker.url.replace("unix://", "redis+socket://").replace("?db=0", "")


def order(broker: RedisServer, *awards: Award) -> None:
    """As the announcement of each award does."""
    with Celery(broker=url(broker), set_as_current=False) as app:
        for award in awards:
            app.send_task("openedx_utop.tasks.issue_credential", [str(award.uuid)])


def catch_up(broker: RedisServer) -> None:
    """As evaluations do once an hour."""
    Award.objects.update(awarded_at=timezone.now() - timedelta(hours=1))
    with Celery(broker=url(broker), set_as_current=False) as app:
        app.send_task("openedx_utop.tasks.catch_up")


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS + AT_ONCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def waiting(pattern: str) -> list[int]:
    """The connections whose statement waits for a lock that the test holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND info LIKE %s",
            [f"%{pattern}%"],
        )
        return [row[0] for row in cursor.fetchall()]


def awards(count: int) -> list[Award]:
    action = training_action()
    achievement = Achievement.objects.create(action=action, name="Transition", description="…")
    same: Any = {"action": action, "achievement": achievement, "awarded_at": NOW, "evaluation": EVALUATION}
    Award.objects.bulk_create(Award(user_id=user_id, **same) for user_id in range(1, count + 1))
    return list(Award.objects.select_related("achievement"))


def die(running: subprocess.Popen[bytes], connections: list[int]) -> None:
    """The machine goes, and its connections to the database with it."""
    running.kill()
    running.wait()
    with connection.cursor() as cursor:
        for number in connections:
            cursor.execute("KILL %s", [number])


def ten_minutes_pass() -> None:
    """After which what a worker held is another's."""
    Delivery.objects.update(due_at=NOW)


def hold(broker: RedisServer) -> None:
    """It takes no message until it is started anew."""
    broker.client.client_pause(SECONDS * 1000, all=False)


def forget(broker: RedisServer) -> None:
    """It is killed too, with all that it was to hand on."""
    broker.kill()
    broker.start()


def test_what_was_never_ordered_is_caught_up_with(settings: Any, host: InMemoryPlatform) -> None:
    """Killed before the award's message left, then before the delivery's; the broker forgets whatever it had."""
    with services.server() as broker, FakeOpenBadgeFactory() as platform:
        account = open_badge_factory(platform)
        settings.UTOP_SIGNING_KEY, settings.UTOP_BADGE_PLATFORMS = SEED, {account.name: account.configured}
        achievement = Achievement.objects.create(action=training_action(), name="Transition", description="…")
        PlatformAchievement.objects.create(achievement=achievement, platform=account.name, badge=account.badge)

        hold(broker)
        with process("tests.services.badge_worker", broker=broker) as awarding:
            until(Award.objects.exists)
            die(awarding, [])
        forget(broker)
        assert not left(broker)

        catch_up(broker)
        with worker(broker, platforms=settings.UTOP_BADGE_PLATFORMS) as signing:
            with transaction.atomic():
                Award.objects.select_for_update().get()
                until(lambda: waiting("openedx_utop_award%FOR UPDATE"))
                hold(broker)
            until(Delivery.objects.exists)
            die(signing, [])
        forget(broker)
        assert Delivery.objects.get().attempts == left(broker) == 0

        host.people[1] = Person(1, "user1", "Camille Dupont", "user1@example.fr", "fr")
        tasks.catch_up()
        assert Delivery.objects.get().identifier in next(iter(platform.events))
        assert len(platform.events) == Credential.objects.count() == Attestation.objects.count() == 1


def test_workers_are_killed_at_every_step() -> None:
    """Signed and not stored; stored there and not answered; answered and not recorded."""
    with services.server() as broker, Stalling() as platform:
        account = open_badge_factory(platform)
        configured = {account.name: account.configured}
        (one,) = awards(1)
        PlatformAchievement.objects.create(achievement=one.achievement, platform=account.name, badge=account.badge)
        order(broker, one)

        with worker(broker, platforms=configured) as first, transaction.atomic():
            Award.objects.select_for_update().get(pk=one.pk)
            until(lambda: waiting("openedx_utop_award%FOR UPDATE"))
            die(first, waiting("openedx_utop_award%FOR UPDATE"))
        assert not Credential.objects.exists()

        with worker(broker, platforms=configured) as second:
            assert platform.stored.wait(SECONDS)
            die(second, [])
        platform.may_answer.set()
        assert Delivery.objects.get().state == DeliveryState.SENDING

        ten_minutes_pass()
        with worker(broker, platforms=configured) as third:
            assert platform.asked.wait(SECONDS)
            with transaction.atomic():
                Delivery.objects.select_for_update().get()
                platform.may_tell.set()
                until(lambda: waiting("UPDATE%openedx_utop_delivery"))
                die(third, waiting("UPDATE%openedx_utop_delivery"))
        assert Delivery.objects.get().state == DeliveryState.SENDING
        ten_minutes_pass()
        with worker(broker, platforms=configured):
            until(lambda: Delivery.objects.get().state == DeliveryState.DONE)
        assert Delivery.objects.get().identifier in next(iter(platform.events))
        assert len(platform.events) == Credential.objects.count() == 1


def test_many_at_once_wait_for_the_right_key_and_two_workers_share_them(settings: Any) -> None:
    """Each was ordered twice; nobody is left without, and nobody has two, here or on the platform."""
    with services.server() as broker, FakeOpenBadgeFactory() as platform:
        account = open_badge_factory(platform)
        owed = awards(AT_ONCE)
        PlatformAchievement.objects.create(achievement=owed[0].achievement, platform=account.name, badge=account.badge)
        sent_on = {account.name: account.configured}
        with worker(broker, key="not a seed", platforms=sent_on) as keyless:
            order(broker, *owed[:3])
            until(lambda: retried(broker) >= 3)
            die(keyless, [])
        assert not Credential.objects.exists()
        order(broker, *owed, *owed)
        with worker(broker, platforms=sent_on), worker(broker, platforms=sent_on):
            until(lambda: Credential.objects.count() == len(owed))
            until(lambda: not left(broker))
    assert len(platform.events) == Delivery.objects.filter(state=DeliveryState.DONE).count() == len(owed)
    settings.UTOP_SIGNING_KEY = SEED
    assert set(Credential.objects.values_list("award_id", flat=True)) == {award.pk for award in owed}
    assert all(api.proof_holds(text) for text in Credential.objects.values_list("document", flat=True)[:5])


def left(broker: RedisServer) -> int:
    """Messages that nobody has done."""
    return int(broker.client.llen("celery")) + int(broker.client.hlen("unacked"))


def retried(broker: RedisServer) -> int:
    """Messages that are put off to be tried again."""
    messages = [json.loads(text)[0] for text in broker.client.hvals("unacked")]
    return sum(bool(message["headers"].get("retries")) for message in messages)

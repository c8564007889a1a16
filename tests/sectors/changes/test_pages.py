"""After the lock date, over HTTP: forms without a script, the panel's script, and programs."""

import json
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from opaque_keys.edx.keys import CourseKey

from openedx_utop.sectors.api import learner_sector
from openedx_utop.sectors.changes import api as changes
from openedx_utop.sectors.changes.models import ChangeRequest
from openedx_utop.sectors.models import SectorChoice
from tests.host import InMemoryPlatform
from tests.sectors.changes.conftest import ADVISER
from tests.sectors.conftest import COURSE, LEARNER, NOW

PAGE = f"/utop/sectors/{COURSE}/"
CHOICE, REQUESTS = f"{PAGE}choice/", f"{PAGE}requests/"
PANEL = {"Utop-Panel": "1"}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def learner(locked: CourseKey) -> Client:
    client = Client()
    client.force_login(User.objects.create(pk=LEARNER, username="ada"))
    return client


def text(client: Client) -> str:
    return client.get(PAGE, headers={"Accept-Language": "en"}).content.decode()


def held() -> str:
    sector = learner_sector(LEARNER, COURSE)
    assert sector is not None
    return sector.slug


def test_the_page_asks_for_a_reason_and_the_request_waits(learner: Client) -> None:
    page = text(learner)
    assert f'action="{REQUESTS}"' in page
    assert f'action="{CHOICE}"' not in page
    assert 'name="reason"' in page
    answer = learner.post(REQUESTS, {"sector": "hotel", "reason": "J'ai <changé> d'employeur"})
    assert (answer.status_code, answer["Location"], held()) == (302, PAGE, "sante")
    page = text(learner)
    assert "J&#x27;ai &lt;changé&gt; d&#x27;employeur" in page
    assert 'name="reason"' not in page


def test_a_request_without_reason_keeps_what_was_picked(learner: Client) -> None:
    for headers in ({}, PANEL):
        answer = learner.post(REQUESTS, {"sector": "hotel", "reason": " "}, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 400
        assert 'value="hotel" required checked' in page
        assert 'id="utop-reason-error"' in page
    assert not ChangeRequest.objects.exists()


def test_the_answer_is_read_on_the_page(learner: Client) -> None:
    uuid = changes.ask(LEARNER, COURSE, "hotel", reason="Oui", now=NOW).uuid
    changes.refuse(uuid, COURSE, reason="Il vous reste <deux> modules.", by=ADVISER, now=NOW)
    page = text(learner)
    assert "refused" in page
    assert "Il vous reste &lt;deux&gt; modules." in page
    assert "Maud Conseil" in page
    assert f'action="{REQUESTS}"' in page


def test_a_request_is_withdrawn(learner: Client) -> None:
    uuid = changes.ask(LEARNER, COURSE, "hotel", reason="Oui", now=NOW).uuid
    assert f'action="{REQUESTS}{uuid}/"' in text(learner)
    assert learner.post(f"{REQUESTS}{uuid}/").status_code == 302
    assert changes.open_requests(COURSE) == ()
    assert learner.post(f"{REQUESTS}{COURSE.make_usage_key('a', 'b')}/").status_code == 404


@pytest.mark.parametrize("way", ["form", "panel", "script"])
def test_choosing_after_the_lock_changes_nothing_and_says_so(learner: Client, way: str) -> None:
    if way == "script":
        answer: Any = learner.post(CHOICE, json.dumps({"sector": "hotel"}), content_type="application/json")
        assert (answer.status_code, answer.json()["title"]) == (409, "sector-locked")
    elif way == "panel":
        answer = learner.post(CHOICE, {"sector": "hotel"}, headers=PANEL)
        assert answer.status_code == 409
        assert "data-said" in answer.content.decode()
    else:
        answer = learner.post(CHOICE, {"sector": "hotel"}, follow=True)
        assert "utop-messages" in answer.content.decode()
    assert (held(), SectorChoice.objects.count()) == ("sante", 1)


def test_a_program_asks_and_withdraws(learner: Client) -> None:
    body = json.dumps({"sector": "hotel", "reason": "Oui"})
    asked = learner.post(REQUESTS, body, content_type="application/json").json()
    assert asked["sector"]["slug"] == "hotel"
    again = learner.post(REQUESTS, body, content_type="application/json").json()
    assert again["request"] == asked["request"]
    other = json.dumps({"sector": "alimentaire", "reason": "Oui"})
    pending = learner.post(REQUESTS, other, content_type="application/json")
    assert (pending.status_code, pending.json()["title"]) == (409, "request-pending")
    address = f"{REQUESTS}{asked['request']}/"
    assert learner.post(address, "{}", content_type="application/json").status_code == 200
    again = learner.post(address, "{}", content_type="application/json")
    assert (again.status_code, again.json()["title"]) == (409, "already-answered")


def test_another_learners_request_does_not_exist(learner: Client, host: InMemoryPlatform) -> None:
    uuid = changes.ask(LEARNER, COURSE, "hotel", reason="Oui", now=NOW).uuid
    host.enrolments.add((8, COURSE))
    other = Client()
    other.force_login(User.objects.create(pk=8, username="eve"))
    assert other.post(f"{REQUESTS}{uuid}/").status_code == 404
    assert "Oui" not in other.get(PAGE).content.decode()
    assert len(changes.open_requests(COURSE)) == 1


def test_staff_masquerading_asks_and_withdraws_nothing(learner: Client, host: InMemoryPlatform) -> None:
    uuid = changes.ask(LEARNER, COURSE, "hotel", reason="Oui", now=NOW).uuid
    host.masquerading = True
    for address in (REQUESTS, f"{REQUESTS}{uuid}/", CHOICE):
        for headers in ({}, PANEL):
            learner.post(address, {"sector": "alimentaire", "reason": "Oui"}, headers=headers)
    host.masquerading = False
    (waiting,) = changes.open_requests(COURSE)
    assert (waiting.sector.slug, held(), SectorChoice.objects.count()) == ("hotel", "sante", 1)

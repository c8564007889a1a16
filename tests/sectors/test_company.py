"""The learner's company, from the choice of a trade: facts, search by name, no company, a register that is down."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from opaque_keys.edx.keys import CourseKey

from demo.fakes.faults import Fault
from demo.fakes.register import Register
from openedx_utop.organizations.api import Situation, employer_of, situation_of
from openedx_utop.sectors.api import learner_sector
from tests.host import InMemoryPlatform
from tests.organizations.conftest import _nothing_remembered, register, register_process
from tests.sectors.conftest import COURSE, LEARNER

FIXTURES = (_nothing_remembered, register, register_process)

PAGE = f"/utop/sectors/{COURSE}/"
MINE, SEARCH, NONE = "/utop/employers/mine/", "/utop/employers/search/", "/utop/employers/none/"
AUBERGE = "90000000100017"
PANEL = {"Utop-Panel": "1"}


@pytest.fixture
def learner(course: CourseKey, register: Register) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.create(pk=LEARNER, username="ada"))
    return client


def send(client: Client, address: str, **sent: str) -> Any:
    return client.post(address, {"course": str(COURSE), "next": PAGE, **sent}, headers=PANEL)


def test_two_taps_from_the_siret_to_the_path(learner: Client) -> None:
    proposed = send(learner, MINE, siret=AUBERGE).content.decode()
    assert '<input type="hidden" name="sector" value="hotel">' in proposed
    assert "1979" in proposed
    assert 'data-held="hotel"' in send(learner, f"{PAGE}choice/", sector="hotel").content.decode()


def test_a_company_is_found_by_its_name(learner: Client) -> None:
    answer = send(learner, SEARCH, company="grand hotel", postcode="35000")
    page = answer.content.decode()
    assert (answer.status_code, employer_of(LEARNER)) == (200, None)
    assert '<input type="hidden" name="siret" value="90000012600012">' in page
    assert "GRAND HÔTEL D&#x27;ESSAI" in page
    assert "1 company found" in page


def test_without_a_script_the_page_shows_what_was_found(learner: Client) -> None:
    page = learner.post(SEARCH, {"course": str(COURSE), "company": "auberge"}).content.decode()
    assert "<html" in page
    assert f'<input type="hidden" name="siret" value="{AUBERGE}">' in page


def test_nothing_found_says_what_to_try(learner: Client) -> None:
    page = send(learner, SEARCH, company="introuvable").content.decode()
    assert "0 companies found" in page
    assert "leave the postcode empty" in page


@pytest.mark.parametrize("headers", [{}, PANEL])
def test_too_little_to_search_for_stays_in_its_field(learner: Client, headers: dict[str, str]) -> None:
    sent = {"course": str(COURSE), "company": "a<", "postcode": "1"}
    answer = learner.post(SEARCH, sent, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="a&lt;"' in page
    assert 'aria-invalid="true"' in page


def test_while_the_register_is_down_the_learner_goes_on_and_asks_again(learner: Client, register: Register) -> None:
    register.faults.order(Fault.MALFORMED)
    page = send(learner, MINE, siret=AUBERGE).content.decode()
    assert employer_of(LEARNER) is not None
    assert "Ask the register again" in page
    assert 'name="sector" value="sante"' in page
    assert send(learner, SEARCH, company="auberge").status_code == 400
    register.faults.lift()
    cache.clear()  # The minute is over in which it is left in peace.
    page = send(learner, MINE, siret=AUBERGE).content.decode()
    assert '<input type="hidden" name="sector" value="hotel">' in page
    assert "Ask the register again" not in page


def test_who_has_no_company_says_why_and_chooses(learner: Client) -> None:
    send(learner, MINE, siret=AUBERGE)
    page = send(learner, NONE, situation="job_seeker").content.decode()
    assert (situation_of(LEARNER), employer_of(LEARNER)) == (Situation.JOB_SEEKER, None)
    assert "You have told us: " in page
    assert 'name="sector" value="sante"' in page
    assert learner.post(NONE, {"course": str(COURSE), "situation": "?"}).status_code == 302
    assert send(learner, NONE, situation="?").status_code == 400
    assert situation_of(LEARNER) is Situation.JOB_SEEKER
    send(learner, f"{PAGE}choice/", sector="sante")
    held = learner_sector(LEARNER, COURSE)
    assert held is not None
    assert held.slug == "sante"


def test_programs_search_and_declare_too(learner: Client) -> None:
    def ask(address: str, **sent: str) -> Any:
        return learner.post(address, json.dumps({"course": str(COURSE), **sent}), content_type="application/json")

    (found,) = ask(SEARCH, company="grand hotel", postcode="35000").json()["found"]
    assert found["siret"] == "90000012600012"
    refused = ask(SEARCH, company="a")
    assert (refused.status_code, refused.json()["title"]) == (400, "no-search")
    assert ask(NONE, situation="student").json()["situation"] == "student"
    assert ask(NONE, situation="retired").status_code == 400


def test_strangers_and_masquerading_staff_search_and_declare_nothing(
    learner: Client, host: InMemoryPlatform, register: Register
) -> None:
    host.masquerading = True
    for address, sent in ((SEARCH, {"company": "auberge"}), (NONE, {"situation": "other"}), (MINE, {"siret": AUBERGE})):
        assert send(learner, address, **sent).status_code == 403
        assert send(Client(), address, **sent).status_code == 401
    host.masquerading = False
    host.enrolments.clear()
    for address, sent in ((SEARCH, {"company": "auberge"}), (NONE, {"situation": "other"})):
        assert send(learner, address, **sent).status_code == 403
    assert (employer_of(LEARNER), situation_of(LEARNER), len(register.asked)) == (None, None, 0)

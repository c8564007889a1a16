"""The choice over HTTP: for scripts, for forms, and as a page."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from opaque_keys.edx.keys import CourseKey

from openedx_utop.organizations.api import employer_of
from openedx_utop.organizations.models import Employer
from openedx_utop.sectors.api import define_sector, learner_sector
from openedx_utop.sectors.models import SectorChoice
from tests.host import InMemoryPlatform
from tests.sectors.conftest import COURSE, LEARNER, NOW

PAGE = f"/utop/sectors/{COURSE}/"
CHOICE = f"{PAGE}choice/"
EMPLOYER = "/utop/employers/mine/"
HOTEL_SIRET = "90000000100017"


@pytest.fixture
def learner(course: CourseKey) -> Client:
    client = Client()
    client.force_login(User.objects.create(pk=LEARNER, username="ada"))
    return client


def send(client: Client, url: str, body: Any) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json")


def kind(response: Any) -> str:
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    assert body["detail"]
    return str(body["title"])


def held() -> str | None:
    sector = learner_sector(LEARNER, COURSE)
    return sector.slug if sector else None


def test_a_script_chooses_and_is_told(learner: Client, host: InMemoryPlatform) -> None:
    response = send(learner, CHOICE, {"sector": "sante"})
    assert response.status_code == 200
    assert response.json()["sector"] == {"slug": "sante", "name": "Santé"}
    assert response.json()["message"]
    assert host.placements[(LEARNER, COURSE)].name == "Santé"


def test_a_form_chooses_and_goes_back_to_the_page(learner: Client) -> None:
    response = learner.post(CHOICE, {"sector": "sante"})
    assert (response.status_code, response["Location"], held()) == (302, PAGE, "sante")
    assert [message.level_tag for message in get_messages(response.wsgi_request)] == ["success"]


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/courses/unit", "/courses/unit"),
        ("https://ailleurs.example/", PAGE),
        ("//ailleurs.example", PAGE),
        ("javascript:alert(1)", PAGE),
        ("", PAGE),
    ],
)
def test_a_form_never_leads_to_another_site(learner: Client, wanted: str, reached: str) -> None:
    assert learner.post(CHOICE, {"sector": "sante", "next": wanted})["Location"] == reached


def test_two_clicks_leave_one_choice(learner: Client) -> None:
    assert [send(learner, CHOICE, {"sector": "sante"}).status_code for _click in range(2)] == [200, 200]
    assert SectorChoice.objects.count() == 1


@pytest.mark.parametrize(
    ("slug", "status", "problem"),
    [
        ("inconnu", 400, "unknown-sector"),
        ("", 400, "unknown-sector"),
        (["sante"], 400, "unknown-sector"),
        ("banque", 409, "track-unavailable"),
    ],
)
def test_a_sector_that_cannot_be_had_is_a_problem(learner: Client, slug: Any, status: int, problem: str) -> None:
    response = send(learner, CHOICE, {"sector": slug})
    assert (response.status_code, kind(response), held()) == (status, problem, None)


def test_a_form_is_told_in_a_message(learner: Client) -> None:
    response = learner.post(CHOICE, {"sector": "inconnu"})
    assert (response.status_code, response["Location"], held()) == (302, PAGE, None)
    assert [message.level_tag for message in get_messages(response.wsgi_request)] == ["error"]


@pytest.mark.parametrize("body", [" ", "{", "[]", '"sante"', "\xff", "[" * 100_000, "null"])
def test_a_malformed_body_is_a_problem(learner: Client, body: str) -> None:
    for url in (CHOICE, EMPLOYER):
        response = learner.post(url, body.encode("latin-1"), content_type="application/json")
        assert (response.status_code, kind(response)) == (400, "malformed-request")


def test_masquerade_is_refused(learner: Client, host: InMemoryPlatform) -> None:
    host.masquerading = True
    for url, body in ((CHOICE, {"sector": "sante"}), (EMPLOYER, {"siret": HOTEL_SIRET, "course": str(COURSE)})):
        response = send(learner, url, body)
        assert (response.status_code, kind(response)) == (403, "masquerading")
    assert (held(), employer_of(LEARNER)) == (None, None)


def test_who_is_not_enrolled_is_refused(learner: Client, host: InMemoryPlatform) -> None:
    host.enrolments.clear()
    for url, body in ((CHOICE, {"sector": "sante"}), (EMPLOYER, {"siret": HOTEL_SIRET, "course": str(COURSE)})):
        response = send(learner, url, body)
        assert (response.status_code, kind(response)) == (403, "not-enrolled")
    assert learner.get(PAGE).status_code == 403
    assert (held(), employer_of(LEARNER)) == (None, None)


def test_visitors_sign_in_first(course: CourseKey) -> None:
    assert kind(send(Client(), CHOICE, {"sector": "sante"})) == "signed-out"
    assert "next=" in Client().post(CHOICE, {"sector": "sante"})["Location"]
    assert "next=" in Client().get(PAGE)["Location"]


def test_a_course_that_does_not_exist_is_not_found(learner: Client) -> None:
    unknown = "/utop/sectors/course-v1:utop+aucun+2027/"
    for url in (unknown, "/utop/sectors/n-importe-quoi/"):
        assert learner.get(url).status_code == 404
        assert learner.post(f"{url}choice/", {"sector": "sante"}).status_code == 404
    assert kind(send(learner, f"{unknown}choice/", {"sector": "sante"})) == "unknown-course"
    for course in ("", "n'importe quoi", "course-v1:utop+aucun+2027"):
        assert learner.post(EMPLOYER, {"siret": HOTEL_SIRET, "course": course}).status_code == 404
        assert kind(send(learner, EMPLOYER, {"siret": HOTEL_SIRET, "course": course})) == "unknown-course"


def test_only_posts_choose(learner: Client) -> None:
    assert learner.get(CHOICE).status_code == 405
    assert learner.get(EMPLOYER).status_code == 405


def test_another_site_cannot_choose_for_the_learner(learner: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = learner.cookies
    assert strict.post(CHOICE, {"sector": "sante"}).status_code == 403
    assert strict.post(EMPLOYER, {"siret": HOTEL_SIRET, "course": str(COURSE)}).status_code == 403
    assert held() is None


def test_declaring_a_company_brings_the_proposal(learner: Client) -> None:
    Employer.objects.create(siret=HOTEL_SIRET, register_name="Hôtel du Port", idccs=["1979"], fetched_at=NOW)
    answer = send(learner, EMPLOYER, {"siret": "900 000 001 00017", "course": str(COURSE)}).json()
    assert answer["employer"]["name"] == "Hôtel du Port"
    assert answer["employer"]["warning"] == ""
    assert answer["proposal"]["status"] == "resolved"
    assert answer["proposal"]["sector"] == {"slug": "hotel", "name": "Hôtellerie et restauration"}
    assert {"slug": "sante", "name": "Santé"} in answer["proposal"]["candidates"]
    assert held() is None


def test_a_wrong_checksum_is_accepted_with_a_warning(learner: Client) -> None:
    answer = send(learner, EMPLOYER, {"siret": "35600000009090", "course": str(COURSE)}).json()
    assert answer["employer"]["warning"]
    assert answer["proposal"]["status"] == "unavailable"


@pytest.mark.parametrize("siret", ["", "00000000000000", "7328293200007O", "123", None])
def test_a_refused_siret_is_a_problem_that_says_what_to_do(learner: Client, siret: str | None) -> None:
    response = send(learner, EMPLOYER, {"siret": siret, "course": str(COURSE)})
    assert (response.status_code, kind(response), employer_of(LEARNER)) == (400, "invalid-siret", None)


def test_a_refused_siret_stays_in_its_field_with_the_reason(learner: Client) -> None:
    response = learner.post(EMPLOYER, {"siret": "12<3", "course": str(COURSE)})
    page = response.content.decode()
    assert response.status_code == 400
    assert 'value="12&lt;3"' in page
    assert 'id="utop-siret-error"' in page
    assert 'aria-invalid="true"' in page


def test_the_whole_choice_works_without_a_script(learner: Client) -> None:
    Employer.objects.create(siret=HOTEL_SIRET, register_name="Hôtel <du> Port", idccs=["1979"], fetched_at=NOW)
    declared = learner.post(EMPLOYER, {"siret": HOTEL_SIRET, "course": str(COURSE), "next": PAGE}, follow=True)
    page = declared.content.decode()
    assert "Hôtel &lt;du&gt; Port" in page
    assert '<input type="hidden" name="sector" value="hotel">' in page
    chosen = learner.post(CHOICE, {"sector": "hotel", "next": PAGE}, follow=True)
    assert 'id="utop-held"' in chosen.content.decode()
    assert SectorChoice.objects.get().method == "company"


def test_the_page_lists_the_trades_and_preselects_the_one_asked_for(learner: Client) -> None:
    page = learner.get(PAGE, {"sector": "sante"}).content.decode()
    assert 'value="sante" required checked' in page
    assert page.count('type="radio" name="sector"') == 4
    assert 'value="banque"' not in page


def test_a_withdrawn_sector_still_shows_to_who_holds_it(learner: Client) -> None:
    send(learner, CHOICE, {"sector": "sante"})
    define_sector("sante", name="Santé", is_offered=False)
    page = learner.get(PAGE).content.decode()
    assert 'id="utop-held"' in page
    assert 'value="sante"' not in page


PANEL = {"Utop-Panel": "1"}


def test_the_panels_script_is_answered_with_the_panel(learner: Client) -> None:
    Employer.objects.create(siret=HOTEL_SIRET, name="Hôtel du Port", idcc="1979")
    proposed = learner.post(EMPLOYER, {"siret": HOTEL_SIRET, "course": str(COURSE)}, headers=PANEL)
    assert proposed["Utop-Panel"] == "1"
    assert '<input type="hidden" name="sector" value="hotel">' in proposed.content.decode()
    chosen = learner.post(CHOICE, {"sector": "hotel"}, headers=PANEL)
    page = chosen.content.decode()
    assert 'data-held="hotel"' in page
    assert "data-said" in page
    assert "<html" not in page


def test_the_panel_is_told_what_was_refused(learner: Client, host: InMemoryPlatform) -> None:
    wrong = learner.post(EMPLOYER, {"siret": "12<3", "course": str(COURSE)}, headers=PANEL)
    assert wrong.status_code == 400
    assert 'aria-invalid="true"' in wrong.content.decode()
    unavailable = learner.post(CHOICE, {"sector": "banque"}, headers=PANEL)
    assert (unavailable.status_code, unavailable["Utop-Panel"]) == (409, "1")
    host.masquerading = True
    refused = learner.post(CHOICE, {"sector": "sante"}, headers=PANEL)
    assert (refused.status_code, refused["Content-Type"]) == (403, "text/plain; charset=utf-8")
    signed_out = Client().post(CHOICE, {"sector": "sante"}, headers=PANEL)
    assert signed_out.status_code == 401
    assert held() is None

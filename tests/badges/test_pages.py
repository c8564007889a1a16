"""Badges over HTTP, as wallets, verifiers and people ask for them."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image
from pytest_django import Settings

from openedx_utop.badges import api
from openedx_utop.badges.models import Achievement
from tests.badges.factories import CAMILLE, COURSE, NOW
from tests.badges.revocations import issue
from tests.badges.tokens import KEY
from tests.host import InMemoryPlatform

pytestmark = [pytest.mark.usefixtures("key"), pytest.mark.django_db]
NEVER_ISSUED = "0a616c91-4c83-42a7-9861-35f2a96f1aba"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def credential(finished: InMemoryPlatform) -> api.CredentialFacts:
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    return api.issue_credential(award.uuid, now=NOW + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/vc", "application/vc"),
        ("application/vc+ld+json", "application/vc+ld+json"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"', "application/ld+json"),
        ("application/json", "application/json"),
        ("application/json, text/plain, */*", "application/json"),
        ("application/json;q=0.5, application/vc;q=0.4, text/html;q=0.1", "application/json"),
        ("*/*", "application/vc"),
        ("", "application/vc"),
        ("application/jwt, application/json;q=0.1", "application/json"),
        ("text/html;q=nonsense, application/json;q=nonsense", "application/json"),
    ],
)
def test_machines_get_the_signed_bytes(
    client: Client, credential: api.CredentialFacts, accept: str, expected: str
) -> None:
    response = client.get(f"/utop/credentials/{credential.uuid}", HTTP_ACCEPT=accept)
    assert response.content.decode() == credential.document
    assert response["Content-Type"] == expected
    assert "Accept" in response["Vary"]
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("accept", [BROWSER, "text/html", "text/html;q=0.9, application/json;q=0.8"])
def test_people_are_led_to_the_verification_page(client: Client, credential: api.CredentialFacts, accept: str) -> None:
    response = client.get(f"/utop/credentials/{credential.uuid}", HTTP_ACCEPT=accept)
    assert (response.status_code, response["Location"]) == (302, f"/utop/verify/{credential.uuid}/")
    assert "Accept" in response["Vary"]


@pytest.mark.parametrize(
    "accept", ["application/vc+jwt", "application/jwt", "text/plain", "application/jwt, */*;q=0.1"]
)
def test_whoever_asks_for_the_token_gets_it(
    client: Client, finished: InMemoryPlatform, settings: Settings, accept: str
) -> None:
    settings.UTOP_JWT_SIGNING_KEY = KEY
    credential = issue()
    response = client.get(f"/utop/credentials/{credential.uuid}", HTTP_ACCEPT=accept)
    assert response.content.decode() == credential.token != ""
    assert response["Content-Type"] == accept.partition(",")[0]
    assert "Accept" in response["Vary"]
    by_default = client.get(f"/utop/credentials/{credential.uuid}", HTTP_ACCEPT="*/*")
    assert by_default.content.decode() == credential.document


@pytest.mark.parametrize(("accept", "start"), [("image/png", b"\x89PNG"), ("image/svg+xml", b"<svg")])
def test_pictures_are_forms_of_it_too(
    client: Client, credential: api.CredentialFacts, accept: str, start: bytes
) -> None:
    response = client.get(f"/utop/credentials/{credential.uuid}", HTTP_ACCEPT=accept)
    assert response["Content-Type"] == accept
    assert start in response.content[:200]


@pytest.mark.parametrize(
    "accept", ["audio/ogg", "application/jwt", "application/json;q=0", "application/pdf, text/csv"]
)
def test_what_is_not_offered_is_answered_with_what_is(
    client: Client, credential: api.CredentialFacts, accept: str
) -> None:
    response = client.get(f"/utop/credentials/{credential.uuid}", HTTP_ACCEPT=accept)
    assert (response.status_code, response["Content-Type"]) == (406, "application/problem+json")
    assert "application/vc" in json.loads(response.content)["detail"]
    assert "Accept" in response["Vary"]


def test_the_files_have_readable_names(client: Client, credential: api.CredentialFacts) -> None:
    as_json = client.get(f"/utop/credentials/{credential.uuid}.json", HTTP_ACCEPT=BROWSER)
    assert as_json.content.decode() == credential.document
    assert 'filename="badge-reussir-la-transition-numerique.json"' in as_json["Content-Disposition"]
    as_png = client.get(f"/utop/credentials/{credential.uuid}.png", HTTP_ACCEPT="image/*")
    assert 'filename="badge-reussir-la-transition-numerique.png"' in as_png["Content-Disposition"]
    image = Image.open(BytesIO(as_png.content))
    image.load()
    assert image.text["openbadgecredential"] == credential.document


def test_the_issuer_resolves(client: Client, credential: api.CredentialFacts) -> None:
    response = client.get("/utop/did.json")
    assert response["Content-Type"] == "application/did+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    method = json.loads(credential.document)["proof"][0]["verificationMethod"]
    assert json.loads(response.content)["assertionMethod"] == [method]


def test_no_issuer_without_a_key(client: Client, settings: Settings) -> None:
    settings.UTOP_SIGNING_KEY = ""
    response = client.get("/utop/did.json")
    assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json")


def test_the_achievement_resolves(client: Client, credential: api.CredentialFacts) -> None:
    said = json.loads(credential.document)["credentialSubject"]["achievement"]
    address = said["id"].removeprefix("https://lms.example.org")
    read = json.loads(client.get(address, HTTP_ACCEPT="application/ld+json").content)
    assert read == {"@context": json.loads(credential.document)["@context"], **said}
    page = client.get(address, HTTP_ACCEPT=BROWSER)
    assert said["name"] in page.content.decode()
    picture = client.get(said["image"]["id"].removeprefix("https://lms.example.org"))
    assert picture["Content-Type"] == "image/png"
    assert Image.open(BytesIO(picture.content)).format == "PNG"


@pytest.mark.parametrize(
    "name", [NEVER_ISSUED, "7", "x" * 300, "é", f"{{{NEVER_ISSUED}}}", NEVER_ISSUED.replace("-", "")]
)
@pytest.mark.parametrize("place", ["credentials/{}", "credentials/{}.json", "credentials/{}.png", "achievements/{}"])
def test_what_was_never_issued(client: Client, place: str, name: str) -> None:
    address = "/utop/" + place.format(name)
    page = client.get(address, HTTP_ACCEPT=BROWSER)
    assert (page.status_code, page["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "utop-card" in page.content.decode()
    answer = client.get(address, HTTP_ACCEPT="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert json.loads(answer.content)["status"] == 404
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_nothing_is_written_over_http(client: Client, credential: api.CredentialFacts) -> None:
    for method in (client.post, client.put, client.delete):
        assert method(f"/utop/credentials/{credential.uuid}.json").status_code == 405


def test_evidence_is_read_only_in_the_admin(admin_client: Client, credential: api.CredentialFacts) -> None:
    for name in ("award", "credential"):
        listing = f"/admin/openedx_utop/{name}/"
        assert admin_client.get(listing).status_code == 200
        assert admin_client.get(f"{listing}add/").status_code == 403
        assert admin_client.post(f"{listing}1/delete/").status_code == 403
    achievement = Achievement.objects.get()
    assert admin_client.get(f"/admin/openedx_utop/achievement/{achievement.pk}/change/").status_code == 200

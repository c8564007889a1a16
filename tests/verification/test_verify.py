"""Verification: what is authentic, what was altered, what nobody issued, and what a stranger learns."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import segno
import time_machine
from django.test import Client
from django.utils.html import escape
from pytest_django import Settings

from openedx_utop.attestations import api as attestations
from openedx_utop.attestations.models import Attestation
from openedx_utop.badges import api as badges
from openedx_utop.badges.models import Credential
from openedx_utop.verification import api
from tests.badges.factories import CAMILLE, COURSE, NOW, learner_at_the_end, training_action
from tests.badges.minimal import SEED
from tests.host import InMemoryPlatform

NEVER_ISSUED = "0a616c91-4c83-42a7-9861-35f2a96f1aba"
pytestmark = pytest.mark.django_db
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def award(db: None, host: InMemoryPlatform, settings: Settings) -> badges.AwardFacts:
    settings.UTOP_SIGNING_KEY = SEED
    training_action()
    learner_at_the_end(host)
    found = badges.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert found is not None
    return found


@pytest.fixture
def credential(award: badges.AwardFacts) -> UUID:
    return badges.issue_credential(award.uuid, now=NOW + timedelta(minutes=1)).uuid


@pytest.fixture
def attestation(award: badges.AwardFacts) -> UUID:
    return attestations.issue_attestation(
        award_uuid=award.uuid,
        user_id=award.user_id,
        course_key=award.course_key,
        awarded_at=award.awarded_at,
        evaluation=award.evaluation,
        now=NOW,
    ).uuid


@pytest.fixture(params=["credential", "attestation"])
def issued(request: pytest.FixtureRequest) -> tuple[str, UUID]:
    return request.param, request.getfixturevalue(request.param)


def page(client: Client, uuid: object) -> str:
    response = client.get(f"/utop/verify/{uuid}/", HTTP_ACCEPT=BROWSER)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_tells_the_hour_where_the_documents_are(client: Client, credential: UUID, settings: Settings) -> None:
    """Open edX itself lives in UTC."""
    settings.TIME_ZONE = "UTC"
    with time_machine.travel(datetime(2026, 7, 14, 20, 30, tzinfo=UTC)):
        assert "14 juillet 2026 22:30" in page(client, credential)


def test_a_credential(credential: UUID) -> None:
    found = api.verify(credential, now=NOW)
    assert (found.status, found.kind, found.checked_at) == (api.Status.AUTHENTIC, api.Kind.CREDENTIAL, NOW)
    assert isinstance(found.shown, api.Badge)
    assert found.shown.title == "Réussir la transition numérique"
    assert found.shown.issuer_id == "did:web:lms.example.org:utop"
    assert found.shown.issued_at == NOW.replace(microsecond=0)


def test_an_attestation(attestation: UUID) -> None:
    found = api.verify(attestation, now=NOW)
    assert (found.status, found.kind) == (api.Status.AUTHENTIC, api.Kind.ATTESTATION)
    assert isinstance(found.shown, api.Certificate)
    durations = (found.shown.estimated_seconds, found.shown.realised_seconds, found.shown.connection_seconds)
    assert durations == (1800, 1800, 7920)


def test_unknown() -> None:
    uuid = uuid4()
    assert api.verify(uuid, now=NOW) == api.Verification(uuid, api.Status.UNKNOWN, NOW)


def alter_credential() -> None:
    record = Credential.objects.get()
    Credential.objects.update(document=record.document.replace("87.5", "97.5"))


def alter_attestation() -> None:
    record = Attestation.objects.get()
    Attestation.objects.update(context={**record.context, "grade": "97,5"})


def empty_attestation() -> None:
    Attestation.objects.update(context={})


def break_document() -> None:
    Credential.objects.update(document="{")


@pytest.mark.parametrize(
    ("kind", "alter"),
    [
        ("credential", alter_credential),
        ("credential", break_document),
        ("attestation", alter_attestation),
        ("attestation", empty_attestation),
    ],
)
def test_what_was_altered_is_said_and_not_shown(
    kind: str, alter: Callable[[], None], request: pytest.FixtureRequest, client: Client
) -> None:
    uuid = request.getfixturevalue(kind)
    alter()
    found = api.verify(uuid, now=NOW)
    assert (found.status, found.kind, found.shown) == (api.Status.ALTERED, kind, None)
    text = page(client, uuid)
    assert "utop-status--bad" in text
    assert "Camille" not in text
    assert client.get(f"/utop/verify/{uuid}/?format=json").json()["status"] == "altered"


def test_the_name_is_masked_until_the_holder_consents(issued: tuple[str, UUID], client: Client) -> None:
    kind, uuid = issued
    assert "Camille D." in page(client, uuid)
    for text in (page(client, uuid), client.get(f"/utop/verify/{uuid}/?format=json").content.decode()):
        assert "Dupont" not in text
        assert "example.fr" not in text
        assert "user7" not in text
    show_name: Any = {"credential": badges.show_name, "attestation": attestations.show_name}[kind]
    show_name(uuid, CAMILLE, True)
    assert "Camille Dupont" in page(client, uuid)
    show_name(uuid, CAMILLE, False)
    assert "Dupont" not in page(client, uuid)


def test_the_page_says_it_in_words_and_gives_the_means_to_check(credential: UUID, client: Client) -> None:
    text = page(client, credential)
    for expected in (
        escape("Réussir la transition numérique"),
        escape("Campus d'essai"),
        "20 novembre 2026",
        f"/utop/credentials/{credential}.json",
        f"/utop/credentials/{credential}.png",
        "/utop/did.json",
        "did:web:lms.example.org:utop",
    ):
        assert expected in text


def test_the_qr_code_is_that_of_the_address(issued: tuple[str, UUID], client: Client) -> None:
    address = f"https://lms.example.org/utop/verify/{issued[1]}/"
    text = page(client, issued[1])
    assert segno.make(address, error="m", micro=False).svg_inline(scale=4, light="#fff") in text
    assert "style=" not in text
    assert "<script" not in text


def test_the_certificate_shows_its_number_and_three_named_durations(attestation: UUID, client: Client) -> None:
    record = Attestation.objects.get()
    text = page(client, attestation)
    assert record.number in text
    assert record.context_sha256 in text
    assert text.count("30\N{NO-BREAK SPACE}min") == 2
    assert "2 h 12 min".replace(" ", "\N{NO-BREAK SPACE}") in text


def test_no_markup_of_others_reaches_the_page(award: badges.AwardFacts, client: Client) -> None:
    credential = badges.issue_credential(award.uuid, now=NOW)
    Credential.objects.update(holder_name="<script>alert(1)</script> Dupont", name_is_public=True)
    assert "<script" not in page(client, credential.uuid)


@pytest.mark.parametrize(
    ("accept", "query", "is_json"),
    [
        (BROWSER, "", False),
        (BROWSER, "?format=json", True),
        ("application/json", "", True),
        ("application/json, text/plain, */*", "", True),
        ("application/json", "?format=html", False),
        ("*/*", "", False),
    ],
)
def test_people_and_machines(credential: UUID, client: Client, accept: str, query: str, is_json: bool) -> None:
    response = client.get(f"/utop/verify/{credential}/{query}", HTTP_ACCEPT=accept)
    assert response["Content-Type"].startswith("application/json" if is_json else "text/html")
    assert "Accept" in response["Vary"]
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_the_answer_for_a_program(issued: tuple[str, UUID], client: Client) -> None:
    kind, uuid = issued
    answer = client.get(f"/utop/verify/{uuid}/?format=json").json()
    assert (answer["status"], answer["kind"], answer["uuid"]) == ("authentic", kind, str(uuid))
    assert answer["shown"]["holder"] == "Camille D."
    address = f"https://lms.example.org/utop/credentials/{uuid}"
    assert answer.get("credential") == (address if kind == "credential" else None)


@pytest.mark.parametrize(
    "name", [NEVER_ISSUED, "7", "x" * 300, "é", f"{{{NEVER_ISSUED}}}", NEVER_ISSUED.replace("-", "")]
)
def test_what_nobody_issued(client: Client, name: str) -> None:
    response = client.get(f"/utop/verify/{name}/", HTTP_ACCEPT=BROWSER)
    assert response.status_code == 404
    assert "utop-status--bad" in response.content.decode()
    answer = client.get(f"/utop/verify/{name}/?format=json")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert json.loads(answer.content)["verification"] == "unknown"


def test_without_a_key_nothing_is_claimed(credential: UUID, client: Client, settings: Settings) -> None:
    settings.UTOP_SIGNING_KEY = ""
    response = client.get(f"/utop/verify/{credential}/", HTTP_ACCEPT=BROWSER)
    assert response.status_code == 503
    assert "Camille" not in response.content.decode()
    assert client.get(f"/utop/verify/{credential}/?format=json").status_code == 503


def test_nobody_has_to_sign_in_and_nothing_is_written(credential: UUID, client: Client) -> None:
    page(client, credential)
    assert client.post(f"/utop/verify/{credential}/").status_code == 405


def test_it_outlives_the_account(issued: tuple[str, UUID], host: InMemoryPlatform) -> None:
    host.people.clear()
    assert api.verify(issued[1], now=NOW).status == api.Status.AUTHENTIC

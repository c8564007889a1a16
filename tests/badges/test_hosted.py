"""The 2.0 twin, read as a wallet of that time reads it."""

import json
from hashlib import sha256
from importlib import import_module
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from xml.dom.minidom import parseString

import pytest
from django.apps import apps
from django.test import Client
from lxml import etree
from PIL import Image
from pytest_django import Settings

from openedx_utop.badges import api
from openedx_utop.badges.models import Achievement, AchievementVersion, Credential
from openedx_utop.organizations.models import Provider
from tests.badges.factories import CAMILLE, learner_at_the_end
from tests.badges.revocations import LATER, ROOT, STAFF, issue
from tests.badges.test_baking import chunks
from tests.badges.test_editor import drawn
from tests.badges.test_pages import BROWSER, NEVER_ISSUED
from tests.host import InMemoryPlatform

pytestmark = [pytest.mark.usefixtures("key"), pytest.mark.django_db]


def fetch(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address.removeprefix(ROOT))
    assert response.status_code == 200
    document: dict[str, Any] = json.loads(response.content)
    assert document["id"] == address
    assert document["@context"] == "https://w3id.org/openbadges/v2"
    return document


@pytest.fixture
def assertion(client: Client, credential: api.CredentialFacts) -> dict[str, Any]:
    return fetch(client, f"{ROOT}/utop/assertions/{credential.uuid}.json")


def test_a_wallet_goes_from_the_assertion_to_the_issuer(client: Client, assertion: dict[str, Any]) -> None:
    assert (assertion["type"], assertion["verification"]) == ("Assertion", {"type": "HostedBadge"})
    assert assertion["issuedOn"] == "2026-11-20T15:30:12Z"
    badge = fetch(client, assertion["badge"])
    assert {"type", "name", "description", "image", "criteria", "issuer"} <= set(badge)
    assert (badge["type"], badge["name"]) == ("BadgeClass", "Réussir la transition numérique")
    assert "Réussir la transition numérique" in badge["criteria"]["narrative"]
    issuer = fetch(client, badge["issuer"])
    assert {name: issuer[name] for name in ("type", "name", "url", "email")} == {
        "type": "Issuer",
        "name": "Campus d'essai",
        "url": "https://campus.example.org/%C3%A9",
        "email": "badges@example.org",
    }
    assert len({urlsplit(each["id"]).netloc for each in (assertion, badge, issuer)}) == 1
    for picture in (assertion["image"], badge["image"]):
        assert client.get(picture.removeprefix(ROOT))["Content-Type"] == "image/png"


def test_the_recipient_is_that_of_the_signed_text(assertion: dict[str, Any], credential: api.CredentialFacts) -> None:
    (identity,) = json.loads(credential.document)["credentialSubject"]["identifier"]
    recipient = assertion["recipient"]
    assert recipient == {
        "type": "email",
        "hashed": True,
        "identity": identity["identityHash"],
        "salt": identity["salt"],
    }
    digest = sha256(b"camille.dupont@example.fr" + recipient["salt"].encode()).hexdigest()
    assert recipient["identity"] == f"sha256${digest}"


def test_a_provider_without_addresses_has_those_of_the_platform(
    client: Client, assertion: dict[str, Any], settings: Settings
) -> None:
    Provider.objects.update(email="", url="")
    settings.DEFAULT_FROM_EMAIL = "Le campus <contact@lms.example.org>"
    issuer = fetch(client, fetch(client, assertion["badge"])["issuer"])
    assert (issuer["url"], issuer["email"]) == (ROOT, "contact@lms.example.org")


def test_control_characters_are_left_out(client: Client, assertion: dict[str, Any]) -> None:
    Provider.objects.update(name="Campus\x0b d'essai")
    Achievement.objects.update(description="Ligne\x0b une")
    badge = fetch(client, f"{ROOT}/utop/badge-classes/{Achievement.objects.get().uuid}.json")
    assert badge["description"] == "Ligne une"
    assert fetch(client, badge["issuer"])["name"] == "Campus d'essai"


def test_what_was_revoked_is_gone(client: Client, credential: api.CredentialFacts) -> None:
    api.revoke(credential.uuid, "Délivré par erreur", by=STAFF, now=LATER)
    response = client.get(f"/utop/assertions/{credential.uuid}.json")
    assert response.status_code == 410
    assert json.loads(response.content) == {
        "id": f"{ROOT}/utop/assertions/{credential.uuid}.json",
        "revoked": True,
        "revocationReason": "Délivré par erreur",
    }
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("is_revoked", [False, True])
def test_one_picture_carries_both(client: Client, credential: api.CredentialFacts, is_revoked: bool) -> None:
    twin = json.loads(client.get(f"/utop/assertions/{credential.uuid}.json").content)
    if is_revoked:
        api.revoke(credential.uuid, "Erreur", by=STAFF, now=LATER)
    png = client.get(f"/utop/credentials/{credential.uuid}.png").content
    image = Image.open(BytesIO(png))
    image.load()
    assert image.text["openbadgecredential"] == credential.document
    assert json.loads(image.text["openbadges"]) == twin
    keywords = [data.split(b"\0")[0] for kind, data in chunks(png) if kind == b"iTXt"]
    assert sorted(keywords) == [b"openbadgecredential", b"openbadges"]


def test_one_drawing_carries_both(client: Client, credential: api.CredentialFacts) -> None:
    twin = json.loads(client.get(f"/utop/assertions/{credential.uuid}.json").content)
    svg = client.get(f"/utop/credentials/{credential.uuid}.svg").content
    first, second, *_drawn = etree.fromstring(svg)
    assert first.tag == "{https://purl.imsglobal.org/ob/v3p0}credential"
    assert first.text == credential.document
    assert second.tag == "{http://openbadges.org}assertion"
    assert (json.loads(second.text), second.get("verify")) == (twin, twin["id"])
    # Readers that look for the prefix find theirs.
    for name in ("credential", "assertion"):
        (found,) = parseString(svg).getElementsByTagName(f"openbadges:{name}")  # noqa: S318 - our own
        assert json.loads(found.firstChild.nodeValue)["id"]


def test_what_was_issued_before_there_was_a_twin_has_one(client: Client, credential: api.CredentialFacts) -> None:
    document = json.loads(credential.document)
    del document["credentialStatus"]
    Credential.objects.update(document=json.dumps(document), status_list=None, status_index=None)
    assert fetch(client, f"{ROOT}/utop/assertions/{credential.uuid}.json")["type"] == "Assertion"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [("*/*", "application/ld+json"), ("application/json", "application/json"), (BROWSER, "application/ld+json")],
)
def test_the_types(client: Client, credential: api.CredentialFacts, accept: str, expected: str) -> None:
    response = client.get(f"/utop/assertions/{credential.uuid}.json", HTTP_ACCEPT=accept)
    assert response["Content-Type"] == expected
    assert "Accept" in response["Vary"]


def test_a_version_that_never_was(client: Client, assertion: dict[str, Any]) -> None:
    for other in ("0" * 64, "x", "é"):
        address = assertion["badge"].removeprefix(ROOT).rpartition("/")[0]
        assert client.get(f"{address}/{other}.json", HTTP_ACCEPT="application/json").status_code == 404


@pytest.mark.parametrize("name", [NEVER_ISSUED, "0", "-1", "7" * 40, "x" * 300, "é"])
@pytest.mark.parametrize("place", ["assertions", "badge-classes", "issuers"])
def test_what_was_never_issued(client: Client, place: str, name: str) -> None:
    response = client.get(f"/utop/{place}/{name}.json", HTTP_ACCEPT="application/json")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def edit(achievement: Achievement) -> None:
    """Other words, another picture."""
    achievement.name, achievement.description, achievement.criteria = "Autre badge", "Autre.", "Presque rien."
    achievement.image = api.keep_picture(drawn(300, 300))
    achievement.save()


def test_an_award_points_at_what_its_badge_said_that_day(
    client: Client, assertion: dict[str, Any], credential: api.CredentialFacts, host: InMemoryPlatform
) -> None:
    before = fetch(client, assertion["badge"])
    shown = client.get(before["image"].removeprefix(ROOT)).content
    achievement = Achievement.objects.get()
    edit(achievement)
    assert fetch(client, assertion["id"]) == assertion
    assert fetch(client, assertion["badge"]) == before
    assert client.get(before["image"].removeprefix(ROOT)).content == shown
    signed = json.loads(credential.document)["credentialSubject"]["achievement"]
    assert [before[name] for name in ("name", "description", "image")] == [
        signed["name"], signed["description"], signed["image"]["id"]
    ]  # fmt: skip
    learner_at_the_end(host, CAMILLE + 1)
    # The next one points at what it says now, as does the address that badges had before.
    later = fetch(client, f"{ROOT}/utop/assertions/{issue(CAMILLE + 1).uuid}.json")
    today = fetch(client, f"{ROOT}/utop/badge-classes/{achievement.uuid}.json")
    assert {**fetch(client, later["badge"]), "id": today["id"]} == today
    assert today["name"] == "Autre badge"


def test_one_version_for_all_that_say_the_same(
    client: Client, assertion: dict[str, Any], host: InMemoryPlatform
) -> None:
    learner_at_the_end(host, CAMILLE + 1)
    other = fetch(client, f"{ROOT}/utop/assertions/{issue(CAMILLE + 1).uuid}.json")
    assert other["badge"] == assertion["badge"]
    assert AchievementVersion.objects.count() == 1


def test_a_badge_whose_version_was_not_kept_points_at_today(client: Client, assertion: dict[str, Any]) -> None:
    AchievementVersion.objects.all().delete()
    assert client.get(assertion["badge"].removeprefix(ROOT), HTTP_ACCEPT="application/json").status_code == 404
    again = fetch(client, assertion["id"])
    assert again["badge"] == f"{ROOT}/utop/badge-classes/{Achievement.objects.get().uuid}.json"
    assert fetch(client, again["badge"])["type"] == "BadgeClass"


def test_badges_that_were_there_before_get_their_versions(credential: api.CredentialFacts) -> None:
    made = list(AchievementVersion.objects.values("achievement_id", "sha256", "document"))
    AchievementVersion.objects.all().delete()
    import_module("openedx_utop.migrations.0028_badge_versions").keep(apps, None)
    assert list(AchievementVersion.objects.values("achievement_id", "sha256", "document")) == made

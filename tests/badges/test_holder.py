"""The learner's page of badges."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from openedx_utop.badges import api
from openedx_utop.badges.holder import held_badge
from openedx_utop.badges.models import Achievement, Skill
from openedx_utop.organizations.models import Provider
from tests.badges.factories import CAMILLE, NOW
from tests.badges.revocations import LATER, STAFF
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.django_db

PAGE = "/utop/badges/"


@pytest.fixture
def camille(client: Client, credential: api.CredentialFacts) -> Client:
    client.force_login(get_user_model().objects.create_user("camille", pk=CAMILLE))
    return client


def text(client: Client) -> str:
    return client.get(PAGE).content.decode()


def test_a_badge_with_its_proof_and_its_forms(camille: Client, credential: api.CredentialFacts) -> None:
    page = text(camille)
    for said in ("Durée réalisée", "88 %", "Temps certifié"):
        assert said in page
    for form in (".png", ".svg", ".json"):
        assert f"/utop/credentials/{credential.uuid}{form}" in page
    assert f'data-utop-share="https://lms.example.org/utop/verify/{credential.uuid}/"' in page


def test_linkedin_is_filled_in(credential: api.CredentialFacts) -> None:
    filled = parse_qs(urlsplit(held_badge(credential, now=NOW).linkedin).query)
    assert filled["certUrl"] == [f"https://lms.example.org/utop/verify/{credential.uuid}/"]
    assert (filled["issueYear"], filled["issueMonth"]) == (["2026"], ["11"])
    assert filled["startTask"] == ["CERTIFICATION_NAME"]
    assert filled["name"] == [credential.award.achievement.name]
    assert filled["organizationName"] == ["Campus d'essai"]
    assert filled["certId"] == [str(credential.uuid)]
    assert "expirationYear" not in filled
    lasting = replace(credential, expires_at=NOW.replace(year=2028, month=3))
    filled = parse_qs(urlsplit(held_badge(lasting, now=NOW).linkedin).query)
    assert (filled["expirationYear"], filled["expirationMonth"]) == (["2028"], ["3"])


def test_linkedin_shows_the_page_of_the_organisation_that_signed(credential: api.CredentialFacts) -> None:
    def filled() -> dict[str, list[str]]:
        return parse_qs(urlsplit(held_badge(credential, now=NOW).linkedin).query)

    Provider.objects.update(linkedin_number="1234567")
    assert (filled()["organizationId"], "organizationName" in filled()) == (["1234567"], False)
    Provider.objects.update(name="Tout autre organisme")
    assert ("organizationId" in filled(), filled()["organizationName"]) == (False, ["Campus d'essai"])


def test_the_holder_decides_what_others_see(camille: Client, credential: api.CredentialFacts) -> None:
    answer = camille.post(f"/utop/awards/{credential.award.uuid}/name/", {"public": "1", "page": "badges"})
    assert answer["Location"] == PAGE
    assert api.credential(credential.uuid).name_is_public


def test_a_revoked_badge_says_why_and_is_not_shown_off(camille: Client, credential: api.CredentialFacts) -> None:
    api.revoke(credential.uuid, "Délivré par erreur", by=STAFF, now=LATER)
    page = text(camille)
    assert "Délivré par erreur" in page
    assert "linkedin.com" not in page


def test_only_ones_own(client: Client, credential: api.CredentialFacts, finished: InMemoryPlatform) -> None:
    client.force_login(get_user_model().objects.create_user("alix", pk=CAMILLE + 1))
    assert str(credential.uuid) not in text(client)


def test_nobody_signed_out(client: Client, credential: api.CredentialFacts) -> None:
    assert client.get(PAGE).status_code == 302


def test_paper_names_the_skills_too(camille: Client, credential: api.CredentialFacts) -> None:
    skill = Skill.objects.create(framework="ROME", code="1", name="Écouter", url="https://a.org/1")
    Achievement.objects.get().skills.add(skill)
    anew = api.reissue(credential.uuid, "Compétences", by=STAFF, now=LATER)
    page = camille.get(f"{PAGE}{anew.uuid}/print/").content.decode()
    for said in ("Écouter", "ROME", f"/utop/verify/{anew.uuid}/"):
        assert said in page

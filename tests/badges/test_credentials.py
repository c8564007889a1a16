"""Credentials: what others require of them, what they say, and what they never say."""

import json
import re
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings

from openedx_utop.badges import api
from openedx_utop.badges.data import Level
from openedx_utop.badges.models import Achievement, Credential, Skill
from openedx_utop.badges.pictures import shipped_digest
from openedx_utop.organizations.models import Provider
from openedx_utop.sectors.models import Sector
from openedx_utop.training.models import TrainingAction
from tests.badges.factories import CAMILLE, COURSE, NOW, learner_at_the_end, module
from tests.badges.mutations import mutations
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def award(finished: InMemoryPlatform) -> api.AwardFacts:
    found = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert found is not None
    return found


@pytest.fixture
def credential(award: api.AwardFacts) -> api.CredentialFacts:
    return api.issue_credential(award.uuid, now=NOW + timedelta(minutes=1))


@pytest.fixture
def document(credential: api.CredentialFacts) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(credential.document)
    return read


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)] if value else [value]
    return [value]


def test_every_required_member_is_there(document: dict[str, Any], credential: api.CredentialFacts) -> None:
    assert document["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert document["id"] == f"https://lms.example.org/utop/credentials/{credential.uuid}"
    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert document["validFrom"] == "2026-11-20T15:30:12Z"
    assert document["issuer"] == {
        "id": "did:web:lms.example.org:utop",
        "type": ["Profile"],
        "name": "Campus d'essai",
        "url": "https://campus.example.org/%C3%A9",
        "email": "badges@example.org",
    }
    subject = document["credentialSubject"]
    assert subject["type"] == ["AchievementSubject"]
    assert {"id", "type", "name", "description", "criteria"} <= set(subject["achievement"])
    assert subject["achievement"]["criteria"]["narrative"]
    assert set(subject["achievement"]["image"]) == {"id", "type"}
    assert document["proof"][0]["created"] == "2026-11-20T15:31:12Z"


def test_no_null_and_no_empty_array(document: dict[str, Any]) -> None:
    assert all(leaf not in (None, [], {}, "") for leaf in leaves(document))


def test_the_subject_is_a_salted_hash_of_the_lower_case_email(document: dict[str, Any]) -> None:
    (identity,) = document["credentialSubject"]["identifier"]
    assert set(identity) == {"type", "hashed", "identityHash", "identityType", "salt"}
    assert identity["type"] == "IdentityObject"
    digest = sha256(b"camille.dupont@example.fr" + identity["salt"].encode()).hexdigest()
    assert identity["identityHash"] == f"sha256${digest}"


def test_the_signed_text_names_nobody(credential: api.CredentialFacts) -> None:
    assert credential.holder_name == "Camille Dupont"
    assert not re.search("camille|dupont|user7", credential.document, re.IGNORECASE)


def test_the_evidence_names_the_three_durations(document: dict[str, Any]) -> None:
    (evidence,) = document["evidence"]
    narrative = evidence["narrative"].replace("\N{NO-BREAK SPACE}", " ")
    for expected in ("87,5", "2 h 12", "20 novembre 2026", "2 novembre 2026", "30 novembre 2026"):
        assert expected in narrative
    assert narrative.count(" 30 min") == 2


def test_the_result_refers_to_its_description(document: dict[str, Any]) -> None:
    (result,) = document["credentialSubject"]["result"]
    (description,) = document["credentialSubject"]["achievement"]["resultDescription"]
    assert result["resultDescription"] == description["id"]
    assert (result["value"], description["requiredValue"], description["resultType"]) == ("87.5", "60", "Percent")


def test_a_path_without_anything_to_grade_has_no_result(finished: InMemoryPlatform) -> None:
    TrainingAction.objects.update(required_grade=0)
    finished.paths[CAMILLE, COURSE] = (module(1, earned=0.0, possible=0.0),)
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    document = json.loads(api.issue_credential(award.uuid, now=NOW).document)
    assert "result" not in document["credentialSubject"]
    assert "requiredValue" not in document["credentialSubject"]["achievement"]["resultDescription"][0]


def test_a_provider_without_addresses_still_issues(award: api.AwardFacts) -> None:
    Provider.objects.update(email="", url="")
    document = json.loads(api.issue_credential(award.uuid, now=NOW).document)
    assert "email" not in document["issuer"]
    assert document["issuer"]["url"] == "https://lms.example.org"


def test_control_characters_are_left_out(award: api.AwardFacts) -> None:
    Achievement.objects.update(name="Bien\x0b réussir\x7f\ufffe", description="Ligne\x0b une\nLigne deux")
    credential = api.issue_credential(award.uuid, now=NOW)
    achievement = json.loads(credential.document)["credentialSubject"]["achievement"]
    assert (achievement["name"], achievement["description"]) == ("Bien réussir", "Ligne une\nLigne deux")
    assert api.proof_holds(credential.document)


def test_issuing_again_gives_the_same_bytes(credential: api.CredentialFacts, award: api.AwardFacts) -> None:
    Provider.objects.update(name="Another name")
    assert api.issue_credential(award.uuid, now=NOW + timedelta(days=1)) == credential
    assert Credential.objects.count() == 1
    assert api.credential(credential.uuid) == credential
    assert api.credentials_of(CAMILLE) == (credential,)


def test_two_learners_share_the_achievement(finished: InMemoryPlatform, document: dict[str, Any]) -> None:
    learner_at_the_end(finished, CAMILLE + 1)
    award = api.award_if_fulfilled(CAMILLE + 1, COURSE, now=NOW)
    assert award is not None
    other = json.loads(api.issue_credential(award.uuid, now=NOW).document)
    assert other["credentialSubject"]["achievement"] == document["credentialSubject"]["achievement"]
    assert other["credentialSubject"]["identifier"] != document["credentialSubject"]["identifier"]
    assert Achievement.objects.count() == 1


def test_every_alteration_of_a_badge_that_says_all_it_can_is_found(award: api.AwardFacts) -> None:
    trade = Sector.objects.create(slug="hotel", name="Hôtellerie")
    Achievement.objects.update(level=Level.BEGINNER, sector=trade, validity_months=24)
    achievement = Achievement.objects.get()
    for framework in ("ESCO", "ROME"):
        url = f"https://example.org/{framework}"
        achievement.skills.add(Skill.objects.create(framework=framework, code="1", name="Écouter", url=url))
    credential = api.issue_credential(award.uuid, now=NOW)
    assert api.proof_holds(credential.document)
    altered = list(mutations(json.loads(credential.document)))
    assert {"validUntil", "credentialStatus", "evidence"} <= {place[0] for place, _document in altered}
    assert len(altered) > 130
    held = [place for place, document in altered if api.proof_holds(json.dumps(document))]
    assert held == []


@pytest.mark.parametrize("text", ["", "not JSON", "[]", "{}", '"text"', '{"proof": [1]}'])
def test_what_is_not_a_credential_does_not_hold(text: str) -> None:
    assert not api.proof_holds(text)


def test_reading_never_signs(
    credential: api.CredentialFacts, settings: Settings, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    settings.UTOP_SIGNING_KEY = ""
    with django_assert_max_num_queries(2):
        assert api.credential(credential.uuid).document == credential.document


def test_the_picture_carries_the_signed_bytes(credential: api.CredentialFacts) -> None:
    image = Image.open(BytesIO(api.credential_png(credential.uuid)))
    image.load()
    assert image.text["openbadgecredential"] == credential.document
    assert min(image.size) >= 400


def test_without_a_key_nothing_is_stored(award: api.AwardFacts, settings: Settings) -> None:
    settings.UTOP_SIGNING_KEY = ""
    with pytest.raises(api.SigningKeyMissing):
        api.issue_credential(award.uuid, now=NOW)
    with pytest.raises(api.SigningKeyMissing):
        api.issuer_document()
    assert not Credential.objects.exists()


def test_an_account_that_is_gone(award: api.AwardFacts, finished: InMemoryPlatform) -> None:
    finished.people.clear()
    with pytest.raises(api.HolderGone):
        api.issue_credential(award.uuid, now=NOW)


def test_a_credential_outlives_the_account(credential: api.CredentialFacts, finished: InMemoryPlatform) -> None:
    api.show_name(credential.uuid, CAMILLE, public=True)
    finished.people.clear()
    api.forget_learner(CAMILLE)
    kept = api.credential(credential.uuid)
    assert (kept.document, kept.name_is_public) == (credential.document, False)
    assert api.proof_holds(kept.document)


def test_only_the_holder_shows_the_name(credential: api.CredentialFacts) -> None:
    with pytest.raises(api.UnknownCredential):
        api.show_name(credential.uuid, CAMILLE + 1, public=True)
    api.show_name(credential.uuid, CAMILLE, public=True)
    api.show_name(credential.uuid, CAMILLE, public=True)
    assert api.credential(credential.uuid).name_is_public


@pytest.mark.django_db
def test_what_nobody_issued() -> None:
    with pytest.raises(api.UnknownAward):
        api.issue_credential(uuid4(), now=NOW)
    with pytest.raises(api.UnknownCredential):
        api.credential(uuid4())
    with pytest.raises(api.UnknownCredential):
        api.credential_png(uuid4())
    with pytest.raises(api.UnknownAchievement):
        api.achievement_document(uuid4())


def test_the_issuer_lists_the_key_of_the_proofs(document: dict[str, Any]) -> None:
    issuer = api.issuer_document()
    assert issuer["id"] == document["issuer"]["id"]
    assert issuer["assertionMethod"] == [document["proof"][0]["verificationMethod"]]
    (method,) = issuer["verificationMethod"]
    assert method["id"] == f"{method['controller']}#{method['publicKeyMultibase']}"


def test_the_addresses_are_those_that_answer(document: dict[str, Any], credential: api.CredentialFacts) -> None:
    achievement = document["credentialSubject"]["achievement"]
    uuid = achievement["id"].rsplit("/", 1)[1]
    root = "https://lms.example.org"
    assert document["id"] == root + reverse("openedx_utop:credential", args=[credential.uuid])
    assert achievement["id"] == root + reverse("openedx_utop:achievement", args=[uuid])
    assert achievement["image"]["id"] == root + reverse("openedx_utop:picture", args=[shipped_digest()])

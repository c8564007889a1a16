"""A wallet reads a learner's badges."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from openedx_utop.badges import api
from openedx_utop.training.models import TrainingAction
from tests.badges.factories import CAMILLE, NOW
from tests.badges.revocations import LATER, STAFF
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.django_db

CREDENTIALS = "/utop/ims/ob/v3p0/credentials"
PROFILE = "/utop/ims/ob/v3p0/profile"


@pytest.fixture
def wallet(client: Client, credential: api.CredentialFacts) -> Client:
    client.force_login(get_user_model().objects.create_user("camille", pk=CAMILLE))
    return client


def test_badges_come_as_they_were_signed(wallet: Client, credential: api.CredentialFacts) -> None:
    answer = wallet.get(CREDENTIALS)
    assert credential.document in answer.content.decode()
    assert answer.json() == {"credential": [json.loads(credential.document)], "compactJwsString": []}
    assert (answer["X-Total-Count"], answer["Content-Type"]) == ("1", "application/json")
    assert "no-store" in answer["Cache-Control"]


def test_only_ones_own(wallet: Client, client: Client) -> None:
    client.force_login(get_user_model().objects.create_user("alix", pk=CAMILLE + 1))
    assert client.get(CREDENTIALS).json()["credential"] == []


def test_what_is_revoked_is_left_out(wallet: Client, credential: api.CredentialFacts) -> None:
    api.revoke(credential.uuid, "Erreur", by=STAFF, now=LATER)
    assert wallet.get(CREDENTIALS).json()["credential"] == []


def test_page_by_page(wallet: Client, credential: api.CredentialFacts) -> None:
    first = TrainingAction.objects.get()
    for number in (2, 3):
        copy = TrainingAction.objects.create(
            course_key=f"course-v1:Campus+TPE+{number}",
            provider=first.provider,
            title=f"Action {number}",
            starts_on=first.starts_on,
            ends_on=first.ends_on,
        )
        award_again(credential, copy, NOW + timedelta(hours=number))
    seen, address = [], f"{CREDENTIALS}?limit=2"
    while address:
        answer = wallet.get(address)
        seen += [each["credentialSubject"]["achievement"]["name"] for each in answer.json()["credential"]]
        following = re.search(r'<http://testserver([^>]*)>; rel="next"', answer["Link"])
        address = following[1] if following else ""
    assert seen == [credential.award.action.title, "Action 2", "Action 3"]


def test_since(wallet: Client, credential: api.CredentialFacts) -> None:
    before = (credential.issued_at - timedelta(seconds=1)).isoformat()
    assert wallet.get(CREDENTIALS, {"since": before})["X-Total-Count"] == "1"
    assert wallet.get(CREDENTIALS, {"since": credential.issued_at.isoformat()})["X-Total-Count"] == "0"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "limit=²", "offset=-1", "since=yesterday", "since=2026-13-01T00:00:00Z", "since="]
)
def test_bad_questions_are_told(wallet: Client, query: str) -> None:
    answer = wallet.get(f"{CREDENTIALS}?{query}")
    assert (answer.status_code, answer.json()["imsx_codeMajor"]) == (400, "failure")
    assert query.partition("=")[0] in answer.json()["imsx_description"]


@pytest.mark.parametrize("address", [CREDENTIALS, PROFILE])
def test_nobody_in_particular_has_no_badges(client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.json()["imsx_severity"]) == (401, "error")


def test_whose_they_are(wallet: Client) -> None:
    profile = wallet.get(PROFILE).json()
    assert (profile["type"], profile["name"]) == ("Profile", "Camille Dupont")
    assert profile["id"] == f"mailto:{profile['email']}"


def test_an_account_that_the_platform_lost(wallet: Client, finished: InMemoryPlatform) -> None:
    del finished.people[CAMILLE]
    assert wallet.get(PROFILE).status_code == 404


def award_again(credential: api.CredentialFacts, action: TrainingAction, now: object) -> None:
    from openedx_utop.badges.models import Achievement, Award

    achievement = Achievement.objects.create(action=action, name=action.title, description="Suivie.")
    award = Award.objects.create(
        user_id=CAMILLE,
        action=action,
        achievement=achievement,
        awarded_at=now,
        evaluation=credential.award.evaluation,
    )
    assert api.issue_credential(award.uuid, now=award.awarded_at)

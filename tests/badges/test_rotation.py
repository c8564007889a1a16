"""A new key signs; what the former one signed stays valid for as long as it is listed."""

import json

import pytest
from django.test import Client
from pytest_django import Settings

from openedx_utop import signing_keys as keys
from openedx_utop.badges import api
from tests.badges.factories import CAMILLE, COURSE, NOW, learner_at_the_end
from tests.badges.minimal import SEED
from tests.host import InMemoryPlatform

NEW_SEED = "A" * 43
FORMER, CURRENT = keys.key_from_seed(SEED).multikey, keys.key_from_seed(NEW_SEED).multikey


def issue(user_id: int) -> api.CredentialFacts:
    award = api.award_if_fulfilled(user_id, COURSE, now=NOW)
    assert award is not None
    return api.issue_credential(award.uuid, now=NOW)


@pytest.fixture
def before(finished: InMemoryPlatform, key: str) -> api.CredentialFacts:
    return issue(CAMILLE)


@pytest.fixture
def rotated(before: api.CredentialFacts, settings: Settings) -> Settings:
    settings.UTOP_SIGNING_KEY, settings.UTOP_RETIRED_SIGNING_KEYS = NEW_SEED, [FORMER]
    return settings


def test_what_the_former_key_signed_still_holds(before: api.CredentialFacts, rotated: Settings) -> None:
    assert api.proof_holds(before.document)
    assert not api.proof_holds(before.document.replace("87.5", "97.5"))


def test_what_is_not_listed_does_not_hold(before: api.CredentialFacts, rotated: Settings) -> None:
    rotated.UTOP_RETIRED_SIGNING_KEYS = []
    assert not api.proof_holds(before.document)


def test_the_current_key_signs(before: api.CredentialFacts, rotated: Settings, finished: InMemoryPlatform) -> None:
    learner_at_the_end(finished, CAMILLE + 1)
    after = issue(CAMILLE + 1)
    assert json.loads(after.document)["proof"][0]["verificationMethod"].endswith(f"#{CURRENT}")
    assert api.proof_holds(after.document)


def test_the_issuer_lists_every_key_and_speaks_with_one(rotated: Settings, client: Client) -> None:
    document = json.loads(client.get("/utop/did.json").content)
    assert [method["publicKeyMultibase"] for method in document["verificationMethod"]] == [CURRENT, FORMER]
    assert document["assertionMethod"] == [method["id"] for method in document["verificationMethod"]]
    assert document["authentication"] == [f"{document['id']}#{CURRENT}"]


def test_a_key_both_current_and_retired_is_listed_once(rotated: Settings) -> None:
    rotated.UTOP_RETIRED_SIGNING_KEYS = [NEW_SEED, FORMER, FORMER]
    assert api.issuer_document()["assertionMethod"] == [
        f"{api.issuer_document()['id']}#{key}" for key in (CURRENT, FORMER)
    ]


def test_a_platform_that_signs_no_more_still_vouches(
    before: api.CredentialFacts, rotated: Settings, client: Client
) -> None:
    rotated.UTOP_SIGNING_KEY = ""
    assert api.proof_holds(before.document)
    document = json.loads(client.get("/utop/did.json").content)
    assert (len(document["assertionMethod"]), document["authentication"]) == (1, [])


def test_a_malformed_list_claims_nothing(before: api.CredentialFacts, rotated: Settings, client: Client) -> None:
    rotated.UTOP_RETIRED_SIGNING_KEYS = ["z6Mk"]
    assert client.get("/utop/did.json").status_code == 503
    assert client.get(f"/utop/verify/{before.uuid}/").status_code == 503

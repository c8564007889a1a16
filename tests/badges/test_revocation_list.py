"""The other method of revocation, for the verifiers that know it: addresses with reasons."""

import json
from typing import Any

import pytest
from django.test import Client

from openedx_utop.badges import api
from openedx_utop.badges.models import Credential, StatusList
from openedx_utop.organizations.models import Provider
from openedx_utop.verification import api as verification
from tests.badges.factories import CAMILLE, learner_at_the_end
from tests.badges.mutations import mutations
from tests.badges.revocations import LATER, ROOT, STAFF, entry, fetched, is_revoked, issue
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def listed(finished: InMemoryPlatform) -> api.CredentialFacts:
    """A badge of a provider who chose the list."""
    Provider.objects.update(revocation_method="list")
    return issue()


def revoked_in(client: Client, credential: api.CredentialFacts) -> dict[str, Any]:
    """As a stranger's verifier finds it: from the signed text alone."""
    document = fetched(client, entry(credential)["id"])
    assert set(document) == {"id", "issuer", "revokedCredential"}
    assert document["issuer"] == json.loads(credential.document)["issuer"]["id"]
    return {each["id"]: each for each in document["revokedCredential"]}


def test_the_credential_names_its_list(listed: api.CredentialFacts, client: Client) -> None:
    said = json.loads(listed.document)
    address = f"{ROOT}/utop/status/{StatusList.objects.get().uuid}"
    assert said["credentialStatus"] == {"id": address, "type": "1EdTechRevocationList"}
    assert said["@context"][2:] == ["https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
    assert api.proof_holds(listed.document)
    shown = verification.verify(listed.uuid, now=LATER).shown
    assert isinstance(shown, verification.Badge)
    assert shown.status_list == address
    assert revoked_in(client, listed) == {}


def test_every_alteration_is_found(listed: api.CredentialFacts) -> None:
    altered = list(mutations(json.loads(listed.document)))
    assert [place for place, document in altered if api.proof_holds(json.dumps(document))] == []


def test_a_revocation_is_read_by_address(
    listed: api.CredentialFacts, client: Client, finished: InMemoryPlatform
) -> None:
    learner_at_the_end(finished, CAMILLE + 1)
    other = issue(CAMILLE + 1)
    api.revoke(listed.uuid, "Délivré ]]> par erreur", by=STAFF, now=LATER)
    address = json.loads(listed.document)["id"]
    expected = {"id": address, "revoked": True, "revocationReason": "Délivré ]]> par erreur"}
    assert revoked_in(client, other) == {address: expected}
    api.revoke(other.uuid, "Erreur", by=STAFF, now=LATER)
    assert len(revoked_in(client, other)) == 2
    assert StatusList.objects.count() == 1


def test_each_badge_keeps_the_method_that_it_was_signed_with(credential: api.CredentialFacts, client: Client) -> None:
    Provider.objects.update(revocation_method="list")
    new = api.reissue(credential.uuid, "Nom corrigé", by=STAFF, now=LATER)
    assert is_revoked(client, credential)
    assert entry(new)["type"] == "1EdTechRevocationList"
    assert revoked_in(client, new) == {}
    Provider.objects.update(revocation_method="bitstring")
    last = api.reissue(new.uuid, "Nom corrigé encore", by=STAFF, now=LATER)
    assert list(revoked_in(client, new)) == [json.loads(new.document)["id"]]
    assert not is_revoked(client, last)
    assert list(Credential.objects.order_by("pk").values_list("status_list__method", flat=True)) == [
        "bitstring", "list", "bitstring"
    ]  # fmt: skip


def test_the_list_answers_like_the_other(client: Client, listed: api.CredentialFacts) -> None:
    answer = client.get(entry(listed)["id"].removeprefix(ROOT), HTTP_ACCEPT="application/json")
    assert (answer["Content-Type"], answer["Access-Control-Allow-Origin"]) == ("application/json", "*")
    assert "max-age=300" in answer["Cache-Control"]

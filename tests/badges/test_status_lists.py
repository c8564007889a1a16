"""Status lists: random places, signed lists, and no signature when they are read."""

import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.db import IntegrityError, transaction
from django.db.models.signals import pre_save
from django.test import Client
from pytest_django import Settings

from openedx_utop.badges import api, bitstring, keys, statuses
from openedx_utop.badges.models import Credential, StatusList
from tests.badges.factories import CAMILLE, COURSE, NOW, learner_at_the_end
from tests.badges.revocations import LATER, ROOT, STAFF, entry, issue
from tests.badges.test_pages import NEVER_ISSUED
from tests.badges.tokens import KEY
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.usefixtures("key")


def test_every_credential_says_where_its_status_is(credential: api.CredentialFacts) -> None:
    said = entry(credential)
    assert set(said) == {"id", "type", "statusPurpose", "statusListIndex", "statusListCredential"}
    assert said["type"] == "BitstringStatusListEntry"
    assert isinstance(said["statusListIndex"], str)
    assert said["statusListCredential"] == f"{ROOT}/utop/status/{StatusList.objects.get().uuid}"


def test_places_are_random_and_shared_by_nobody(finished: InMemoryPlatform) -> None:
    for learner in range(CAMILLE, CAMILLE + 6):
        learner_at_the_end(finished, learner)
        issue(learner)
    places = list(Credential.objects.order_by("pk").values_list("status_index", flat=True))
    assert len(set(places)) == 6
    assert max(places) > 1000
    assert StatusList.objects.count() == 1
    first, second = Credential.objects.all()[:2]
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.filter(pk=first.pk).update(status_index=second.status_index)


def test_a_place_taken_meanwhile_costs_another_draw(
    credential: api.CredentialFacts, finished: InMemoryPlatform
) -> None:
    """Between the draw and the row, someone else's credential takes the very place."""
    learner_at_the_end(finished, CAMILLE + 1)
    award = api.award_if_fulfilled(CAMILLE + 1, COURSE, now=NOW)
    assert award is not None
    taken: list[int] = []

    def take(sender: Any, instance: Credential, **_: Any) -> None:
        if not taken and instance.status_index is not None:
            taken.append(instance.status_index)
            Credential.objects.filter(uuid=credential.uuid).update(status_index=instance.status_index)

    pre_save.connect(take, sender=Credential)
    try:
        made = api.issue_credential(award.uuid, now=NOW)
    finally:
        pre_save.disconnect(take, sender=Credential)
    assert taken
    assert int(entry(made)["statusListIndex"]) not in taken
    assert Credential.objects.count() == 2


def test_a_list_that_fills_up_is_followed_by_another(
    credential: api.CredentialFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bitstring, "BITS", 8)
    former = Credential.objects.get()
    values = {"status_list": former.status_list, "award": former.award, "is_live": None, "issued_at": NOW}
    Credential.objects.bulk_create(Credential(status_index=index, **values) for index in range(8))
    place = statuses.free_place(now=NOW)
    assert place.list_id != former.status_list_id
    assert StatusList.objects.count() == 2


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "application/vc"),
        ("application/vc", "application/vc"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/json"),
        ("text/html,*/*;q=0.8", "application/vc"),
    ],
)
def test_the_list_is_a_signed_credential_of_the_same_issuer(
    client: Client, credential: api.CredentialFacts, accept: str, expected: str
) -> None:
    address = entry(credential)["statusListCredential"]
    response = client.get(address.removeprefix(ROOT), HTTP_ACCEPT=accept)
    assert response["Content-Type"] == expected
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "max-age=300" in response["Cache-Control"]
    document = json.loads(response.content)
    assert (document["id"], document["type"]) == (address, ["VerifiableCredential", "BitstringStatusListCredential"])
    assert document["issuer"]["id"] == json.loads(credential.document)["issuer"]["id"]
    assert api.proof_holds(response.content.decode())
    assert not api.proof_holds(json.dumps({**document, "validFrom": "2030-01-01T00:00:00Z"}))


@pytest.mark.django_db
@pytest.mark.parametrize("name", [NEVER_ISSUED, "7", "é"])
def test_no_such_list(client: Client, name: str) -> None:
    assert client.get(f"/utop/status/{name}", HTTP_ACCEPT="application/vc").status_code == 404


def test_the_list_is_signed_when_it_changes_and_never_when_it_is_read(
    client: Client, credential: api.CredentialFacts, finished: InMemoryPlatform, settings: Settings
) -> None:
    before = StatusList.objects.get().document
    learner_at_the_end(finished, CAMILLE + 1)
    issue(CAMILLE + 1)
    assert StatusList.objects.get().document == before
    api.revoke(credential.uuid, "Erreur", by=STAFF, now=LATER)
    after = StatusList.objects.get().document
    assert after != before
    api.revoke(credential.uuid, "Encore", by=STAFF, now=LATER + timedelta(days=1))
    assert StatusList.objects.get().document == after
    settings.UTOP_SIGNING_KEY = ""
    address = entry(credential)["statusListCredential"].removeprefix(ROOT)
    assert client.get(address).content.decode() == after


def test_who_asks_for_a_token_gets_the_list_as_one(
    client: Client, finished: InMemoryPlatform, settings: Settings
) -> None:
    settings.UTOP_JWT_SIGNING_KEY = KEY
    credential = issue()
    api.revoke(credential.uuid, "Erreur", by=STAFF, now=LATER)
    path = entry(credential)["statusListCredential"].removeprefix(ROOT)
    answer = client.get(path, HTTP_ACCEPT="application/vc+jwt")
    assert answer["Content-Type"] == "application/vc+jwt"
    assert "Accept" in answer["Vary"].split(", ")
    key = jwt.PyJWK(keys.known_jwks()[0]).key
    read = jwt.decode(answer.content.decode(), key, algorithms=["RS256"], options={"verify_nbf": False})
    as_json = client.get(path, HTTP_ACCEPT="*/*")
    assert as_json["Content-Type"] == "application/vc"
    assert read["credentialSubject"] == json.loads(as_json.content)["credentialSubject"]
    assert bitstring.has_bit(read["credentialSubject"]["encodedList"], int(entry(credential)["statusListIndex"]))


def test_a_list_written_before_there_was_a_key_for_tokens(
    client: Client, credential: api.CredentialFacts, settings: Settings
) -> None:
    path = entry(credential)["statusListCredential"].removeprefix(ROOT)
    assert client.get(path, HTTP_ACCEPT="application/vc+jwt")["Content-Type"] == "application/vc"
    assert api.complete_lists(now=LATER) == 0
    settings.UTOP_JWT_SIGNING_KEY = KEY
    assert [api.complete_lists(now=LATER) for _time in range(2)] == [1, 0]
    assert client.get(path, HTTP_ACCEPT="application/vc+jwt")["Content-Type"] == "application/vc+jwt"

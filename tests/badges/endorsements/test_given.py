"""Our own word for the badges of others: given by a command, in both forms, and taken back for everyone to see."""

import io
import json
from typing import Any
from uuid import UUID

import jwt
import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from openedx_utop.badges import bitstring, keys, proofs
from openedx_utop.badges.endorsements.models import GivenEndorsement
from openedx_utop.badges.models import Achievement, StatusList
from openedx_utop.organizations.models import Provider
from openedx_utop.signing_keys import key_from_seed
from tests.badges.endorsements.conftest import address
from tests.badges.revocations import issue
from tests.badges.tokens import KEY

BADGE = "https://other.example.org/utop/achievements/1"
ROOT = "https://lms.example.org"
OURS = "did:web:lms.example.org:utop"

pytestmark = pytest.mark.usefixtures("achievement")


def endorse(badge: str = BADGE, *options: str) -> str:
    out, err = io.StringIO(), io.StringIO()
    said = ("--provider", str(Provider.objects.get().pk), "--comment", "Solide.\x0b")
    call_command("utop_endorse", badge, *said, *options, stdout=out, stderr=err)
    assert str(GivenEndorsement.objects.order_by("-pk")[0].uuid) in err.getvalue()
    return out.getvalue().strip()


def take_back(identifier: Any, reason: str = "Erreur") -> str:
    out = io.StringIO()
    call_command("utop_revoke_endorsement", str(identifier), "--reason", reason, stdout=out)
    return out.getvalue()


def bit(client: Client, document: dict[str, Any]) -> bool:
    """As the other platform reads it."""
    entry = document["credentialStatus"]
    listed = json.loads(client.get(entry["statusListCredential"].removeprefix(ROOT)).content)
    assert listed["issuer"]["id"] == document["issuer"]["id"] == OURS
    return bitstring.has_bit(listed["credentialSubject"]["encodedList"], int(entry["statusListIndex"]))


def test_it_is_signed_and_can_be_taken_back(client: Client, key: str) -> None:
    document = json.loads(endorse())
    about = {"id": BADGE, "type": ["EndorsementSubject"], "endorsementComment": "Solide."}
    assert (document["issuer"]["id"], document["credentialSubject"]) == (OURS, about)
    assert proofs.holds(document, multikey=key_from_seed(key).multikey)
    assert not bit(client, document)
    identifier = UUID(document["id"])
    first, second = take_back(identifier), take_back(identifier)
    assert first != second
    assert bit(client, document)
    assert GivenEndorsement.objects.get().withdrawal_reason == "Erreur"


def test_as_a_token(settings: Settings) -> None:
    with pytest.raises(CommandError):
        endorse(BADGE, "--token")
    settings.UTOP_JWT_SIGNING_KEY = KEY
    text = endorse("did:web:other.example.org:utop", "--token")
    read = jwt.decode(text, jwt.PyJWK(keys.known_jwks()[0]).key, algorithms=["RS256"], options={"verify_nbf": False})
    assert (read["iss"], read["sub"], read["jti"]) == (OURS, "did:web:other.example.org:utop", read["id"])
    assert read["credentialStatus"]["type"] == "BitstringStatusListEntry"


def test_by_the_method_of_the_provider(client: Client) -> None:
    Provider.objects.update(revocation_method="list")
    document = json.loads(endorse())
    entry = document["credentialStatus"]
    assert entry["type"] == "1EdTechRevocationList"
    take_back(UUID(document["id"]))
    listed = json.loads(client.get(entry["id"].removeprefix(ROOT)).content)
    assert [each["id"] for each in listed["revokedCredential"]] == [document["id"]]


def test_badges_of_ours_are_listed_elsewhere() -> None:
    """A place in a list is of one thing alone, and two tables cannot see to it together."""
    issue()
    endorse()
    assert [each.is_of_endorsements for each in StatusList.objects.order_by("pk")] == [False, True]


def test_what_is_not_endorsed(achievement: Achievement) -> None:
    for refused in (address(achievement), OURS, "https://other.example.org/é a", "7"):
        with pytest.raises(CommandError):
            endorse(refused)
    assert not GivenEndorsement.objects.exists()


@pytest.mark.parametrize(("identifier", "reason"), [(UUID(int=1), "Erreur"), (None, " \x0b ")], ids=["unknown", "why"])
def test_what_is_not_taken_back(identifier: UUID | None, reason: str) -> None:
    endorse()
    with pytest.raises(CommandError):
        take_back(identifier or GivenEndorsement.objects.get().uuid, reason)
    assert GivenEndorsement.objects.get().withdrawn_at is None


def test_in_the_administration(client: Client) -> None:
    document = json.loads(endorse())
    client.force_login(get_user_model().objects.create_superuser("operator", password="x"))
    page = reverse("admin:openedx_utop_givenendorsement_changelist")
    chosen = {"action": "take_back", "_selected_action": [GivenEndorsement.objects.get().pk]}
    assert BADGE in client.post(page, chosen).content.decode()
    assert not bit(client, document)
    client.post(page, {**chosen, "reason": "Erreur"})
    assert bit(client, document)
    assert GivenEndorsement.objects.get().withdrawn_by == get_user_model().objects.get().pk

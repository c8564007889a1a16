"""Every form of a badge, one link away from its page."""

import json
import re
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from openedx_utop.badges import api as badges
from openedx_utop.badges import proofs
from openedx_utop.badges.models import Credential
from openedx_utop.badges.tokens import new_token_key
from openedx_utop.signing_keys import signing_key
from tests.badges.factories import NOW
from tests.verification.test_verify import award, page

__all__ = ["award"]
pytestmark = pytest.mark.django_db
FORMS = {"json": "application/json", "jws": "text/plain", "png": "image/png", "svg": "image/svg+xml"}


@pytest.fixture
def credential(award: badges.AwardFacts, settings: Settings) -> UUID:
    settings.UTOP_JWT_SIGNING_KEY = new_token_key()
    return badges.issue_credential(award.uuid, now=NOW).uuid


def links(client: Client, uuid: UUID) -> list[str]:
    found = re.findall(r'href="([^"]*)"', page(client, uuid))
    return [link.removeprefix("https://lms.example.org") for link in found]


@pytest.mark.parametrize("is_revoked", [False, True])
def test_every_form_is_linked_and_answers(credential: UUID, client: Client, is_revoked: bool) -> None:
    if is_revoked:
        badges.revoke(credential, "Erreur", by=None, now=NOW)
    found = links(client, credential)
    for form, media_type in FORMS.items():
        address = f"/utop/credentials/{credential}.{form}"
        assert address in found
        assert client.get(address)["Content-Type"] == media_type
    twin = f"/utop/assertions/{credential}.json"
    assert twin in found
    assert client.get(twin).status_code == (410 if is_revoked else 200)
    (status,) = [link for link in found if link.startswith("/utop/status/")]
    assert client.get(status).status_code == 200
    assert {"/utop/did.json", "?format=json"} <= set(found)


def test_what_is_not_there_is_not_linked(credential: UUID, client: Client) -> None:
    """A badge issued before there were tokens and status lists, as its signed text says."""
    record = Credential.objects.get()
    text = json.loads(record.document)
    del text["credentialStatus"], text["proof"]

    signed = proofs.signed(text, signing_key(), created="2026-11-20T15:30:12Z")
    Credential.objects.update(document=json.dumps(signed), token="", status_list=None, status_index=None)
    found = links(client, credential)
    assert f"/utop/credentials/{credential}.json" in found
    assert f"/utop/credentials/{credential}.jws" not in found
    assert not [link for link in found if link.startswith("/utop/status/")]
    badges.revoke(credential, "Erreur", by=None, now=NOW)
    assert client.get(f"/utop/verify/{credential}/?format=json").json()["status"] == "revoked"

"""Credentials to revoke, and what a stranger's verifier makes of them."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from openedx_utop.badges import api, bitstring
from tests.badges.factories import CAMILLE, COURSE, NOW

ROOT = "https://lms.example.org"
LATER = NOW + timedelta(days=3)
STAFF = 2


def issue(user_id: int = CAMILLE) -> api.CredentialFacts:
    award = api.award_if_fulfilled(user_id, COURSE, now=NOW)
    assert award is not None
    return api.issue_credential(award.uuid, now=NOW)


def entry(credential: api.CredentialFacts) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(credential.document)["credentialStatus"]
    return found


def fetched(client: Client, address: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(client.get(address.removeprefix(ROOT)).content)
    return document


def is_revoked(client: Client, credential: api.CredentialFacts) -> bool:
    """As a stranger's verifier finds it: from the signed text alone."""
    said = entry(credential)
    listed = fetched(client, said["statusListCredential"])["credentialSubject"]
    assert listed["statusPurpose"] == said["statusPurpose"] == "revocation"
    return bitstring.has_bit(listed["encodedList"], int(said["statusListIndex"]))

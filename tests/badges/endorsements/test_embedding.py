"""Endorsements inside badges: signed twice, checked by strangers, and told to recruiters."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.request import urlopen

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client
from django.utils.translation import override
from pyld import jsonld

from demo.fakes.endorser import FakeEndorser, endorsement
from openedx_utop.badges import api, proofs
from openedx_utop.badges.endorsements import api as endorsements
from openedx_utop.badges.endorsements.forms import holds
from openedx_utop.badges.endorsements.models import Endorsement
from openedx_utop.badges.models import Achievement
from openedx_utop.signing_keys import from_multibase, key_from_seed, new_seed
from openedx_utop.verification import api as verification
from tests.badges.endorsements.conftest import address, kept
from tests.badges.factories import NOW
from tests.badges.mutations import mutations
from tests.badges.revocations import LATER, STAFF, issue


@pytest.fixture
def signed(achievement: Achievement, endorser: FakeEndorser) -> dict[str, Any]:
    document = endorser.endorsement(address(achievement))
    kept(achievement, document)
    return document


@pytest.fixture
def credential(signed: dict[str, Any]) -> api.CredentialFacts:
    return issue()


def inside(credential: api.CredentialFacts) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(credential.document)["credentialSubject"]["achievement"].get(
        "endorsement", []
    )
    return found


def status(credential: api.CredentialFacts, now: datetime = LATER) -> str:
    shown = verification.verify(credential.uuid, now=now).shown
    assert isinstance(shown, verification.Badge)
    (only,) = shown.endorsements
    return only.status


def by_a_stranger(document: dict[str, Any], multikey: str) -> None:
    """Raises InvalidSignature; with the library's canonical text, and none of our code but the bundled contexts."""
    (proof,) = document["proof"]
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    options = {"@context": document["@context"], **proof}
    signature = from_multibase(options.pop("proofValue"))
    loader = {"documentLoader": proofs._bundled_context, "algorithm": "URDNA2015", "format": "application/n-quads"}
    hashes = [sha256(jsonld.normalize(each, loader).encode()).digest() for each in (options, unsigned)]
    key = Ed25519PublicKey.from_public_bytes(from_multibase(multikey)[2:])
    key.verify(signature, b"".join(hashes))


def test_a_stranger_finds_it_in_the_badge_and_verifies_it_with_the_endorsers_key(
    client: Client, credential: api.CredentialFacts, signed: dict[str, Any], endorser: FakeEndorser
) -> None:
    served = client.get(f"/utop/credentials/{credential.uuid}.json").json()
    (found,) = served["credentialSubject"]["achievement"]["endorsement"]
    assert found == signed
    did = json.load(urlopen(f"{endorser.url}/opco/did.json"))
    (method,) = did["verificationMethod"]
    assert found["proof"][0]["verificationMethod"] in did["assertionMethod"]
    by_a_stranger(found, method["publicKeyMultibase"])
    # And the badge around it, which has a proof of its own.
    by_a_stranger(served, served["proof"][0]["verificationMethod"].partition("#")[2])
    assert "endorsementJwt" not in credential.document


def every_alteration_is_found(credential: api.CredentialFacts) -> None:
    """By us; and by a stranger that looks no further than the outer signature, but for a context said again."""
    document = json.loads(credential.document)
    multikey = document["proof"][0]["verificationMethod"].partition("#")[2]
    altered = list(mutations(document))
    assert len(altered) > 140
    held = [(place, other) for place, other in altered if proofs.holds(other, multikey=multikey)]
    assert all("@context" in place for place, _other in held)
    assert [place for place, other in held if api.proof_holds(json.dumps(other))] == []


def test_a_strangers_verifier_finds_every_alteration_but_that_of_a_context_said_again(
    credential: api.CredentialFacts, endorser: FakeEndorser
) -> None:
    """The endorsement's own @context adds no statement; without it, the endorsement no longer verifies by itself."""
    assert api.proof_holds(credential.document)
    every_alteration_is_found(credential)
    whole = json.loads(credential.document)
    (found,) = whole["credentialSubject"]["achievement"]["endorsement"]
    assert holds(found, endorser.key.multikey)
    assert not [place for place, altered in mutations(found) if holds(altered, endorser.key.multikey)]


def test_a_recruiter_reads_who_vouches_for_it(
    client: Client, credential: api.CredentialFacts, endorser: FakeEndorser
) -> None:
    assert status(credential) == "valid"
    page = client.get(f"/utop/verify/{credential.uuid}/").content.decode()
    for said in ("OPCO d’essai", "Nous reconnaissons ce badge dans notre branche.", endorser.did):
        assert said in page
    # The endorser is gone: its key was kept.
    endorser.stop()
    assert status(credential) == "valid"
    (told,) = client.get(f"/utop/verify/{credential.uuid}/?format=json").json()["shown"]["endorsements"]
    assert (told["name"], told["host"], told["status"]) == ("OPCO d’essai", endorser.host, "valid")
    achievement = client.get(f"/utop/achievements/{Achievement.objects.get().uuid}", HTTP_ACCEPT="text/html")
    assert "Nous reconnaissons" in achievement.content.decode()


def test_what_became_of_it_is_told(credential: api.CredentialFacts) -> None:
    Endorsement.objects.update(key_is_listed=False)
    assert status(credential) == "key_unknown"
    Endorsement.objects.update(valid_until=LATER)
    assert status(credential) == "expired"
    endorsements.withdraw(Endorsement.objects.get().pk, by=STAFF, now=LATER)
    assert status(credential) == "withdrawn"
    other = key_from_seed(new_seed())
    Endorsement.objects.update(public_key=other.multikey)
    assert status(credential) == "unverifiable"
    assert api.proof_holds(credential.document)


def test_only_badges_issued_while_it_holds_take_it_along(credential: api.CredentialFacts) -> None:
    assert len(inside(credential)) == 1

    def reissued() -> int:
        return len(
            inside(api.reissue(api.credentials_of(credential.award.user_id)[0].uuid, "Nom", by=STAFF, now=LATER))
        )

    assert reissued() == 1
    Endorsement.objects.update(valid_until=NOW - timedelta(days=900))
    assert reissued() == 0
    Endorsement.objects.update(valid_until=None, key_is_listed=False)
    assert reissued() == 0
    Endorsement.objects.update(key_is_listed=True)
    assert reissued() == 1
    # It vouched for other criteria than these.
    Achievement.objects.update(criteria="Presque rien.")
    assert reissued() == 0


def test_whatever_the_language_of_who_brings_it_and_who_reads(
    achievement: Achievement, endorser: FakeEndorser, client: Client
) -> None:
    """Criteria that nobody wrote are written from the conditions, in the language of the reader."""
    Achievement.objects.update(criteria="")
    with override("en"):
        kept(achievement, endorser.endorsement(address(achievement)))
    assert len(inside(issue())) == 1
    page = client.get(address(achievement).removeprefix("https://lms.example.org"), HTTP_ACCEPT_LANGUAGE="en")
    assert page.json()["endorsement"]


def test_two_organisations(achievement: Achievement, signed: dict[str, Any]) -> None:
    key = key_from_seed(new_seed())
    about = {**signed["credentialSubject"], "endorsementComment": "La Région aussi."}
    profile = {"id": f"did:key:{key.multikey}", "type": ["Profile"], "name": "Région d’essai"}
    second = endorsement(profile["id"], key, address(achievement), issuer=profile, credentialSubject=about)
    kept(achievement, second)
    credential = issue()
    assert inside(credential) == [signed, second]
    every_alteration_is_found(credential)


def test_a_script_is_no_address_of_an_endorser(
    achievement: Achievement, client: Client, endorser: FakeEndorser
) -> None:
    profile = {"id": endorser.did, "type": ["Profile"], "name": "\u202eOPCO <b>", "url": "javascript:alert(1)"}
    kept(achievement, endorser.endorsement(address(achievement), issuer=profile))
    page = client.get(f"/utop/verify/{issue().uuid}/").content.decode()
    assert "javascript:" not in page
    assert "<bdi>\u202eOPCO &lt;b&gt;</bdi>" in page

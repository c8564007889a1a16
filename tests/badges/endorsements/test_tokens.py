"""Endorsements as tokens (VC-JWT): embedded in both forms of a badge, verified by strangers, never believed."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.test import Client
from django.utils.translation import override
from pyld import jsonld

from demo.fakes.endorser import FakeEndorser
from openedx_utop.badges import api, proofs
from openedx_utop.badges.endorsements import api as endorsements
from openedx_utop.badges.endorsements.data import EndorsementRefused
from openedx_utop.badges.endorsements.forms import holds, signed_in
from openedx_utop.badges.endorsements.models import Endorsement
from openedx_utop.badges.models import Achievement
from tests.badges.endorsements.conftest import Sign, address, kept
from tests.badges.endorsements.test_embedding import by_a_stranger, status
from tests.badges.endorsements.test_standing import ask, in_bits
from tests.badges.factories import NOW
from tests.badges.mutations import mutations
from tests.badges.revocations import LATER, STAFF, issue

Json = dict[str, Any]


@pytest.fixture
def word(endorser: FakeEndorser, achievement: Achievement) -> Json:
    return endorser.endorsement(address(achievement))


def listed(credential: api.CredentialFacts) -> list[str]:
    found: list[str] = json.loads(credential.document)["credentialSubject"]["achievement"].get("endorsementJwt", [])
    return found


@pytest.mark.usefixtures("signs_tokens")
@pytest.mark.parametrize(("alg", "name"), [("RS256", "rsa"), ("ES256", "p256")])
def test_a_stranger_finds_it_in_both_forms_of_the_badge_and_verifies_it(
    achievement: Achievement, endorser: FakeEndorser, sign: Sign, alg: str, name: str
) -> None:
    word = endorser.endorsement(address(achievement))
    text = sign(word, alg=alg)
    assert kept(achievement, text).document == text
    credential = issue()
    assert listed(credential) == [text]
    key = jwt.PyJWK(endorser.jwks[name]).key
    assert jwt.decode(listed(credential)[0], key, algorithms=[alg])["credentialSubject"] == word["credentialSubject"]
    document = json.loads(credential.document)
    by_a_stranger(document, document["proof"][0]["verificationMethod"].partition("#")[2])
    inside = jwt.decode(credential.token, options={"verify_signature": False, "verify_nbf": False})
    assert inside["credentialSubject"]["achievement"]["endorsementJwt"] == [text]
    (told,) = Client().get(f"/utop/verify/{credential.uuid}/?format=json").json()["shown"]["endorsements"]
    assert (told["name"], told["host"], told["status"]) == ("OPCO d’essai", endorser.host, "valid")


def test_its_key_may_come_with_it_if_the_endorser_lists_it(
    achievement: Achievement, endorser: FakeEndorser, sign: Sign, word: Json
) -> None:
    own = {"jwk": {name: endorser.jwks["rsa"][name] for name in ("kty", "n", "e")}}
    text = sign(word, headers=own)
    del endorser.jwks["rsa"]
    with pytest.raises(EndorsementRefused):
        kept(achievement, text)
    endorser.jwks["other name"] = own["jwk"]
    assert kept(achievement, text).method == f"{endorser.did}#other name"


CLAIMS: dict[str, Json] = {
    "another issuer": {"iss": "did:web:a.org"},
    "another name": {"jti": "urn:uuid:1"},
    "another badge": {"sub": "https://a.org/1"},
    "another date": {"nbf": 1},
    "a date that is true": {"nbf": True},
    "an end that it does not say": {"exp": 4_000_000_000},
    "no issuer": {"iss": None},
    "no date": {"nbf": None},
    "altered": {"name": "Autre"},
}


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS)
def test_its_claims_are_those_of_the_credential(achievement: Achievement, sign: Sign, word: Json, claims: Json) -> None:
    signed_in(sign(word))
    if "name" in claims:
        head, _body, signature = sign(word).split(".")
        text = f"{head}.{sign(word, **claims).split('.')[1]}.{signature}"
    else:
        text = sign(word, **claims)
    with pytest.raises(EndorsementRefused):
        kept(achievement, text)
    assert not Endorsement.objects.exists()


HEADERS: dict[str, tuple[str, Json | None]] = {
    "a shared secret": ("HS256", None),
    "no signature": ("none", None),
    "another size": ("RS512", {"kid": "#rsa"}),
    "a header that we do not know": ("RS256", {"kid": "#rsa", "crit": ["x"]}),
    "an address of a key": ("RS256", {"kid": "#rsa", "jku": "https://a.org"}),
    "no key": ("RS256", {}),
    "somebody else's key": ("RS256", {"kid": "did:web:a.org#rsa"}),
    "a key of another kind": ("RS256", {"kid": "#p256"}),
}


@pytest.mark.parametrize(("alg", "headers"), HEADERS.values(), ids=HEADERS)
def test_how_it_may_not_be_signed(
    achievement: Achievement, sign: Sign, word: Json, alg: str, headers: Json | None
) -> None:
    if alg == "none":
        text = f"{_part({'alg': 'none', 'kid': '#rsa'})}.{sign(word).split('.')[1]}.AAAA"
    elif alg == "RS512":
        text = f"{_part({'alg': alg, 'kid': '#rsa'})}.{'.'.join(sign(word).split('.')[1:])}"
    else:
        text = sign(word, alg=alg, headers=headers)
    with pytest.raises(EndorsementRefused):
        kept(achievement, text)


def _part(said: Json) -> str:
    return urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def every_place(text: str) -> Iterator[str]:
    """The token with one character changed, at some fifty places; and with every leaf of its payload changed."""
    for at in range(0, len(text), max(len(text) // 50, 1)):
        if text[at] != ".":
            yield f"{text[:at]}{'B' if text[at] != 'B' else 'C'}{text[at + 1 :]}"
    # The last character of a signature has bits that mean nothing.
    yield f"{text[:-1]}{chr(ord(text[-1]) + 1)}"
    head, body, signature = text.split(".")
    payload = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    for _place, altered in mutations(payload):
        yield f"{head}.{_part(altered)}.{signature}"


def test_every_alteration_is_found(achievement: Achievement, sign: Sign, word: Json) -> None:
    """Inside the badge by its signature, whoever looks; by itself, and by our own verification."""
    text = sign(word)
    found = kept(achievement, text)
    credential = issue()
    document = json.loads(credential.document)
    multikey = document["proof"][0]["verificationMethod"].partition("#")[2]
    assert api.proof_holds(credential.document)
    altered = list(mutations(document))
    held = [place for place, other in altered if proofs.holds(other, multikey=multikey)]
    # Whose term the published context has as well.
    assert all(place[:2] == ("@context", 2) for place in held)
    assert [place for place, other in altered if api.proof_holds(json.dumps(other))] == []
    assert [other for other in every_place(text) if _holds(other, found.public_key)] == []


def _holds(text: str, key: str) -> bool:
    try:
        return holds(signed_in(text), key)
    except EndorsementRefused:
        return False


def test_a_verifier_with_the_earlier_copy_of_the_context_accepts_it(
    achievement: Achievement, sign: Sign, word: Json
) -> None:
    """It lacks the term for tokens; some libraries have that copy."""
    kept(achievement, sign(word))
    document = json.loads(issue().document)

    def earlier(url: str, options: Any) -> Json:
        found = json.loads(json.dumps(proofs._bundled_context(url, options)["document"]))
        if url.endswith("context-3.0.3.json"):
            del found["@context"]["endorsementJwt"], found["@context"]["jti"]
        return {"documentUrl": url, "contextUrl": None, "document": found}

    del document["proof"]
    read = {"documentLoader": earlier, "algorithm": "URDNA2015", "format": "application/n-quads"}
    assert jsonld.normalize(document, read) == proofs.canonical(document)
    assert "endorsementJwt" in proofs.canonical(document)


def test_it_is_withdrawn_revoked_and_its_key_forgotten(
    achievement: Achievement, endorser: FakeEndorser, sign: Sign
) -> None:
    """As one in JSON; its endorser's status list may be a token, too."""
    endorser.as_token = sign
    found = kept(achievement, sign(in_bits(endorser, achievement)))
    credential = issue()
    assert status(credential) == "valid"
    endorser.lists_key = False
    assert endorsements.look_up_key(found, now=LATER) is False
    assert status(credential) == "key_unknown"
    endorser.lists_key = True
    assert endorsements.look_up_key(found, now=LATER)
    endorser.revoked.add(7)
    ask()
    assert status(credential) == "revoked"
    endorsements.withdraw(found.pk, by=STAFF, now=LATER)
    assert status(credential) == "withdrawn"
    assert listed(api.reissue(credential.uuid, "Nom", by=STAFF, now=LATER)) == []


@pytest.mark.parametrize("form", ["json", "token"])
def test_who_brings_it_again_is_told_that_it_is_there(
    achievement: Achievement, sign: Sign, word: Json, form: str
) -> None:
    text = sign(word) if form == "token" else word
    kept(achievement, text)
    with pytest.raises(EndorsementRefused, match="kept already"), override("en"):
        kept(achievement, text)


def test_who_endorses_in_both_forms_is_heard_once(
    achievement: Achievement, endorser: FakeEndorser, sign: Sign, word: Json
) -> None:
    first = kept(achievement, word)
    with pytest.raises(EndorsementRefused):
        kept(achievement, sign(word))
    endorsements.withdraw(first.pk, by=STAFF, now=NOW)
    kept(achievement, sign(word))
    assert status(issue(), NOW + timedelta(hours=1)) == "valid"

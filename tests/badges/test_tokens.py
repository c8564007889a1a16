"""VC-JWT, checked by another library, with the key that the issuer's document gives."""

import json
from io import StringIO
from textwrap import dedent
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.core.management import call_command
from django.test import Client
from jwt.utils import base64url_decode, base64url_encode
from pytest_django import Settings

from openedx_utop.badges import api, keys, tokens
from openedx_utop.badges.checks import check_signing_key
from openedx_utop.badges.models import Credential
from tests.badges.factories import CAMILLE, COURSE, NOW
from tests.badges.minimal import SEED
from tests.badges.mutations import mutations
from tests.badges.test_pages import NEVER_ISSUED
from tests.badges.tokens import KEY
from tests.host import InMemoryPlatform

pytestmark = [pytest.mark.usefixtures("key"), pytest.mark.django_db]
OTHER_KEY = tokens.new_token_key()


@pytest.fixture
def with_key(settings: Settings) -> Settings:
    settings.UTOP_JWT_SIGNING_KEY = KEY
    return settings


@pytest.fixture
def signed(with_key: Settings, finished: InMemoryPlatform) -> api.CredentialFacts:
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    return api.issue_credential(award.uuid, now=NOW)


def fetched(client: Client, uuid: object) -> str:
    response = client.get(f"/utop/credentials/{uuid}.jwt")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/vc+jwt"
    assert response["Content-Disposition"].endswith('.jwt"')
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.content.decode()


def claims_of(client: Client, token: str) -> dict[str, Any]:
    """As a stranger reads it: the key by its id, from the issuer's document."""
    document = json.loads(client.get("/utop/did.json").content)
    kid = jwt.get_unverified_header(token)["kid"]
    (method,) = [method for method in document["verificationMethod"] if method["id"] == kid]
    assert kid in document["assertionMethod"]
    assert (method["type"], method["controller"]) == ("JsonWebKey", document["id"])
    assert "https://w3id.org/security/jwk/v1" in document["@context"]
    read: dict[str, Any] = jwt.decode(token, jwt.PyJWK(method["publicKeyJwk"]).key, algorithms=["RS256"])
    return read


def test_a_stranger_verifies_it(client: Client, signed: api.CredentialFacts) -> None:
    token = fetched(client, signed.uuid)
    claims = claims_of(client, token)
    credential = json.loads(signed.document)
    del credential["proof"]
    assert claims == {
        **credential,
        "iss": "did:web:lms.example.org:utop",
        "jti": credential["id"],
        "sub": credential["credentialSubject"]["id"],
        "nbf": int(NOW.timestamp()),
    }
    assert "vc" not in claims
    assert credential["credentialSubject"]["id"].startswith("urn:uuid:")
    header = jwt.get_unverified_header(token)
    assert set(header) == {"alg", "kid", "typ"}
    assert (header["alg"], header["typ"]) == ("RS256", "JWT")


def test_every_part_is_covered(client: Client, signed: api.CredentialFacts) -> None:
    token = fetched(client, signed.uuid)
    for place in range(0, len(token) - 10, 97):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises((jwt.InvalidTokenError, ValueError)):
            claims_of(client, token[:place] + other + token[place + 1 :])


def test_every_alteration_of_what_it_says_is_found(signed: api.CredentialFacts) -> None:
    header, payload, signature = signed.token.split(".")
    key = jwt.PyJWK(keys.known_jwks()[0]).key

    def claims(head: str, body: str) -> Any:
        return jwt.decode(f"{head}.{body}.{signature}", key, algorithms=["RS256"])

    said = json.loads(base64url_decode(payload))
    assert claims(header, written(said)) == said
    for place, altered in mutations(said):
        with pytest.raises(jwt.InvalidTokenError):
            pytest.fail(f"{place}: {claims(header, written(altered))}")
    for _place, altered in mutations(json.loads(base64url_decode(header))):
        with pytest.raises(jwt.InvalidTokenError):
            claims(written(altered), payload)


def written(part: dict[str, Any]) -> str:
    return base64url_encode(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode()).decode()


def test_the_keys_are_listed_for_those_who_know_no_dids(
    client: Client, signed: api.CredentialFacts, with_key: Settings
) -> None:
    with_key.UTOP_RETIRED_SIGNING_KEYS = [public(OTHER_KEY), SEED]
    answer = client.get("/utop/.well-known/jwks.json")
    assert answer["Content-Type"] == "application/jwk-set+json"
    listed = jwt.PyJWKSet.from_dict(json.loads(answer.content))
    assert len(listed.keys) == 2
    kid = jwt.get_unverified_header(signed.token)["kid"].partition("#")[2]
    assert jwt.decode(signed.token, listed[kid].key, algorithms=["RS256"])["jti"]
    assert '"d"' not in answer.content.decode()


def test_it_is_a_file_by_the_ending_of_the_standard_too(client: Client, signed: api.CredentialFacts) -> None:
    answer = client.get(f"/utop/credentials/{signed.uuid}.jws")
    assert answer.content.decode() == signed.token
    assert (answer["Content-Type"], answer["Content-Disposition"][-5:]) == ("text/plain", '.jws"')
    for ending, named in (("jws", "application/vc+jwt"), ("jwt", "text/plain"), ("jwt", "application/jwt")):
        answer = client.get(f"/utop/credentials/{signed.uuid}.{ending}", HTTP_ACCEPT=named)
        assert (answer["Content-Type"], answer.content.decode()) == (named, signed.token)


def test_it_is_signed_once(client: Client, signed: api.CredentialFacts, with_key: Settings) -> None:
    first = fetched(client, signed.uuid)
    with_key.UTOP_JWT_SIGNING_KEY = ""
    assert fetched(client, signed.uuid) == first == Credential.objects.get().token


def test_without_a_key_a_sentence_says_so(client: Client, credential: api.CredentialFacts) -> None:
    response = client.get(f"/utop/credentials/{credential.uuid}.jwt")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert "VC-JWT" in json.loads(response.content)["detail"]
    assert "https://w3id.org/security/jwk/v1" not in api.issuer_document()["@context"]


def test_what_was_never_issued(client: Client) -> None:
    assert client.get(f"/utop/credentials/{NEVER_ISSUED}.jwt").status_code == 404


def public(pem: str) -> str:
    key = load_pem_private_key(pem.encode(), password=None).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize("form", [str, public])
def test_a_retired_key_keeps_its_tokens_valid(
    client: Client, signed: api.CredentialFacts, with_key: Settings, form: Any
) -> None:
    with_key.UTOP_JWT_SIGNING_KEY, with_key.UTOP_RETIRED_SIGNING_KEYS = OTHER_KEY, [form(KEY), SEED]
    assert claims_of(client, fetched(client, signed.uuid))
    assert [jwk["kid"] for jwk in keys.known_jwks()] == [tokens.public_jwk(key)["kid"] for key in (OTHER_KEY, KEY)]
    assert check_signing_key(None) == []
    assert "PRIVATE" not in client.get("/utop/did.json").content.decode()


def pem(key: Any) -> str:
    text: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return text.decode()


BROKEN = {
    "no PEM": "secret",
    "no key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    "no RSA": pem(generate_private_key(SECP256R1())),
    "too short": pem(generate_rsa_key(public_exponent=65537, key_size=1024)),  # noqa: S505 - that is the point
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_key_that_is_none_is_told_and_nothing_is_issued(
    text: str, settings: Settings, finished: InMemoryPlatform
) -> None:
    settings.UTOP_JWT_SIGNING_KEY = text
    assert [message.id for message in check_signing_key(None)] == ["openedx_utop.E003"]
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    with pytest.raises(api.SigningKeyInvalid):
        api.issue_credential(award.uuid, now=NOW)
    assert not Credential.objects.exists()


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_retired_key_that_is_none_is_told(text: str, settings: Settings) -> None:
    settings.UTOP_RETIRED_SIGNING_KEYS = [text]
    assert [message.id for message in check_signing_key(None)] == ["openedx_utop.E002"]


def test_the_command_prints_lines_ready_to_paste(settings: Settings) -> None:
    out, err = StringIO(), StringIO()
    call_command("utop_create_key", "--jwt", stdout=out, stderr=err)
    first, _, rest = out.getvalue().partition("\n")
    assert first == "UTOP_JWT_SIGNING_KEY: |"
    assert "UTOP_RETIRED_SIGNING_KEYS" not in err.getvalue()
    settings.UTOP_JWT_SIGNING_KEY = dedent(rest)
    assert check_signing_key(None) == []
    call_command("utop_create_key", "--jwt", stdout=out, stderr=err)
    assert "UTOP_RETIRED_SIGNING_KEYS" in err.getvalue()

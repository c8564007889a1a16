"""The keys that sign tokens, today's and the retired ones, and the identity that all keys give the issuer."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from openedx_utop.badges.data import TokenKeyInvalid
from openedx_utop.badges.tokens import public_jwk, token_key
from openedx_utop.signing_keys import RetiredKeyInvalid, is_pem

DID_CONTEXTS = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
]


def known_jwks() -> tuple[dict[str, Any], ...]:
    """Every public RSA key whose tokens are ours, today's first; raises TokenKeyInvalid and RetiredKeyInvalid."""
    current = token_key()
    known = [*([current.jwk] if current else []), *retired_jwks()]
    return tuple({jwk["kid"]: jwk for jwk in known}.values())


def retired_jwks() -> list[dict[str, Any]]:
    """The public RSA keys that signed tokens here before; raises RetiredKeyInvalid."""
    try:
        return [public_jwk(entry) for entry in settings.UTOP_RETIRED_SIGNING_KEYS if is_pem(entry)]
    except TokenKeyInvalid as error:
        raise RetiredKeyInvalid from error


def issuer_id(root_url: str) -> str:
    """The did:web of the product on a host: its document answers at `<root_url>/utop/did.json`."""
    return f"did:web:{urlsplit(root_url).netloc.replace(':', '%3A')}:utop"


def issuer_document(
    issuer: str, multikeys: Sequence[str], jwks: Sequence[Mapping[str, Any]], *, current: str | None
) -> dict[str, Any]:
    """The DID document that lists the keys: all of them vouch for what was signed, only the current one speaks."""
    methods: list[dict[str, Any]] = [
        *({"id": f"{issuer}#{key}", "type": "Multikey", "publicKeyMultibase": key} for key in multikeys),
        *({"id": f"{issuer}#{jwk['kid']}", "type": "JsonWebKey", "publicKeyJwk": jwk} for jwk in jwks),
    ]
    return {
        "@context": DID_CONTEXTS if jwks else DID_CONTEXTS[:-1],
        "id": issuer,
        "verificationMethod": [{**method, "controller": issuer} for method in methods],
        "authentication": [f"{issuer}#{current}"] if current else [],
        "assertionMethod": [method["id"] for method in methods],
    }

"""The two forms in which an endorser signs: JSON with a proof inside (eddsa-rdfc-2022), or a token (VC-JWT)."""

from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyld.jsonld import JsonLdError

from openedx_utop.badges.data import UnsignableDocument
from openedx_utop.badges.endorsements import tokens
from openedx_utop.badges.endorsements.rules import proof, read
from openedx_utop.badges.proofs import document_hash, options_hash
from openedx_utop.signing_keys import ED25519_PUBLIC, from_multibase

Json = dict[str, Any]
# As it stands in a badge: the JSON, or the text of the token.
Signed = Json | str
# Status lists are longer than endorsements.
MOST_CHARACTERS = 256 * 1024


def signed_in(text: str) -> Signed:
    """What a text holds, in either form; raises EndorsementRefused."""
    if not tokens.is_token(text):
        return read(text)
    tokens.require_claims(tokens.opened(text))
    return text


def content(signed: Signed) -> Json:
    """The credential that was signed; raises EndorsementRefused."""
    return tokens.content(tokens.opened(signed, most=MOST_CHARACTERS)) if isinstance(signed, str) else signed


def holds(signed: Signed, key: str) -> bool:
    """Whether its own signature holds with this key: a Multikey of Ed25519 for JSON, a JWK for a token."""
    if isinstance(signed, str):
        return key.startswith("{") and tokens.holds(tokens.opened(signed, most=MOST_CHARACTERS), key)
    return not key.startswith("{") and _proof_holds(signed, key)


def _proof_holds(document: Json, multikey: str) -> bool:
    try:
        found = proof(document)
        signature = from_multibase(found["proofValue"])
        signed = options_hash(document, found) + document_hash(document)
        key = Ed25519PublicKey.from_public_bytes(from_multibase(multikey).removeprefix(ED25519_PUBLIC))
        key.verify(signature, signed)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidSignature, UnsignableDocument, JsonLdError):
        return False
    return True

"""Endorsements as tokens (VC-JWT): read strictly, their claims held against what they say, their signatures verified.

RS256 is what Open Badges ask for, ES256 what its certification takes as well.
"""

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.utils.translation import gettext as _

from openedx_utop.badges.endorsements.data import EndorsementRefused, KeyNotFound
from openedx_utop.badges.endorsements.rules import MOST_CHARACTERS, read

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
MEMBERS: Final = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y")}
ALGORITHMS: Final = {"RS256": "RSA", "ES256": "EC"}
HEADERS: Final = {"alg", "kid", "jwk", "typ", "cty"}
TYPES: Final = {"JWT", "vc+jwt"}
CLAIMS: Final = ("iss", "jti", "sub", "nbf", "exp", "iat")
# RFC 7518 asks for no less; more would only keep us busy.
RSA_BITS: Final = range(2048, 8193)
COORDINATE: Final = 32

Json = dict[str, Any]


@dataclass(frozen=True)
class Token:
    """A token taken apart, nothing of it believed yet. `signed`: what its signature covers."""

    header: Json
    payload: Json
    signed: bytes
    signature: bytes


def is_token(text: str) -> bool:
    """Whether a text has the form of a token."""
    return bool(TOKEN.fullmatch(text))


def opened(text: str, *, most: int = MOST_CHARACTERS) -> Token:
    """A token, taken apart; raises EndorsementRefused."""
    if len(text) > most:
        raise EndorsementRefused(_("This is too long for an endorsement."))
    signed, _dot, signature = text.rpartition(".")
    header, _dot, payload = signed.partition(".")
    try:
        parts = [_decoded(part) for part in (header, payload, signature)]
        found = Token(read(parts[0].decode()), read(parts[1].decode(), most=most), signed.encode(), parts[2])
    except ValueError as error:
        if isinstance(error, EndorsementRefused):
            raise
        raise EndorsementRefused(_("This token cannot be read.")) from error
    _refuse_other_headers(found.header)
    return found


def content(token: Token) -> Json:
    """The credential in a token, its claims left out; raises EndorsementRefused where one says something else."""
    payload = token.payload
    try:
        subject = payload["credentialSubject"].get("id")
        issuer = payload["issuer"]["id"] if isinstance(payload["issuer"], dict) else payload["issuer"]
        said = {"iss": issuer, "jti": payload.get("id"), "sub": subject}
        said |= {"nbf": _seconds(payload.get("validFrom")), "exp": _seconds(payload.get("validUntil"))}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise EndorsementRefused(_("Something is missing that an EndorsementCredential needs.")) from error
    if any(name in payload and _differs(payload[name], said[name]) for name in said):
        raise EndorsementRefused(_("The claims of this token differ from the credential in it."))
    return {name: value for name, value in payload.items() if name not in CLAIMS}


def require_claims(token: Token) -> None:
    """Raise EndorsementRefused unless it has those that Open Badges want in every token."""
    wanted = {"iss", "jti", "sub", "nbf", *(["exp"] if "validUntil" in token.payload else [])}
    if wanted - set(token.payload):
        raise EndorsementRefused(_("The claims of this token differ from the credential in it."))


def holds(token: Token, jwk: str) -> bool:
    """Whether its signature was made with this key, a text of `jwk_text`."""
    key = json.loads(jwk)
    if ALGORITHMS[token.header["alg"]] != key["kty"]:
        return False
    try:
        if key["kty"] == "RSA":
            _rsa(key).public_key().verify(token.signature, token.signed, PKCS1v15(), SHA256())
        else:
            _elliptic(key).public_key().verify(_der(token.signature), token.signed, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def jwk_text(jwk: Any) -> str:
    """A public key without its decorations, always written alike; raises KeyNotFound for other kinds of key."""
    try:
        key = {name: jwk[name] for name in MEMBERS[jwk["kty"]]}
        (_rsa if key["kty"] == "RSA" else _elliptic)(key).public_key()
    except (KeyError, TypeError, ValueError) as error:
        raise KeyNotFound(
            _("The endorser’s key is neither an RSA key of 2048 bits or more nor one of P-256.")
        ) from error
    return json.dumps(key, sort_keys=True, separators=(",", ":"))


def _refuse_other_headers(header: Json) -> None:
    named = isinstance(header.get("kid"), str), isinstance(header.get("jwk"), dict)
    is_fit = header.get("alg") in ALGORITHMS and header.get("typ", "JWT") in TYPES and header.get("cty", "vc") == "vc"
    if not is_fit or not any(named) or set(header) - HEADERS or "d" in header.get("jwk", {}):
        raise EndorsementRefused(
            _("This token is not signed as Open Badges want it: RS256 or ES256, and a kid or jwk.")
        )


def _rsa(key: Json) -> RSAPublicNumbers:
    numbers = RSAPublicNumbers(_number(key["e"]), _number(key["n"]))
    if numbers.n.bit_length() not in RSA_BITS:
        raise ValueError(numbers.n.bit_length())
    return numbers


def _elliptic(key: Json) -> EllipticCurvePublicNumbers:
    if key["crv"] != "P-256":
        raise ValueError(key["crv"])
    return EllipticCurvePublicNumbers(_number(key["x"]), _number(key["y"]), SECP256R1())


def _der(signature: bytes) -> bytes:
    if len(signature) != 2 * COORDINATE:
        raise ValueError(len(signature))
    return encode_dss_signature(
        int.from_bytes(signature[:COORDINATE], "big"), int.from_bytes(signature[COORDINATE:], "big")
    )


def _number(text: str) -> int:
    return int.from_bytes(_decoded(text), "big")


def _decoded(text: str) -> bytes:
    """Base64url, which has one spelling only; raises ValueError."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError(text) from error
    if urlsafe_b64encode(data).rstrip(b"=").decode() != text:
        raise ValueError(text)
    return data


def _seconds(text: Any) -> int | None:
    return int(datetime.fromisoformat(text).timestamp()) if text is not None else None


def _differs(claimed: Any, said: Any) -> bool:
    # For Python, true is one.
    return isinstance(claimed, bool) or claimed != said

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

from django.utils.translation import gettext as _
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.exceptions import InvalidKeyError

from openedx_utop.badges.endorsements.data import EndorsementRefused, KeyNotFound
from openedx_utop.badges.endorsements.rules import MOST_CHARACTERS, read

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
MEMBERS: Final = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y")}
ALGORITHMS: Final = {"RS256": RSAAlgorithm(RSAAlgorithm.SHA256), "ES256": ECAlgorithm(ECAlgorithm.SHA256)}
KINDS: Final = {"RSA": "RS256", "EC": "ES256"}
HEADERS: Final = {"alg", "kid", "jwk", "typ", "cty"}
TYPES: Final = {"JWT", "vc+jwt"}
CLAIMS: Final = ("iss", "jti", "sub", "nbf", "exp", "iat")
# RFC 7518 asks for no less; more would only keep us busy.
RSA_BITS: Final = range(2048, 8193)
CURVE: Final = "secp256r1"

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
    key, name = json.loads(jwk), token.header["alg"]
    return name == KINDS[key["kty"]] and ALGORITHMS[name].verify(token.signed, _key(key), token.signature)


def jwk_text(jwk: Any) -> str:
    """A public key without its decorations, always written alike; raises KeyNotFound for other kinds of key."""
    try:
        key = {name: jwk[name] for name in MEMBERS[jwk["kty"]]}
        _key(key)
    except (KeyError, TypeError, ValueError, InvalidKeyError) as error:
        raise KeyNotFound(
            _("The endorser’s key is neither an RSA key of 2048 bits or more nor one of P-256.")
        ) from error
    return json.dumps(key, sort_keys=True, separators=(",", ":"))


def _key(jwk: Json) -> Any:
    key = ALGORITHMS[KINDS[jwk["kty"]]].from_jwk(jwk)
    is_fit = key.curve.name == CURVE if jwk["kty"] == "EC" else key.key_size in RSA_BITS
    if not is_fit:
        raise ValueError(jwk["kty"])
    return key


def _refuse_other_headers(header: Json) -> None:
    named = isinstance(header.get("kid"), str), isinstance(header.get("jwk"), dict)
    is_fit = header.get("alg") in ALGORITHMS and header.get("typ", "JWT") in TYPES and header.get("cty", "vc") == "vc"
    if not is_fit or not any(named) or set(header) - HEADERS or "d" in header.get("jwk", {}):
        raise EndorsementRefused(
            _("This token is not signed as Open Badges want it: RS256 or ES256, and a kid or jwk.")
        )


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

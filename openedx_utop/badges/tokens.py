"""VC-JWT with RS256, the other proof that wallets know: one text, header and payload included, signed with RSA."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    RSAPublicNumbers,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

from openedx_utop.badges.data import TokenKeyInvalid

# RFC 7518 asks for no less.
KEY_BITS = 2048
PADDING, DIGEST = PKCS1v15(), SHA256()

Json = dict[str, Any]


@dataclass(frozen=True)
class TokenKey:
    """An RSA key; `jwk` is its public half, whose `kid` is its thumbprint (RFC 7638)."""

    private: RSAPrivateKey
    jwk: Json


def new_token_key() -> str:
    """A fresh secret for `UTOP_JWT_SIGNING_KEY`: the PEM text of an RSA key."""
    key = generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def token_key() -> TokenKey | None:
    """The key of this installation, None if it signs no tokens; raises TokenKeyInvalid."""
    return _token_key(settings.UTOP_JWT_SIGNING_KEY) if settings.UTOP_JWT_SIGNING_KEY else None


def public_jwk(pem: str) -> Json:
    """The public key in a PEM text, be it that of a public or of a private key; raises TokenKeyInvalid."""
    if "PRIVATE KEY" in pem:
        return _token_key(pem).jwk
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise TokenKeyInvalid from error
    return _jwk(key)


@dataclass(frozen=True)
class Claims:
    """What a token says besides the credential: who signs, which credential, about whom, and when it is valid."""

    issuer: str
    address: str
    subject: str
    valid_from: str
    valid_until: str | None = None


def token(credential: str, claims: Claims, key: TokenKey) -> str:
    """The credential as a signed token, from its JSON without a proof: what a proof says is said by the claims."""
    own = {"iss": claims.issuer, "jti": claims.address, "sub": claims.subject, "nbf": _instant(claims.valid_from)}
    if claims.valid_until:
        own["exp"] = _instant(claims.valid_until)
    signed = f"{_header(claims.issuer, key.jwk['kid'])}.{_part(f'{credential[:-1]},{_json(own)[1:]}')}"
    return f"{signed}.{_base64url(key.private.sign(signed.encode(), PADDING, DIGEST))}"


@cache
def _token_key(pem: str) -> TokenKey:
    try:
        private = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise TokenKeyInvalid from error
    if not isinstance(private, RSAPrivateKey):
        raise TokenKeyInvalid
    return TokenKey(private, _jwk(private.public_key()))


def _jwk(key: Any) -> Json:
    if not isinstance(key, RSAPublicKey) or key.key_size < KEY_BITS:
        raise TokenKeyInvalid
    numbers: RSAPublicNumbers = key.public_numbers()
    required = {"e": _number(numbers.e), "kty": "RSA", "n": _number(numbers.n)}
    thumbprint = sha256(json.dumps(required, separators=(",", ":")).encode()).digest()
    return {**required, "alg": "RS256", "kid": _base64url(thumbprint)}


def _instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@cache
def _header(issuer: str, kid: str) -> str:
    return _part(_json({"alg": "RS256", "kid": f"{issuer}#{kid}", "typ": "JWT"}))


def _part(text: str) -> str:
    return _base64url(text.encode())


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _number(value: int) -> str:
    return _base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()

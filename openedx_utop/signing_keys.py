"""The Ed25519 keys that sign for this installation, today's and the retired ones: badges, and the journal's days."""

import binascii
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

# How keys of the other kind, which sign tokens, begin in the list of the retired ones.
PEM = "-----BEGIN "
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
# Digits are taken from numbers that fit a machine word, which are divided much faster than long ones.
LIMB_DIGITS = 10
BASE58_LIMB = 58**LIMB_DIGITS
# And two at a time.
BASE58_PAIRS = [f"{first}{second}" for first in BASE58 for second in BASE58]
ED25519_PUBLIC = b"\xed\x01"
SEED_BYTES = 32
# The base58 text of the 34 bytes of a public Ed25519 key; a seed has 43 characters, or 44 with its padding.
MULTIKEY_LENGTH = 48


class SigningKeyMissing(Exception):
    """`UTOP_SIGNING_KEY` is empty: nothing can be signed, nor checked if no key is retired either."""


class SigningKeyInvalid(Exception):
    """`UTOP_SIGNING_KEY` is not the base64url text of 32 bytes."""


class RetiredKeyInvalid(SigningKeyInvalid):
    """An entry of `UTOP_RETIRED_SIGNING_KEYS` is neither a public key nor a seed."""


@dataclass(frozen=True)
class SigningKey:
    """An Ed25519 key pair; `multikey` is the public half as Multikey writes it, `z6Mk…`."""

    private: Ed25519PrivateKey
    multikey: str


def new_seed() -> str:
    """A fresh secret for `UTOP_SIGNING_KEY`: base64url of 32 random bytes, without padding."""
    return urlsafe_b64encode(secrets.token_bytes(SEED_BYTES)).rstrip(b"=").decode()


def signing_key() -> SigningKey:
    """The key of this installation."""
    if not settings.UTOP_SIGNING_KEY:
        raise SigningKeyMissing
    return key_from_seed(settings.UTOP_SIGNING_KEY)


def retired_multikeys() -> tuple[str, ...]:
    """The public Ed25519 keys that signed here before, and sign no more; raises RetiredKeyInvalid."""
    entries = [entry for entry in settings.UTOP_RETIRED_SIGNING_KEYS if not is_pem(entry)]
    return tuple(_retired_multikey(entry) for entry in entries)


def known_multikeys() -> tuple[str, ...]:
    """Every public key whose signatures are ours, today's first.

    Raises SigningKeyMissing where there is none at all, SigningKeyInvalid and RetiredKeyInvalid.
    """
    current = (signing_key().multikey,) if settings.UTOP_SIGNING_KEY else ()
    known = tuple(dict.fromkeys((*current, *retired_multikeys())))
    if not known:
        raise SigningKeyMissing
    return known


def is_pem(entry: Any) -> bool:
    """Whether an entry among the retired keys is one that signed tokens."""
    return isinstance(entry, str) and entry.lstrip().startswith(PEM)


def _retired_multikey(entry: Any) -> str:
    if not isinstance(entry, str):
        raise RetiredKeyInvalid
    if len(entry) == MULTIKEY_LENGTH:
        return _checked_multikey(entry)
    try:
        return key_from_seed(entry).multikey
    except SigningKeyInvalid as error:
        raise RetiredKeyInvalid from error


def _checked_multikey(text: str) -> str:
    try:
        key = from_multibase(text)
    except ValueError as error:
        raise RetiredKeyInvalid from error
    if not key.startswith(ED25519_PUBLIC) or len(key) != len(ED25519_PUBLIC) + SEED_BYTES:
        raise RetiredKeyInvalid
    return text


@cache
def key_from_seed(seed: str) -> SigningKey:
    """The key pair that a seed stands for, given as base64url."""
    private = Ed25519PrivateKey.from_private_bytes(_seed_bytes(seed))
    return SigningKey(private, multibase(ED25519_PUBLIC + private.public_key().public_bytes_raw()))


def _seed_bytes(seed: str) -> bytes:
    try:
        secret = urlsafe_b64decode(seed + "=" * (-len(seed) % 4))
    except (binascii.Error, ValueError) as error:
        raise SigningKeyInvalid from error
    if len(secret) != SEED_BYTES or urlsafe_b64encode(secret).rstrip(b"=").decode() != seed.rstrip("="):
        raise SigningKeyInvalid
    return secret


def multibase(data: bytes) -> str:
    """`z` and the base58btc text of some bytes."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, low = divmod(number, BASE58_LIMB)
        digits = _base58(low) + digits
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + BASE58[0] * zeros + digits.lstrip(BASE58[0])


def _base58(number: int) -> str:
    """The digits of a limb, leading zeros included."""
    digits = ""
    for _pair in range(LIMB_DIGITS // 2):
        number, pair = divmod(number, len(BASE58_PAIRS))
        digits = BASE58_PAIRS[pair] + digits
    return digits


def from_multibase(text: str) -> bytes:
    """The bytes that `multibase` wrote; ValueError if it did not write this text."""
    if not text.startswith("z"):
        raise ValueError(text)
    number = 0
    for digit in text[1:]:
        number = number * 58 + BASE58.index(digit)
    zeros = len(text[1:]) - len(text[1:].lstrip(BASE58[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")

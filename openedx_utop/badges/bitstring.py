"""Revocation as others read it: the bits of a Bitstring Status List (W3C, 1.0) and the documents around them."""

import gzip
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

# The least that the standard allows: fewer would tell learners apart.
BITS = 131_072
MOST_BYTES = 2 * 1024 * 1024
GZIP = 16 + zlib.MAX_WBITS
CONTEXTS = ["https://www.w3.org/ns/credentials/v2"]

Json = dict[str, Any]


def no_bit() -> str:
    """The encoded list in which nothing is revoked."""
    return written(bytes(BITS // 8))


def with_bit(encoded: str, index: int) -> str:
    """The encoded list with one more bit set; the bit of index 0 is the leftmost. IndexError beyond the end."""
    bits = bytearray(_decoded(encoded))
    bits[index // 8] |= _mask(index)
    return written(bytes(bits))


def has_bit(encoded: str, index: int) -> bool:
    """Whether the bit of an index is set."""
    return bool(_decoded(encoded)[index // 8] & _mask(index))


def entry(address: str, index: int) -> Json:
    """What a credential says of its place; `address` is the absolute URL of the list."""
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def list_document(address: str, issuer: str, encoded: str, *, valid_from: str) -> Json:
    """The unsigned list; `valid_from` is an XML dateTime."""
    return {
        "@context": CONTEXTS,
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": {"id": issuer},
        "validFrom": valid_from,
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded,
        },
    }


def _mask(index: int) -> int:
    return 0x80 >> index % 8


def written(bits: bytes) -> str:
    """Bits as a list says them."""
    return "u" + urlsafe_b64encode(gzip.compress(bits, mtime=0)).rstrip(b"=").decode()


def _decoded(encoded: str) -> bytes:
    text = encoded.removeprefix("u")
    unpacking = zlib.decompressobj(wbits=GZIP)
    # Somebody else's may unpack to anything.
    bits = unpacking.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), MOST_BYTES)
    if not unpacking.eof:
        raise ValueError("cut short, or too long")
    return bits

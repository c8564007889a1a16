"""The bits of a status list, read back as another program would."""

import gzip
from base64 import urlsafe_b64decode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openedx_utop.badges import bitstring

INDEXES = st.integers(0, bitstring.BITS - 1)


def bits(encoded: str) -> bytes:
    assert encoded.startswith("u")
    text = encoded[1:]
    assert "=" not in text
    return gzip.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_nothing_is_revoked_at_first_and_the_list_is_long_enough() -> None:
    assert bits(bitstring.no_bit()) == bytes(16_384)


@pytest.mark.parametrize(("index", "byte", "value"), [(0, 0, 0x80), (7, 0, 1), (8, 1, 0x80), (131_071, 16_383, 1)])
def test_the_leftmost_bit_is_the_first(index: int, byte: int, value: int) -> None:
    assert bits(bitstring.with_bit(bitstring.no_bit(), index))[byte] == value


@settings(max_examples=25, deadline=None)
@given(st.sets(INDEXES, max_size=8), INDEXES)
def test_exactly_the_bits_that_were_set(chosen: set[int], other: int) -> None:
    encoded = bitstring.no_bit()
    for index in chosen:
        encoded = bitstring.with_bit(bitstring.with_bit(encoded, index), index)
    assert sum(byte.bit_count() for byte in bits(encoded)) == len(chosen)
    assert all(bitstring.has_bit(encoded, index) for index in chosen)
    assert bitstring.has_bit(encoded, other) == (other in chosen)


def test_there_is_nothing_beyond_the_end() -> None:
    with pytest.raises(IndexError):
        bitstring.with_bit(bitstring.no_bit(), bitstring.BITS)


def test_a_sparse_list_is_small() -> None:
    encoded = bitstring.no_bit()
    for index in range(0, bitstring.BITS, 1500):
        encoded = bitstring.with_bit(encoded, index)
    assert len(encoded) < 1024

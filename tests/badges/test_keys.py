"""The key, its multibase text, and the identity of the issuer."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from openedx_utop import signing_keys as keys
from openedx_utop.badges.checks import check_signing_key
from openedx_utop.badges.keys import issuer_id
from openedx_utop.signing_keys import RetiredKeyInvalid, SigningKeyInvalid, SigningKeyMissing
from tests.badges.minimal import SEED


def test_the_multikey_of_the_vector() -> None:
    assert keys.key_from_seed(SEED).multikey == "z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"


@given(st.binary())
def test_multibase_comes_back(data: bytes) -> None:
    assert keys.from_multibase(keys.multibase(data)) == data


@pytest.mark.parametrize("text", ["", "u123", "z0", "zO", "zé"])
def test_text_that_is_not_base58_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"substring|^u123$|^$"):
        keys.from_multibase(text)


@pytest.mark.parametrize("seed", [SEED, SEED.rstrip("=")])
def test_padding_does_not_matter(seed: str) -> None:
    assert keys.key_from_seed(seed).multikey == keys.key_from_seed(SEED).multikey


@pytest.mark.parametrize("seed", ["short", SEED + "AAAA", "é" * 43, "!" + SEED, SEED[:-3] + "*" + SEED[-2:], "A" * 41])
def test_a_seed_that_is_not_32_bytes_is_refused(seed: str, settings: Settings) -> None:
    settings.UTOP_SIGNING_KEY = seed
    with pytest.raises(SigningKeyInvalid):
        keys.signing_key()
    assert [message.id for message in check_signing_key(None)] == ["openedx_utop.E001"]


def test_no_key(settings: Settings) -> None:
    settings.UTOP_SIGNING_KEY = ""
    with pytest.raises(SigningKeyMissing):
        keys.signing_key()
    assert [message.id for message in check_signing_key(None)] == ["openedx_utop.W001"]


def test_a_valid_key_is_not_complained_about(settings: Settings) -> None:
    settings.UTOP_SIGNING_KEY = SEED
    assert check_signing_key(None) == []


@pytest.mark.parametrize(
    ("root_url", "issuer"),
    [
        ("https://lms.example.org", "did:web:lms.example.org:utop"),
        ("https://lms.example.org/", "did:web:lms.example.org:utop"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000:utop"),
    ],
)
def test_the_issuer_is_the_host(root_url: str, issuer: str) -> None:
    assert issuer_id(root_url) == issuer


@pytest.fixture
def printed() -> list[str]:
    out = [StringIO(), StringIO()]
    for stream in out:
        call_command("utop_create_key", stdout=stream)
    return [stream.getvalue() for stream in out]


def test_the_command_prints_a_fresh_key_ready_to_paste(printed: list[str], settings: Settings) -> None:
    lines = [next(line for line in text.splitlines() if line.startswith("UTOP_SIGNING_KEY:")) for text in printed]
    assert lines[0] != lines[1]
    settings.UTOP_SIGNING_KEY = lines[0].split('"')[1]
    assert keys.signing_key().multikey.startswith("z6Mk")


def test_without_a_former_key_there_is_nothing_to_retire(printed: list[str]) -> None:
    assert all("RETIRED" not in text for text in printed)


OTHER_SEED = "A" * 43


def test_the_command_says_how_to_retire_the_present_key(settings: Settings) -> None:
    older = keys.key_from_seed(OTHER_SEED).multikey
    settings.UTOP_SIGNING_KEY, settings.UTOP_RETIRED_SIGNING_KEYS = SEED, [OTHER_SEED]
    out, err = StringIO(), StringIO()
    call_command("utop_create_key", stdout=out, stderr=err)
    fresh, retired = out.getvalue().splitlines()
    assert retired == f'UTOP_RETIRED_SIGNING_KEYS: ["{keys.key_from_seed(SEED).multikey}", "{older}"]'
    assert SEED.rstrip("=") not in out.getvalue()
    assert len(err.getvalue().splitlines()) == 2
    settings.UTOP_SIGNING_KEY = fresh.split('"')[1]
    settings.UTOP_RETIRED_SIGNING_KEYS = json.loads(retired.partition(": ")[2])
    assert check_signing_key(None) == []
    assert keys.known_multikeys() == (keys.signing_key().multikey, keys.key_from_seed(SEED).multikey, older)


@pytest.mark.parametrize("entry", [SEED, SEED.rstrip("="), "z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"])
def test_a_retired_key_is_public_or_a_former_seed(entry: str, settings: Settings) -> None:
    settings.UTOP_RETIRED_SIGNING_KEYS = [entry]
    assert keys.retired_multikeys() == (keys.key_from_seed(SEED).multikey,)


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "short",
        7,
        None,
        "z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvV",
        "z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvV0",
        "z6MuehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd",
        "z" + "1" * 47,
    ],
)
def test_a_retired_key_that_is_none_is_told(entry: object, settings: Settings) -> None:
    settings.UTOP_SIGNING_KEY, settings.UTOP_RETIRED_SIGNING_KEYS = SEED, [entry]
    with pytest.raises(RetiredKeyInvalid):
        keys.known_multikeys()
    assert [message.id for message in check_signing_key(None)] == ["openedx_utop.E002"]

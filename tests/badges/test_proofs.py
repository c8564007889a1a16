"""The proof against vectors that others made, and against every alteration."""

import copy
import re
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openedx_utop.badges import proofs
from openedx_utop.badges.data import UnsignableDocument
from openedx_utop.badges.rules import cleaned
from openedx_utop.signing_keys import key_from_seed
from tests.badges.minimal import DOCUMENT_HASH, OPTIONS_HASH, SEED, SIGNED, UNSIGNED
from tests.badges.mutations import mutations

KEY = key_from_seed(SEED)


def test_the_minimal_badge_is_reproduced_byte_for_byte() -> None:
    assert proofs.document_hash(SIGNED).hex() == DOCUMENT_HASH
    assert proofs.options_hash(SIGNED, SIGNED["proof"][0]).hex() == OPTIONS_HASH
    assert proofs.signed(UNSIGNED, KEY, created="2026-11-01T09:00:00Z") == SIGNED
    assert proofs.holds(SIGNED, multikey=KEY.multikey)


@pytest.mark.parametrize(("place", "altered"), list(mutations(SIGNED)), ids=str)
def test_every_alteration_is_found(place: tuple[str | int, ...], altered: dict[str, Any]) -> None:
    assert not proofs.holds(altered, multikey=KEY.multikey)


def test_another_key_does_not_pass() -> None:
    other = key_from_seed("A" * 43)
    assert not proofs.holds(SIGNED, multikey=other.multikey)
    assert not proofs.holds(proofs.signed(UNSIGNED, other, created="2026-11-01T09:00:00Z"), multikey=KEY.multikey)


@pytest.mark.parametrize("added", [{"unheardOf": "x"}, {"proof": []}, {"proof": SIGNED["proof"] * 2}])
def test_what_the_signature_does_not_cover_makes_it_fail(added: dict[str, Any]) -> None:
    assert not proofs.holds({**SIGNED, **added}, multikey=KEY.multikey)


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(unheardOf="dropped by JSON-LD, so unsigned"),
        lambda document: document["credentialSubject"].update(studentNumber="7"),
        lambda document: document["type"].append("MadeUpCredential"),
        lambda document: document.update(id="credentials/7"),
        lambda document: document.update(id=None),
        lambda document: document.update(name=None),
        lambda document: document["credentialSubject"]["achievement"].update(id="//elsewhere.example.org/7"),
        lambda document: document["credentialSubject"]["achievement"]["criteria"].update({"@nest": "x"}),
        lambda document: document.update(id="https://lms.example.org/écoute active"),
        lambda document: document["@context"].append("https://elsewhere.example.org/context.json"),
    ],
)
def test_a_document_with_unsigned_parts_is_refused(change: Any) -> None:
    document = copy.deepcopy(UNSIGNED)
    change(document)
    with pytest.raises((UnsignableDocument, proofs.jsonld.JsonLdError)):
        proofs.signed(document, KEY, created="2026-11-01T09:00:00Z")


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1).map(cleaned).filter(bool), st.text().map(cleaned))
def test_whatever_the_texts_the_proof_holds_and_covers_them(name: str, other: str) -> None:
    document = copy.deepcopy(UNSIGNED)
    document["credentialSubject"]["achievement"]["name"] = name
    credential = proofs.signed(document, KEY, created="2026-11-01T09:00:00Z")
    assert proofs.holds(credential, multikey=KEY.multikey)
    credential["credentialSubject"]["achievement"]["name"] = other
    assert proofs.holds(credential, multikey=KEY.multikey) == (other == name)


def test_the_contexts_are_the_published_texts() -> None:
    readme = (proofs.CONTEXTS / "README.md").read_text(encoding="utf-8")
    for url, name in proofs.CONTEXT_FILES.items():
        digest = sha256((proofs.CONTEXTS / name).read_bytes()).hexdigest()
        assert re.search(rf"`{re.escape(name)}` \| <{re.escape(url)}> \| `{digest}`", readme)

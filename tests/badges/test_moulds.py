"""A badge's texts with one award's particulars in them, against what the libraries make of the whole document."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from openedx_utop.badges import moulds, proofs, rules
from openedx_utop.badges.bitstring import entry
from openedx_utop.signing_keys import key_from_seed
from tests.badges.minimal import SEED

ISSUER = rules.Issuer("did:web:lms.example.org:utop", "Campus {0} d'essai", "https://campus.example.org/", "")
BADGE = rules.Achievement(
    address="https://lms.example.org/utop/achievements/7",
    image="https://lms.example.org/utop/achievements/7.png",
    name="Écoute « active » {narrative}",
    description='A suivi le module "Écoute" \\ {1}',
    criteria="- Terminer.\n- Obtenir 60 %.",
    required_grade=60,
    alignments=(rules.Alignment("ESCO", "S1", "écouter", "http://data.europa.eu/esco/skill/1"),),
)
OWN = rules.Particulars(
    address="https://lms.example.org/utop/credentials/1",
    subject="urn:uuid:0f8f7a4e-0000-4000-8000-000000000001",
    status=entry("https://lms.example.org/utop/status/1", 94567),
    identity_hash="sha256$00",
    salt="00ff",
    valid_from="2026-11-01T09:00:00Z",
    valid_until=None,
    result="87.5",
    narrative="Conditions remplies.",
)
TEXT = st.text(st.characters(exclude_categories=["Cs"])).map(rules.cleaned)


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    """No badge is known yet."""
    moulds._badge.cache_clear()
    yield
    moulds._badge.cache_clear()


def expected(achievement: rules.Achievement, own: rules.Particulars) -> proofs.Texts:
    document = rules.document_of(ISSUER, achievement, own)
    encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    return proofs.Texts(encoded(document), proofs.by_the_library(document), encoded(document["@context"]))


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT.filter(bool), st.integers(0, 131_071), st.booleans(), st.booleans())
def test_any_particulars_give_the_libraries_own_bytes(
    narrative: str, salt: str, index: int, expires: bool, is_graded: bool
) -> None:
    own = replace(
        OWN,
        narrative=narrative,
        salt=salt,
        status=entry("https://lms.example.org/utop/status/2", index),
        valid_until="2027-11-01T09:00:00Z" if expires else None,
        result="12.25" if is_graded else None,
    )
    for each in (OWN, own):
        assert moulds.badge_of(ISSUER, BADGE).texts(each) == expected(BADGE, each)


def test_the_first_of_a_badge_makes_the_mould_of_the_others() -> None:
    for number in range(5):
        own = replace(OWN, address=f"https://lms.example.org/utop/credentials/{number}", narrative=f"n° {number}")
        moulds.badge_of(ISSUER, BADGE).texts(own)
    (mould,) = moulds.badge_of(ISSUER, BADGE).moulds.values()
    assert mould is not None


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Autre"},
        {"description": "utop-slot-1- et https://utop-slot-0-"},
        {"alignments": ()},
        {"validity_months": 12},
        {"required_grade": 0},
    ],
)
def test_another_badge_has_its_own_texts(change: dict[str, Any]) -> None:
    moulds.badge_of(ISSUER, BADGE).texts(OWN)
    other = replace(BADGE, **change)
    for own in (OWN, replace(OWN, narrative="Autre.")):
        assert moulds.badge_of(ISSUER, other).texts(own) == expected(other, own)


def test_what_is_said_in_another_language_is_another_text() -> None:
    french = moulds.badge_of(ISSUER, BADGE).texts(OWN)
    with override("en"):
        english = moulds.badge_of(ISSUER, BADGE).texts(OWN)
        assert english == expected(BADGE, OWN)
    assert english.json != french.json


def test_the_signed_text_is_the_signed_document() -> None:
    key, created = key_from_seed(SEED), "2026-11-01T09:00:00Z"
    document = rules.document_of(ISSUER, BADGE, OWN)
    text = proofs.signed_text(moulds.badge_of(ISSUER, BADGE).texts(OWN), ISSUER.id, key, created=created)
    assert json.loads(text) == proofs.signed(document, key, created=created)
    assert proofs.holds(json.loads(text), multikey=key.multikey)

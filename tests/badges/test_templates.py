"""Canonical text by template against the library's own, for every string that a badge may hold."""

import copy
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from openedx_utop.badges import proofs
from openedx_utop.badges.templates import Templates
from tests.badges.minimal import UNSIGNED
from tests.badges.mutations import mutations

CRITERIA = UNSIGNED["credentialSubject"]["achievement"]["criteria"]


class Library:
    """The library, and how often it was asked."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, document: Mapping[str, Any]) -> str:
        self.calls += 1
        return proofs.by_the_library(document)


def badge(narrative: str, name: str = "Écoute active", address: str = "https://lms.example.org/7") -> dict[str, Any]:
    document: dict[str, Any] = copy.deepcopy(UNSIGNED)
    achievement = document["credentialSubject"]["achievement"]
    achievement.update(id=address, name=name, criteria={"narrative": narrative})
    return document


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_gives_the_librarys_own_bytes(narrative: str, name: str) -> None:
    templates = Templates(proofs.by_the_library)
    for document in (badge("Terminer."), badge(narrative, name), badge(name, narrative)):
        assert templates.canonical(document) == proofs.by_the_library(document)


def test_the_library_is_asked_for_the_first_of_a_shape_only() -> None:
    library = Library()
    templates = Templates(library)
    for number in range(20):
        templates.canonical(
            badge(f'Terminer {number} activités {{0}} \\ "', address=f"https://lms.example.org/{number}")
        )
    assert library.calls == 2


def test_a_text_that_looks_like_an_address_and_an_address_that_is_none() -> None:
    templates = Templates(proofs.by_the_library)
    for text in ("https://lms.example.org/", "did:web:x", "mailto:a@example.org", "utop-slot-3-", "_:b0", "\x00 3", ""):
        for document in (badge(text), badge(text, name=text), badge("Terminer.", name=text)):
            assert templates.canonical(document) == proofs.by_the_library(document)


def test_two_blank_nodes_that_look_alike_are_told_apart_by_the_library() -> None:
    document = badge("Terminer.")
    evidence = {"type": ["Evidence"], "name": "Parcours"}
    library = Library()
    templates = Templates(library)
    for second in ("Autre", "Parcours", "Encore", "Parcours"):
        pair = {**document, "evidence": [evidence, {**evidence, "name": second}]}
        assert templates.canonical(pair) == proofs.by_the_library(pair)
    assert library.calls == 4


def test_every_alteration_changes_the_text() -> None:
    templates = Templates(proofs.by_the_library)
    before = templates.canonical(UNSIGNED)
    for _place, altered in mutations(UNSIGNED):
        try:
            assert templates.canonical(altered) != before
        except (proofs.UnsignableDocument, proofs.jsonld.JsonLdError, TypeError):
            continue  # Refused: nothing would be signed.

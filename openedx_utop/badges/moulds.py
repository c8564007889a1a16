"""What a signature covers, filled into the texts of a badge: only what one award alone says is written anew.

A badge's texts are made once, by the JSON and JSON-LD libraries, with slots for those strings; they are trusted only
after they have given, byte for byte, what the libraries give for the first credential of their shape.
"""

import json
import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from django.utils.translation import get_language

from openedx_utop.badges import rules
from openedx_utop.badges.proofs import Texts, by_the_library, canonical
from openedx_utop.badges.templates import TERMS, Template, braced, slotted, template

Json = dict[str, Any]

BADGES = 256
# A string of JSON that holds nothing but a slot.
SLOT = re.compile(r'"(?:[A-Za-z][A-Za-z0-9+.-]*:(?://)?)?utop-slot-(\d+)-"')


@dataclass(frozen=True)
class Mould:
    """The texts of a badge; `{n}` stands for the n-th string of the particulars, in JSON with its quotes."""

    json: str
    quads: Template
    contexts: str

    def filled(self, strings: Sequence[str]) -> Texts | None:
        """The texts with these strings; None if their blank nodes cannot be told apart."""
        quads = self.quads.text(strings)
        if quads is None:
            return None
        return Texts(self.json.format(*map(encode_basestring, strings)), quads, self.contexts)


class Badge:
    """What every award of a badge says, in one language, and the moulds of its texts made so far."""

    def __init__(self, issuer: rules.Issuer, achievement: rules.Achievement) -> None:
        """Without moulds yet."""
        self.issuer, self.achievement = issuer, achievement
        self.moulds: dict[Hashable, Mould | None] = {}

    def texts(self, own: rules.Particulars) -> Texts:
        """Of the unsigned credential, in the badge's language; raises UnsignableDocument."""
        # Addresses all begin as the badge's own does, so that what decides how JSON-LD reads them is which there are.
        shape = (own.status["type"], own.valid_until is None, own.result is None)
        if shape not in self.moulds:
            return self._first(shape, own)
        mould = self.moulds[shape]
        filled = mould.filled(_strings(own)) if mould else None
        return filled or _texts(self._document(own))

    def _first(self, shape: Hashable, own: rules.Particulars) -> Texts:
        """What the libraries make of the first of a shape, and the mould kept if it agrees with them."""
        strings: list[str] = []
        with_slots = self._document(rules.Particulars(**slotted(vars(own), strings)))
        document = self._document(own)
        text = _texts(document, by_the_library(document))
        quads = template(by_the_library(with_slots), len(strings))
        mould = Mould(SLOT.sub(r"{\1}", braced(_json(with_slots))), quads, _json(document["@context"]))
        self.moulds[shape] = mould if mould.filled(_strings(own)) == text else None
        return text

    def _document(self, own: rules.Particulars) -> Json:
        return rules.document_of(self.issuer, self.achievement, own)


def badge_of(issuer: rules.Issuer, achievement: rules.Achievement) -> Badge:
    """The badge that says so, in the active language; the same each time, as long as it is remembered."""
    return _badge(issuer, achievement, get_language())


@lru_cache(maxsize=BADGES)
def _badge(issuer: rules.Issuer, achievement: rules.Achievement, _language: str | None) -> Badge:
    return Badge(issuer, achievement)


def _strings(own: rules.Particulars) -> list[str]:
    """What the slots stand for, in their order."""
    status = [value for name, value in own.status.items() if name not in TERMS]
    before, after = (own.address, own.subject, *status), (own.valid_until, own.result, own.narrative)
    return [*before, own.identity_hash, own.salt, own.valid_from, *(text for text in after if text is not None)]


def _texts(document: Json, quads: str = "") -> Texts:
    return Texts(_json(document), quads or canonical(document), _json(document["@context"]))


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

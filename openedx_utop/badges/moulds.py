"""What a signature covers, filled into the texts of a badge: only what one award alone says is written anew.

A badge's texts are made once, by the JSON and JSON-LD libraries, with slots for those strings; they are trusted only
after they have given, byte for byte, what the libraries give for the first credential of their shape.
"""

import json
import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import Any

from django.utils.translation import get_language

from openedx_utop.badges import rules
from openedx_utop.badges.proofs import Texts, by_the_library, canonical
from openedx_utop.badges.templates import Template, braced, slotted, template

Json = dict[str, Any]

MOULDS = 256
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


def texts(issuer: rules.Issuer, achievement: rules.Achievement, own: rules.Particulars) -> Texts:
    """Of the unsigned credential, in the active language; raises UnsignableDocument."""
    strings: list[str] = []
    shape = slotted(vars(own), strings)
    key = (issuer, achievement, str(shape), get_language())
    if key not in _known:
        with_slots = rules.document_of(issuer, achievement, rules.Particulars(**shape))
        return _first(key, rules.document_of(issuer, achievement, own), with_slots, strings)
    mould = _known[key]
    filled = mould.filled(strings) if mould else None
    return filled or _texts(rules.document_of(issuer, achievement, own))


def _first(key: Hashable, document: Json, with_slots: Json, strings: list[str]) -> Texts:
    """What the libraries make of the first of a shape, and the mould kept if it agrees with them."""
    text = _texts(document, by_the_library(document))
    quads = template(by_the_library(with_slots), len(strings))
    mould = Mould(SLOT.sub(r"{\1}", braced(_json(with_slots))), quads, _json(document["@context"]))
    if len(_known) >= MOULDS:
        _known.clear()
    _known[key] = mould if mould.filled(strings) == text else None
    return text


def _texts(document: Json, quads: str = "") -> Texts:
    return Texts(_json(document), quads or canonical(document), _json(document["@context"]))


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


_known: dict[Hashable, Mould | None] = {}

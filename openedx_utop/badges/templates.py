"""Canonical text by template: documents of one shape differ in their strings only, so JSON-LD is read once per shape.

What a template makes is the text of RDFC-1.0. It is trusted only after it has reproduced, byte for byte, what the
JSON-LD library makes of the first document of its shape; where it cannot decide, the library does.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

# What RFC 3986 lets stand in an address; anything else has to be percent-encoded before it is signed.
ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
# Members whose strings are terms of the contexts, which decide how the rest is read.
TERMS = frozenset({"type", "proofPurpose", "cryptosuite"})
# Implementations write these differently; they are cleaned away before signing, and somebody else's may hold them.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
SLOT = re.compile(r"utop-slot-(\d+)-")
# A slot where it stands: an address's scheme belongs to it.
PLACED = re.compile(rf'(?:(?<=[<"])[A-Za-z][A-Za-z0-9+.-]*:(?://)?)?{SLOT.pattern}')
BLANK = re.compile(r"_:(?:b\d+|c14n\d+)")
MARK = re.compile("\x00(\\d+)\x00")
TEMPLATES = 256

Json = dict[str, Any]
Library = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Template:
    """N-Quads with `{n}` where the n-th string of a document belongs, and marks for its blank nodes.

    `lines_of`: the lines, by number, in which each blank node stands.
    """

    quads: str
    lines_of: tuple[tuple[int, ...], ...]

    def text(self, strings: list[str]) -> str | None:
        """The canonical text of the document with these strings; None if its blank nodes cannot be told apart."""
        lines = self.quads.format(*map(_escaped, strings)).split("\n")
        labels = self._labels(lines)
        if labels is None:
            return None
        named = {MARK.sub(lambda mark: labels[int(mark[1])], line) for line in lines}
        return "\n".join([*sorted(named), ""])

    def _labels(self, lines: list[str]) -> list[str] | None:
        """Each blank node's canonical name, by the hash of the lines around it (RDFC-1.0, 4.6)."""
        hashes = [_first_degree(node, [lines[number] for number in own]) for node, own in enumerate(self.lines_of)]
        ranks = {digest: rank for rank, digest in enumerate(sorted(hashes))}
        return [f"_:c14n{ranks[digest]}" for digest in hashes] if len(ranks) == len(hashes) else None


class Templates:
    """The templates met so far, by shape; `library` makes the canonical text the long way."""

    def __init__(self, library: Library) -> None:
        """Without templates yet."""
        self._library = library
        self._known: dict[str, Template | None] = {}

    def canonical(self, document: Mapping[str, Any]) -> str:
        """The canonical text of a JSON-LD document; raises what the library raises."""
        strings: list[str] = []
        shape = _shape(document, strings)
        if any(map(CONTROL.search, strings)):
            return self._library(document)
        key = json.dumps(shape)
        if key not in self._known:
            return self._first(key, shape, document, strings)
        template = self._known[key]
        text = template.text(strings) if template else None
        return self._library(document) if text is None else text

    def _first(self, key: str, shape: Json, document: Mapping[str, Any], strings: list[str]) -> str:
        """The library's text of the first of a shape, and the template kept if it agrees with it."""
        text = self._library(document)
        template = _template(self._library(shape))
        if len(self._known) >= TEMPLATES:
            self._known.clear()
        self._known[key] = template if template.text(strings) == text else None
        return text


def _shape(value: Any, strings: list[str], *, constant: bool = False) -> Any:
    """The value with a slot for every string; what is a term, a number or a context stays."""
    if isinstance(value, Mapping):
        return {
            name: _shape(item, strings, constant=constant or name in TERMS or name.startswith("@"))
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_shape(item, strings, constant=constant) for item in value]
    if constant or not isinstance(value, str):
        return value
    strings.append(value)
    return _slot(value, len(strings) - 1)


def _slot(value: str, number: int) -> str:
    """A text that JSON-LD reads as it would read the value: an address of the same scheme, or no address."""
    if not ABSOLUTE_IRI.fullmatch(value):
        return f"utop-slot-{number}-"
    scheme, rest = value.split(":", 1)
    return f"{scheme}:{'//' if rest.startswith('//') else ''}utop-slot-{number}-"


def _template(quads: str) -> Template:
    """From the N-Quads of a shape."""
    nodes: dict[str, int] = {}
    lines_of: defaultdict[int, list[int]] = defaultdict(list)
    lines = []
    for number, line in enumerate(quads.rstrip("\n").split("\n")):
        braced = line.replace("{", "{{").replace("}", "}}")
        slotted = PLACED.sub(r"{\1}", braced)
        marked, node_numbers = _marked(slotted, nodes)
        for node in node_numbers:
            lines_of[node].append(number)
        lines.append(marked)
    return Template("\n".join(lines), tuple(tuple(lines_of[node]) for node in range(len(nodes))))


def _marked(line: str, nodes: dict[str, int]) -> tuple[str, set[int]]:
    found: set[int] = set()

    def mark(match: re.Match[str]) -> str:
        node = nodes.setdefault(match[0], len(nodes))
        found.add(node)
        return f"\x00{node}\x00"

    return BLANK.sub(mark, line), found


def _first_degree(node: int, lines: list[str]) -> str:
    itself = str(node)
    told = sorted(MARK.sub(lambda mark: "_:a" if mark[1] == itself else "_:z", line) for line in lines)
    return sha256("\n".join([*told, ""]).encode()).hexdigest()


def _escaped(value: str) -> str:
    """As N-Quads write a string; in an address none of these can stand."""
    return (
        value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r").replace('"', '\\"')
    )

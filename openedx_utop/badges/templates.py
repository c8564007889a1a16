"""Canonical text by template: documents of one shape differ in their strings only, so JSON-LD is read once per shape.

What a template makes is the text of RDFC-1.0. It is trusted only after it has reproduced, byte for byte, what the
JSON-LD library makes of the first document of its shape; where it cannot decide, the library does.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
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
ESCAPED = re.compile(r'[\\\t\n\r"]')
BLANK = re.compile(r"_:(?:b\d+|c14n\d+)")
FILLED = re.compile(r"\{\d+\}")
TEMPLATES = 256

Json = dict[str, Any]
Library = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Node:
    """A blank node: the lines in which it stands, itself written `_:a` and others `_:z` (RDFC-1.0, 4.6).

    `digest`: their hash, where no string of the document stands in them.
    """

    lines: str
    digest: str = ""

    def hash(self, strings: Sequence[str]) -> str:
        """Of the lines with these strings, which are escaped."""
        return self.digest or _digest(self.lines.format(*strings))


@dataclass(frozen=True)
class Template:
    """N-Quads with `{n}` where the n-th of a document's strings belongs; the labels of its blank nodes follow them."""

    quads: str
    nodes: tuple[Node, ...]

    def text(self, strings: Iterable[str]) -> str | None:
        """The canonical text of the document with these strings; None if its blank nodes cannot be told apart."""
        escaped = list(map(_escaped, strings))
        labels = self._labels(escaped)
        if labels is None:
            return None
        lines = sorted(self.quads.format(*escaped, *labels).split("\n"))
        return "\n".join([*dict.fromkeys(lines), ""])

    def _labels(self, strings: list[str]) -> list[str] | None:
        """Each blank node's canonical name, by the hash of the lines around it."""
        hashes = [node.hash(strings) for node in self.nodes]
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
        shape = slotted(document, strings)
        if any(map(CONTROL.search, strings)):
            return self._library(document)
        key = json.dumps(shape)
        if key not in self._known:
            return self._first(key, shape, document, strings)
        known = self._known[key]
        text = known.text(strings) if known else None
        return self._library(document) if text is None else text

    def _first(self, key: str, shape: Json, document: Mapping[str, Any], strings: list[str]) -> str:
        """The library's text of the first of a shape, and the template kept if it agrees with it."""
        text = self._library(document)
        filled = template(self._library(shape), len(strings))
        if len(self._known) >= TEMPLATES:
            self._known.clear()
        self._known[key] = filled if filled.text(strings) == text else None
        return text


def slotted(value: Any, strings: list[str], *, constant: bool = False) -> Any:
    """The value with a slot for every string, which joins `strings`; what is a term, a number or a context stays."""
    if isinstance(value, str):
        if constant:
            return value
        strings.append(value)
        return _slot(value, len(strings) - 1)
    if isinstance(value, Mapping):
        return {
            name: slotted(item, strings, constant=constant or name in TERMS or name.startswith("@"))
            for name, item in value.items()
        }
    return [slotted(item, strings, constant=constant) for item in value] if isinstance(value, list) else value


def _slot(value: str, number: int) -> str:
    """A text that JSON-LD reads as it would read the value: an address of the same scheme, or no address."""
    if not ABSOLUTE_IRI.fullmatch(value):
        return f"utop-slot-{number}-"
    scheme, rest = value.split(":", 1)
    return f"{scheme}:{'//' if rest.startswith('//') else ''}utop-slot-{number}-"


def template(quads: str, count: int) -> Template:
    """From the N-Quads of a shape, in which as many strings have slots."""
    numbers: dict[str, int] = {}
    lines_of: defaultdict[int, list[str]] = defaultdict(list)
    lines = []
    for line in sorted(quads.rstrip("\n").split("\n")):
        filled = PLACED.sub(r"{\1}", braced(line))
        lines.append(BLANK.sub(lambda node: f"{{{count + numbers.setdefault(node[0], len(numbers))}}}", filled))
        for name in set(BLANK.findall(filled)):
            lines_of[numbers[name]].append(_seen_from(name, filled))
    nodes = (_node(lines_of[number]) for number in range(len(numbers)))
    return Template("\n".join(lines), tuple(nodes))


def braced(text: str) -> str:
    """The text as `str.format` leaves it alone."""
    return text.replace("{", "{{").replace("}", "}}")


def _seen_from(name: str, line: str) -> str:
    return BLANK.sub(lambda node: "_:a" if node[0] == name else "_:z", line)


def _node(lines: list[str]) -> Node:
    text = "\n".join(lines)
    return Node(text) if FILLED.search(text) else Node(text, _digest(text.format()))


def _digest(lines: str) -> str:
    return sha256("\n".join([*sorted(lines.split("\n")), ""]).encode()).hexdigest()


def _escaped(value: str) -> str:
    """As N-Quads write a string; in an address none of these can stand."""
    if not ESCAPED.search(value):
        return value
    return (
        value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r").replace('"', '\\"')
    )

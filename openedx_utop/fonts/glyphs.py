"""Which characters the bundled fonts can draw: PDF/A forbids a text with a missing glyph, and a name can hold any."""

import struct
import unicodedata
from functools import cache
from pathlib import Path

PLACEHOLDER = "□"
UNICODE_FULL = (3, 10)


@cache
def drawable(font: Path) -> frozenset[int]:
    """The code points of an OpenType font, from the format 12 table of its character map."""
    data = font.read_bytes()
    table = _character_map(data)
    (groups,) = struct.unpack_from(">I", data, table + 12)
    ranges = (struct.unpack_from(">II", data, table + 16 + 12 * group) for group in range(groups))
    return frozenset(code for first, last in ranges for code in range(first, last + 1))


def shown(text: str, font: Path) -> str:
    """The text as the font can draw it: composed, else without its accent, else a placeholder."""
    composed, known = unicodedata.normalize("NFC", text), drawable(font)
    if known.issuperset(map(ord, composed)):
        return composed
    return "".join(character if ord(character) in known else _substitute(character, known) for character in composed)


def _substitute(character: str, known: frozenset[int]) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character) in {"Mn", "Cf", "Cc"}:
        return ""
    plain = unicodedata.normalize("NFKD", character)[0]
    return plain if ord(plain) in known else PLACEHOLDER


def _character_map(data: bytes) -> int:
    """Offset of the subtable that covers all of Unicode."""
    (tables,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * rank) for rank in range(tables))
    cmap = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (encodings,) = struct.unpack_from(">H", data, cmap + 2)
    subtables = (struct.unpack_from(">HHI", data, cmap + 4 + 8 * rank) for rank in range(encodings))
    return int(next(cmap + offset for *encoding, offset in subtables if tuple(encoding) == UNICODE_FULL))

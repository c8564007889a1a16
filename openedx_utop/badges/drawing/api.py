"""Pictures of badges drawn from a text, a symbol and the provider's colours; never one that nobody can read."""

import json
import threading
import unicodedata
from functools import cache
from pathlib import Path
from typing import cast

import typst
from django.utils.translation import gettext as _
from PIL import ImageFont

from openedx_utop.badges.drawing.data import COLOUR, SECOND_COLOUR, Drawing, Frame, Unreadable
from openedx_utop.badges.drawing.rules import Lettering, contrast, ink, lettering
from openedx_utop.badges.drawing.shapes import shapes, symbol_drawing
from openedx_utop.badges.drawing.symbols import SYMBOLS
from openedx_utop.fonts import FAMILY, FONTS, SEMIBOLD
from openedx_utop.fonts.glyphs import drawable

__all__ = [
    "COLOUR",
    "SECOND_COLOUR",
    "SYMBOLS",
    "Drawing",
    "Frame",
    "Unreadable",
    "contrast",
    "drawn",
    "symbol_drawing",
]

SOURCE = Path(__file__).parent / "badge.typ"
# What is measured here and what is drawn may differ by some kerning.
SPARE = 1.02

# A compiler is not safe between threads, and making one costs more than a picture.
_compilers = threading.local()


def drawn(drawing: Drawing) -> bytes:
    """A square PNG of 600 pixels, the same bytes for the same drawing. Raises Unreadable."""
    lettered = _lettering(drawing)
    picture = {
        "family": FAMILY,
        "ink": ink(drawing.colour),
        "shapes": shapes(drawing),
        "size": lettered.size,
        "lines": [{"words": line.words, "baseline": line.baseline} for line in lettered.lines],
    }
    png, warnings = _compiler().compile_with_warnings(sys_inputs={"picture": json.dumps(picture)}, format="png", ppi=72)
    if warnings:
        raise Unreadable(*warnings)
    return cast(bytes, png)


def _lettering(drawing: Drawing) -> Lettering:
    text = _letters(drawing.text)
    found = lettering(
        text,
        drawing.frame,
        _width,
        has_symbol=bool(SYMBOLS[drawing.symbol][1]),
        has_stars=bool(drawing.stars),
    )
    if found is None:
        raise Unreadable(
            _("“{text}” is too long to be read on a picture: write something shorter for the picture.").format(
                text=text[:80]
            )
        )
    return found


def _letters(text: str) -> str:
    """The text as the font can draw it, without emoji; another script is refused, for its words would have holes."""
    known = drawable(SEMIBOLD)
    composed = " ".join(unicodedata.normalize("NFC", text).split())
    missing = sorted({each for each in composed if ord(each) not in known and unicodedata.category(each)[0] in "LNM"})
    if missing:
        raise Unreadable(
            _("The letters of pictures lack {missing}: write the text otherwise, or upload a picture.").format(
                missing=" ".join(missing)
            )
        )
    kept = " ".join("".join(each for each in composed if ord(each) in known).split())
    if not kept:
        raise Unreadable(_("The picture needs a text of letters or figures."))
    return kept


def _width(text: str, size: int) -> float:
    return _font(size).getlength(text) * SPARE


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(SEMIBOLD), size)


def _compiler() -> typst.Compiler:
    made: dict[str, typst.Compiler] = _compilers.__dict__
    if "one" not in made:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        made["one"] = typst.Compiler(SOURCE, root=SOURCE.parent, font_paths=fonts)
    return made["one"]

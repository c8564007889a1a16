"""The frame, the symbol and the stars of a picture, as SVG."""

import math

from openedx_utop.badges.drawing.data import Drawing, Frame
from openedx_utop.badges.drawing.rules import INNER, MIDDLE, accent, ink
from openedx_utop.badges.drawing.symbols import SYMBOLS

OUTER = 292
SYMBOL_SIDE = 132
SYMBOL_TOP = 80
STAR_MIDDLE, STAR_RADIUS, STAR_STEP = 508, 20, 52


def shapes(drawing: Drawing) -> str:
    """All but the letters; the caller has checked the colours, nothing else of the author's enters."""
    parts = [
        _frame(drawing.frame, OUTER, ink(accent(drawing.second_colour, drawing.colour))),
        _frame(drawing.frame, OUTER - 6, accent(drawing.second_colour, drawing.colour)),
        _frame(drawing.frame, INNER + 14, drawing.colour),
        _symbol(drawing),
        *_stars(drawing),
    ]
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600">{"".join(parts)}</svg>'


def symbol_drawing(name: str) -> str:
    """The symbol by itself, in the colour of the text around it."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="32" height="32" aria-hidden="true">'
        f"{_strokes(name, 'currentcolor')}</svg>"
    )


def _frame(frame: Frame, radius: int, colour: str) -> str:
    if frame is Frame.DISC:
        return f'<circle cx="{MIDDLE}" cy="{MIDDLE}" r="{radius}" fill="{colour}"/>'
    if frame is Frame.PLATE:
        start, side = MIDDLE - radius, 2 * radius
        return f'<rect x="{start}" y="{start}" width="{side}" height="{side}" rx="{radius - 220}" fill="{colour}"/>'
    turns = (math.pi / 2 + math.pi / 3 * side for side in range(6))
    points = " ".join(
        f"{MIDDLE + radius * math.cos(turn):.1f},{MIDDLE - radius * math.sin(turn):.1f}" for turn in turns
    )
    return f'<polygon points="{points}" fill="{colour}"/>'


def _symbol(drawing: Drawing) -> str:
    colour = accent(drawing.second_colour, drawing.colour)
    place = f"translate({MIDDLE - SYMBOL_SIDE / 2} {SYMBOL_TOP}) scale({SYMBOL_SIDE / 24})"
    return f'<g transform="{place}">{_strokes(drawing.symbol, colour)}</g>'


def _strokes(name: str, colour: str) -> str:
    _words, path = SYMBOLS[name]
    if not path:
        return ""
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.2" stroke-linecap="round"'
        ' stroke-linejoin="round"/>'
    )


def _stars(drawing: Drawing) -> list[str]:
    colour = accent(drawing.second_colour, drawing.colour)
    first = MIDDLE - STAR_STEP * (drawing.stars - 1) / 2
    return [f'<polygon points="{_star(first + STAR_STEP * rank)}" fill="{colour}"/>' for rank in range(drawing.stars)]


def _star(middle: float) -> str:
    turns = [math.pi / 2 + math.pi / 5 * point for point in range(10)]
    radii = [STAR_RADIUS * (1 if point % 2 == 0 else 0.45) for point in range(10)]
    return " ".join(
        f"{middle + radius * math.cos(turn):.1f},{STAR_MIDDLE - radius * math.sin(turn):.1f}"
        for turn, radius in zip(turns, radii, strict=True)
    )

"""When a picture can be read: colours that differ, letters that are large enough. Lengths in 600ths of a side."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from openedx_utop.badges.drawing.data import Frame

# WCAG 2.2: of text (1.4.3), and of what is no text (1.4.11).
TEXT_CONTRAST, SHAPE_CONTRAST = 4.5, 3.0
WHITE, BLACK = "#ffffff", "#000000"
SIZES = range(88, 43, -4)
LINE = 1.08
MIDDLE = 300
# Where letters begin under a symbol, and end above the stars; else near the frame.
UNDER_SYMBOL, ABOVE_STARS = 226, 480
HIGHEST, LOWEST = 100, 500
MOST_LINES = 6
# From the middle of the picture to the inner side of its frame.
INNER = 252

# The width of a text in a size.
Measure = Callable[[str, int], float]


@dataclass(frozen=True)
class Line:
    """Some words, and the height of the line that they stand on, from the top."""

    words: str
    baseline: float


@dataclass(frozen=True)
class Lettering:
    """A text divided so that it fits in the frame, as large as it can be."""

    size: int
    lines: tuple[Line, ...]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2), from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ink(ground: str) -> str:
    """White or black, whichever is read better; the ratio is 4.58 at least, whatever the ground."""
    return max(WHITE, BLACK, key=lambda colour: contrast(colour, ground))


def accent(wanted: str, ground: str) -> str:
    """The colour wanted for what is no text, or the ink if it could not be told from the ground."""
    return wanted if contrast(wanted, ground) >= SHAPE_CONTRAST else ink(ground)


def lettering(
    text: str, frame: Frame, measure: Measure, *, has_symbol: bool = True, has_stars: bool = False
) -> Lettering | None:
    """The text in the largest size that fits; None if it does not fit in the smallest that can be read."""
    words = text.split()
    top, bottom = UNDER_SYMBOL if has_symbol else HIGHEST, ABOVE_STARS if has_stars else LOWEST
    for size in SIZES:
        for count in range(1, min(MOST_LINES, int((bottom - top) / size / LINE)) + 1):
            start = (top + bottom - count * size * LINE) / 2
            lines = _divided(words, size, [start + rank * size * LINE for rank in range(count)], frame, measure)
            if lines is not None:
                return Lettering(size, lines)
    return None


def room(frame: Frame, top: float, bottom: float) -> float:
    """How wide a line from top to bottom can be inside the frame."""
    away = max(abs(top - MIDDLE), abs(bottom - MIDDLE))
    if frame is Frame.PLATE:
        return INNER * 1.76
    if frame is Frame.HEXAGON:
        # It stands on a point: its sides are upright over half of its height.
        widest = INNER * math.sqrt(3) / 2
        return 2 * min(widest, (INNER - away) * math.sqrt(3))
    return 2 * math.sqrt(max(INNER**2 - away**2, 0))


def _divided(words: list[str], size: int, tops: list[float], frame: Frame, measure: Measure) -> tuple[Line, ...] | None:
    """The words in a line under each of these tops, each as full as it can be; None if they do not fit."""
    left, lines = list(words), []
    for top in tops:
        widest = room(frame, top, top + size)
        taken = 0
        while taken < len(left) and measure(" ".join(left[: taken + 1]), size) <= widest:
            taken += 1
        lines.append(Line(" ".join(left[:taken]), round(top + 0.8 * size, 1)))
        left = left[taken:]
    return None if left or not all(line.words for line in lines) else tuple(lines)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

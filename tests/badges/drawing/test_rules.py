"""What can be read: colours by contrast, letters by size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.badges.drawing.data import Frame
from openedx_utop.badges.drawing.rules import (
    ABOVE_STARS,
    INNER,
    LOWEST,
    MIDDLE,
    SIZES,
    UNDER_SYMBOL,
    accent,
    contrast,
    ink,
    lettering,
    room,
)

colours = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
words = st.text("abcdefghij", min_size=1, max_size=14)


def measure(text: str, size: int) -> float:
    return len(text) * size * 0.55


@given(colours)
def test_letters_can_be_read_on_any_colour(ground: str) -> None:
    assert contrast(ink(ground), ground) >= 4.5


@given(colours, colours)
def test_symbols_can_be_told_from_any_colour(wanted: str, ground: str) -> None:
    assert contrast(accent(wanted, ground), ground) >= 3
    assert accent(wanted, ground) in {wanted, ink(ground)}


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#ffffff", "#000000") == 21
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert accent("#e0b04a", "#17407f") == "#e0b04a"
    assert accent("#1a4585", "#17407f") == "#ffffff"


@given(st.lists(words, min_size=1, max_size=8), st.sampled_from(Frame), st.booleans(), st.booleans())
def test_every_line_is_inside_the_frame(text: list[str], frame: Frame, has_symbol: bool, has_stars: bool) -> None:
    found = lettering(" ".join(text), frame, measure, has_symbol=has_symbol, has_stars=has_stars)
    if found is None:
        return
    assert " ".join(line.words for line in found.lines).split() == text
    for line in found.lines:
        top = line.baseline - 0.8 * found.size
        assert measure(line.words, found.size) <= room(frame, top, top + found.size) + 0.1
        assert top >= (UNDER_SYMBOL if has_symbol else MIDDLE - INNER)
        assert top + found.size <= (ABOVE_STARS if has_stars else LOWEST) + 1


def test_letters_shrink_to_a_floor_and_no_further() -> None:
    sizes = [
        found and found.size for found in (lettering("mot " * count, Frame.DISC, measure) for count in (1, 5, 12, 60))
    ]
    assert sizes[0] == max(SIZES)
    assert sizes[0] > sizes[2] >= min(SIZES)  # type: ignore[operator]
    assert sizes[3] is None

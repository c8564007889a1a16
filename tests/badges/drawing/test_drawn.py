"""The pictures themselves, looked at pixel by pixel."""

import io

import pytest
from PIL import Image

from openedx_utop.badges.drawing.api import SYMBOLS, Drawing, Frame, Unreadable, contrast, drawn
from openedx_utop.badges.drawing.rules import accent, ink
from openedx_utop.badges.pictures import check_picture

GREEN, LIGHT = "#0d6641", "#ffe08a"


def opened(drawing: Drawing) -> Image.Image:
    return Image.open(io.BytesIO(drawn(drawing))).convert("RGBA")


def written(picture: Image.Image) -> set[str]:
    """The colours of whole pixels."""
    counted = picture.getcolors(maxcolors=1 << 20) or []
    return {"#{:02x}{:02x}{:02x}".format(*colour) for number, colour in counted if number > 40 and colour[3] == 255}


@pytest.mark.parametrize("frame", list(Frame))
def test_a_picture_that_wallets_show(frame: Frame) -> None:
    drawing = Drawing("Écoute active", "speech", frame, GREEN, LIGHT, stars=2)
    png = drawn(drawing)
    check_picture(png)
    assert png == drawn(drawing)
    picture = opened(drawing)
    assert picture.size == (600, 600)
    assert picture.getpixel((1, 1)) == (0, 0, 0, 0)
    assert {GREEN, LIGHT, "#ffffff"} <= written(picture)


@pytest.mark.parametrize("colours", [("#ffffff", "#fefefe"), ("#000000", "#111111"), ("#777777", "#808080")])
def test_colours_that_cannot_be_told_apart_are_replaced(colours: tuple[str, str]) -> None:
    ground, wanted = colours
    seen = written(opened(Drawing("Test", "star", Frame.DISC, ground, wanted)))
    assert {ground, ink(ground)} <= seen
    assert wanted not in seen
    assert contrast(accent(wanted, ground), ground) >= 3


def test_every_symbol_is_drawn() -> None:
    pictures = {drawn(Drawing("Test", symbol)) for symbol in SYMBOLS}
    assert len(pictures) == len(SYMBOLS)


def test_french_accents_are_letters_and_emoji_are_left_out() -> None:
    plain = drawn(Drawing("Œuvrer à l’été", "leaf"))
    assert drawn(Drawing("Œuvrer 🎉 a\u0300 l’e\u0301te\u0301\u200b", "leaf")) == plain
    assert drawn(Drawing("Oeuvrer a l’ete", "leaf")) != plain


@pytest.mark.parametrize(
    ("text", "named"),
    [("漢字 test", "字 漢"), ("🎉🎉", "lettres ou de chiffres"), ("mot " * 60, "trop long"), ("", "lettres ou")],
)
def test_what_nobody_could_read_is_refused(text: str, named: str) -> None:
    with pytest.raises(Unreadable, match=named):
        drawn(Drawing(text, "star"))

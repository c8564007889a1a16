"""The credential inside the picture, read back by Pillow as others would."""

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from openedx_utop.badges.baking import baked
from openedx_utop.badges.data import MalformedImage


def picture(**texts: str) -> bytes:
    extra = PngInfo()
    for keyword, text in texts.items():
        extra.add_itxt(keyword, text, zip=keyword.startswith("openbadge"))
    buffer = BytesIO()
    Image.new("RGB", (4, 3), "#2b5c8a").save(buffer, "PNG", pnginfo=extra)
    return buffer.getvalue()


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        found.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += length + 12
    return found


@settings(max_examples=50)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_the_text_comes_back_and_no_pixel_changes(text: str) -> None:
    image = Image.open(BytesIO(baked(picture(), text)))
    image.load()
    assert image.text["openbadgecredential"] == text
    assert image.tobytes() == Image.open(BytesIO(picture())).tobytes()


def test_one_uncompressed_chunk_right_after_the_header() -> None:
    kinds = chunks(baked(picture(), "é"))
    assert [kind for kind, _ in kinds][:2] == [b"IHDR", b"iTXt"]
    assert kinds[1][1] == b"openbadgecredential\0\0\0\0\0" + "é".encode()


def test_a_former_credential_is_replaced_and_other_texts_stay() -> None:
    image = Image.open(BytesIO(baked(picture(openbadgecredential="old", openbadgecredentials="other"), "new")))
    image.load()
    assert image.text == {"openbadgecredential": "new", "openbadgecredentials": "other"}
    assert baked(baked(picture(), "a"), "b") == baked(picture(), "b")


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", picture()[:-3], picture()[:20], picture()[:40] + b"?" + picture()[41:], picture() + b"tail"],
)
def test_what_is_not_a_whole_png_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedImage):
        baked(data, "text")


def test_the_checksum_is_right() -> None:
    png = baked(picture(), "text")
    length = struct.unpack(">I", png[33:37])[0]
    assert struct.unpack(">I", png[41 + length : 45 + length])[0] == zlib.crc32(png[37 : 41 + length])

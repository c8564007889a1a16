"""Putting a credential inside its PNG or SVG (Open Badges 3.0, baking), without touching what is drawn."""

import re
import struct
import zlib
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from openedx_utop.badges.data import MalformedImage

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
HOSTED_KEYWORD = b"openbadges"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
HOSTED_NAMESPACE = "http://openbadges.org"
ROOT_ELEMENT = re.compile(r"(<svg\b[^>]*[^>/])>")
HEADER_BYTES = 12  # length, type and checksum around the data of a chunk


def baked(png: bytes, text: str, keyword: bytes = KEYWORD) -> bytes:
    """The image with the text in one uncompressed iTXt chunk after its header, in place of any of the same keyword.

    Keywords: that of a credential (3.0), or that of its hosted twin (2.0).
    """
    header, *others = _chunks(png)
    kept = [chunk for chunk in others if not _has_keyword(chunk, keyword)]
    return b"".join([SIGNATURE, header, _text_chunk(keyword, text), *kept])


def baked_svg(svg: str, document: str, twin: str, *, address: str) -> str:
    """The drawing with the signed JSON as first child of its root, its hosted twin (2.0) and that one's address next.

    The JSON means the same, escapes included. Readers of either version look for one prefix, whatever it stands for.
    """
    root = ROOT_ELEMENT.search(svg)
    if root is None:
        raise MalformedImage
    credential = f"<openbadges:credential>{_cdata(document)}</openbadges:credential>"
    named = f'xmlns:openbadges="{HOSTED_NAMESPACE}" verify={quoteattr(address)}'
    assertion = f"<openbadges:assertion {named}>{_cdata(twin)}</openbadges:assertion>"
    return f'{svg[: root.end(1)]} xmlns:openbadges="{NAMESPACE}">{credential}{assertion}{svg[root.end() :]}'


def _cdata(text: str) -> str:
    inside = text.replace("]]>", r"]]\u003e")
    return f"<![CDATA[{inside}]]>"


def _chunks(png: bytes) -> Iterator[bytes]:
    if not png.startswith(SIGNATURE) or png[12:16] != b"IHDR":
        raise MalformedImage
    start = len(SIGNATURE)
    while start < len(png):
        chunk = png[start : start + HEADER_BYTES + int.from_bytes(png[start : start + 4], "big")]
        if len(chunk) < HEADER_BYTES or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            raise MalformedImage
        yield chunk
        start += len(chunk)


def _has_keyword(chunk: bytes, keyword: bytes) -> bool:
    return chunk[4:8] in {b"iTXt", b"tEXt", b"zTXt"} and chunk[8:].startswith(keyword + b"\0")


def _text_chunk(keyword: bytes, text: str) -> bytes:
    # After the keyword: not compressed, no method, no language, no translated keyword.
    body = b"iTXt" + keyword + b"\0" + b"\0\0" + b"\0" + b"\0" + text.encode()
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))

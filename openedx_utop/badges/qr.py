"""The square that leads from paper to the page where a badge is checked."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_code(address: str) -> SafeString:
    """The QR code of an address, as SVG for a page."""
    # The markup is segno's own, made of numbers; the address is only drawn.
    drawing = segno.make(address, error="m", micro=False).svg_inline(scale=4, light="#fff")
    return mark_safe(drawing)  # noqa: S308

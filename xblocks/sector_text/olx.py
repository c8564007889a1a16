"""A passage as OLX: an element for the default version, and one for each trade."""

from collections.abc import Mapping
from textwrap import dedent
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree  # type: ignore[import-untyped]

from xblocks.sector_text.versions import cleaned

DEFAULT, VERSION, SECTOR = "default", "version", "sector"


def written(node: Any, default: str, versions: Mapping[str, str]) -> None:
    """Add the versions to the element; HTML goes in as it is, for it is seldom XML."""
    if default:
        _carry(etree.SubElement(node, DEFAULT), default)
    for slug, html in sorted(versions.items()):
        _carry(etree.SubElement(node, VERSION, {SECTOR: slug}), html)


def taken_from(node: Any) -> tuple[str, dict[str, str]]:
    """Take the versions out of the element: the default, and the others by slug. Raises ValueError."""
    default, versions = "", {}
    for child in [child for child in node if isinstance(child.tag, str)]:
        slug = child.get(SECTOR, "")
        is_known = child.tag == DEFAULT or (child.tag == VERSION and slug)
        if not is_known or slug in versions or (child.tag == DEFAULT and default):
            raise ValueError(_unexpected(child))
        if child.tag == DEFAULT:
            default = _carried(child)
        else:
            versions[slug] = _carried(child)
        node.remove(child)
    return default, versions


def _carry(node: Any, html: str) -> None:
    node.text = html if "]]>" in html else etree.CDATA(html)


def _carried(node: Any) -> str:
    """Text, or elements that somebody wrote and indented by hand: they come as HTML, which has no <p/>."""
    parts = [node.text or ""]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in node]
    html = "".join(parts)
    return cleaned(dedent(html) if html[:1].isspace() else html)


def _unexpected(node: Any) -> str:
    return _("One <default>, and one <version sector=…> for each trade are expected, not: {element}").format(
        element=etree.tostring(node, encoding="unicode")[:80]
    )

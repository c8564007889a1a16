"""From a frozen context to a PDF, always by the version of the template that the document was issued with."""

import io
import json
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import segno
import typst

from openedx_utop.attestations.rules import canonical, sha256
from openedx_utop.fonts import FONTS, REGULAR
from openedx_utop.fonts.glyphs import shown

TEMPLATES = Path(__file__).parent / "typst"

# A compiler is not safe between threads, and making one costs more than a document.
_compilers = threading.local()


class UnsoundTemplate(Exception):
    """The compiler had something to warn of, such as a missing font: better no document than a wrong one."""


def render(context: Mapping[str, Any]) -> bytes:
    """A tagged PDF/A-3a and PDF/UA-1 file, with the context attached; the same bytes for the same context."""
    pdf, warnings = _compiler(context["template"]).compile_with_warnings(
        sys_inputs={
            "context": canonical(context).decode(),
            "shown": json.dumps(_drawable(context)),
            "sha256": sha256(context),
            "qr": _qr(context["verification_url"]),
        },
        format="pdf",
        pdf_standards=["a-3a", "ua-1"],
        timestamp=datetime.fromisoformat(context["issued_at"]["iso"]),
    )
    if warnings:
        raise UnsoundTemplate(*warnings)
    return cast(bytes, pdf)


def _compiler(version: str) -> typst.Compiler:
    made: dict[str, typst.Compiler] = _compilers.__dict__.setdefault("made", {})
    if version not in made:
        root = TEMPLATES / version
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        made[version] = typst.Compiler(root / "attestation.typ", root=root, font_paths=fonts)
    return made[version]


def _drawable(value: Any) -> Any:
    """The same JSON, with every text as the font can draw it."""
    if isinstance(value, Mapping):
        return {key: _drawable(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_drawable(held) for held in value]
    return shown(value, REGULAR) if isinstance(value, str) else value


def _qr(address: str) -> str:
    svg = io.BytesIO()
    segno.make(address, error="m").save(svg, kind="svg", border=0, dark="#16324f", xmldecl=False)
    return svg.getvalue().decode()

"""What a certificate costs, beside the smallest document that the same compiler can make to the same standards."""

import itertools
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import typst

from bench.figures import Figure, per_second
from openedx_utop.attestations import api
from openedx_utop.compat import platform
from openedx_utop.fonts import FONTS
from tests.attestations.factories import finished_path
from tests.host import InMemoryPlatform

CERTIFICATES = 100
LINE = """#set document(title: "Line", date: auto)
#set text(lang: "fr", font: "Source Sans 3")
Line #sys.inputs.number."""


def figures() -> Iterator[Figure]:
    """PDF of sixteen modules, read from the database and rendered, against PDF of one line; no two the same."""
    ours, floor = per_second(_certificate()), per_second(_line())
    print(f"  {ours:.1f} certificates/s, {floor:.1f} documents of one line/s", file=sys.stderr)
    yield Figure("attestations.pdf_vs_one_line", ours / floor, 0.04)


def _certificate() -> Callable[[], object]:
    host = platform()
    if not isinstance(host, InMemoryPlatform):
        raise TypeError(host)
    award = finished_path(host)
    issued = [api.issue_attestation(**{**award, "award_uuid": uuid4()}).uuid for _ in range(CERTIFICATES)]
    turn = itertools.cycle(issued)
    return lambda: api.pdf(next(turn))


def _line() -> Callable[[], object]:
    source = Path(tempfile.mkdtemp()) / "line.typ"
    source.write_text(LINE, encoding="utf-8")
    compiler = typst.Compiler(source, font_paths=typst.Fonts(include_system_fonts=False, font_paths=[FONTS]))
    number = itertools.count()
    return lambda: compiler.compile(
        format="pdf",
        sys_inputs={"number": str(next(number))},
        pdf_standards=["a-3a", "ua-1"],
        timestamp=datetime(2026, 11, 1, tzinfo=UTC),
    )

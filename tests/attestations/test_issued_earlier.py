"""What was issued by a version of the template must render for as long as the law keeps it.

Never change a file in `issued/`: a template that needs other facts is a new version, beside the former.
"""

import io
import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from openedx_utop.attestations.rendering import render

ISSUED = sorted((Path(__file__).parent / "issued").glob("*.json"))


@pytest.mark.parametrize("path", ISSUED, ids=lambda path: path.stem)
def test_a_context_frozen_earlier_still_renders(path):
    context = json.loads(path.read_text(encoding="utf-8"))
    pages = PdfReader(io.BytesIO(render(context))).pages
    said = " ".join(" ".join(page.extract_text().split()) for page in pages)
    for fact in (context["number"], context["learner"]["name"], context["durations"]["connection"]["clock"]):
        assert fact in said

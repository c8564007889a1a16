"""The documents kept with corrections: which are admitted, and how they are stored."""

import hashlib
from typing import Final

from django.conf import settings
from django.core.files.base import ContentFile

from openedx_utop.attendance.corrections.data import EvidenceAltered, EvidenceRefused, Upload
from openedx_utop.attendance.corrections.models import Correction

# By their first bytes: what a file is called proves nothing.
ADMITTED: Final = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
LONGEST_NAME: Final = 255


def media_type(content: bytes) -> str:
    """PDF, PNG or JPEG, by the content; raises EvidenceRefused for anything else."""
    for start, found in ADMITTED.items():
        if content.startswith(start):
            return found
    raise EvidenceRefused


def check(upload: Upload) -> None:
    """Raises EvidenceRefused if it is too large (`UTOP_EVIDENCE_MAX_BYTES`) or of a kind that is not admitted."""
    if len(upload.content) > settings.UTOP_EVIDENCE_MAX_BYTES:
        raise EvidenceRefused
    media_type(upload.content)


def attach(correction: Correction, upload: Upload) -> None:
    """Store the document beside a correction that is not written yet."""
    correction.evidence_name = _plain_name(upload.name)
    correction.evidence_sha256 = hashlib.sha256(upload.content).hexdigest()
    correction.evidence_names_others = upload.names_others
    correction.evidence_file.save(upload.name, ContentFile(upload.content), save=False)


def discard(correction: Correction) -> None:
    """Delete the document, if there is one; before the row goes, so that none is left that nothing names."""
    if correction.evidence_file:
        correction.evidence_file.delete(save=False)


def read(correction: Correction) -> bytes:
    """The stored document; raises EvidenceAltered if it is not the one whose SHA-256 was recorded."""
    try:
        with correction.evidence_file.open("rb") as file:
            content = bytes(file.read())
    except OSError as gone:
        raise EvidenceAltered from gone
    if hashlib.sha256(content).hexdigest() != correction.evidence_sha256:
        raise EvidenceAltered
    return content


def _plain_name(name: str) -> str:
    """The last part of a path, without control characters, with its end kept if it is long."""
    last = name.replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    return "".join(character for character in last if character.isprintable())[-LONGEST_NAME:] or "document"

"""What the attestations domain says to others."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from opaque_keys.edx.keys import CourseKey


@dataclass(frozen=True)
class Reference:
    """Another document: its public identifier, and the number printed on it."""

    uuid: UUID
    number: str


@dataclass(frozen=True)
class AttestationFacts:
    """One issued document. The three durations, in seconds, are never merged and always shown with their names.

    `certified_seconds`: None on those issued before it was stated. `replaced_by`: the document that holds in its place,
    if time was corrected since.
    """

    uuid: UUID
    number: str
    award_uuid: UUID
    user_id: int
    course_key: CourseKey
    issued_at: datetime
    holder_name: str
    name_is_public: bool
    provider_name: str
    action_title: str
    estimated_seconds: int
    realised_seconds: int
    connection_seconds: int
    context_sha256: str
    certified_seconds: int | None = None
    replaces: Reference | None = None
    replaced_by: Reference | None = None


@dataclass(frozen=True)
class ErasedFacts:
    """What is left of a document: that it was issued, and with which content, by its SHA-256; no longer of whom.

    `replaced_by`: the number of the document that held in its place, empty if none did. `years`: for how many it was
    kept at least, from the end of the year of the last document of its award, or of the action if that ended later.
    """

    uuid: UUID
    number: str
    issued_at: datetime
    context_sha256: str
    erased_at: datetime
    years: int
    replaced_by: str = ""


@dataclass(frozen=True)
class OverDocument:
    """The latest document of an award, when it was issued, and for how many years it was to be kept."""

    award_uuid: UUID
    number: str
    course: str
    issued_on: date
    years: int


@dataclass(frozen=True)
class ErasedDocuments:
    """How many documents were erased, and the numbers of those that were altered, which stay."""

    erased: int
    altered: tuple[str, ...]


class UnknownAttestation(LookupError):
    """No such document, or not this person's."""


class CannotAttest(Exception):
    """The account or the training action that the award speaks of is gone, or the document was erased when its time
    was over, so that nothing can be attested.
    """


class AlteredContext(Exception):
    """The stored context no longer has the SHA-256 it was issued with: it must not be rendered."""

"""What the verification domain says to others."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What can be verified."""

    CREDENTIAL = "credential"
    ATTESTATION = "attestation"


class Status(StrEnum):
    """What verification finds. Altered: it was issued here, and what is stored is no longer what was issued.

    Superseded: it was issued here and is unaltered, and another document holds in its place. Hidden: it was issued
    here, and its holder shows it to nobody. Erased: it was issued here, and was kept for as long as the law asks.
    """

    AUTHENTIC = "authentic"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    EXPIRED = "expired"
    HIDDEN = "hidden"
    ALTERED = "altered"
    ERASED = "erased"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Skill:
    """A skill of a public framework, with the framework's own address of it."""

    framework: str
    name: str
    url: str


@dataclass(frozen=True)
class Endorsement:
    """What another organisation signed about the badge, its issuer, or this holder's award.

    `status` as `badges.EndorsementStatus` has it.
    `host`: the server that says whose key it is, empty if none does. `checked_at`: when its status list last answered.
    """

    endorser: str
    host: str
    name: str
    url: str
    comment: str
    since: datetime
    status: str
    is_of_issuer: bool = False
    is_of_award: bool = False
    checked_at: datetime | None = None


@dataclass(frozen=True)
class Badge:
    """What an authentic, revoked or expired credential says, read from the signed text.

    `is_revoked`: by the published status list, whose signature holds too; None if none is to be believed.

    `criteria` is Markdown, `status_list` the URL where its status is looked up, empty if it was issued without one;
    `valid_until` is None if it does not expire; `trade` and `level` are empty if it is of none.
    """

    title: str
    issuer_name: str
    issuer_id: str
    issued_at: datetime
    holder: str
    description: str
    criteria: str
    status_list: str = ""
    is_revoked: bool | None = None
    has_token: bool = False
    valid_until: datetime | None = None
    trade: str = ""
    level: str = ""
    skills: tuple[Skill, ...] = ()
    endorsements: tuple[Endorsement, ...] = ()


@dataclass(frozen=True)
class Certificate:
    """What an attestation says; durations in seconds, never merged. Certified: None where it does not state it."""

    title: str
    issuer_name: str
    issued_at: datetime
    holder: str
    number: str
    estimated_seconds: int
    realised_seconds: int
    connection_seconds: int
    context_sha256: str
    certified_seconds: int | None = None


@dataclass(frozen=True)
class Revocation:
    """When it was revoked, and why, in the issuer's words."""

    at: datetime
    reason: str


@dataclass(frozen=True)
class Successor:
    """What holds in place of a superseded certificate, or of a revoked badge, which has no number."""

    uuid: UUID
    number: str


@dataclass(frozen=True)
class Erasure:
    """What is left of a certificate that was erased, after how many years; `replaced_by`: a number, or empty."""

    at: datetime
    years: int
    number: str
    issued_at: datetime
    context_sha256: str
    replaced_by: str


@dataclass(frozen=True)
class Verification:
    """The answer about one identifier.

    `shown` is there unless its holder hides it, or it is altered, erased or unknown; `revocation` if it is revoked,
    `erasure` if it was erased, `successor` if it is superseded, or revoked for another one; `kind` is None if it is
    unknown.
    """

    uuid: UUID
    status: Status
    checked_at: datetime
    kind: Kind | None = None
    shown: Badge | Certificate | None = None
    revocation: Revocation | None = None
    successor: Successor | None = None
    erasure: Erasure | None = None

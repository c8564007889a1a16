"""What the sectors domain says to others."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class SectorError(Exception):
    """The base of what the domain refuses; the message is a sentence for the person who asked."""


class UnknownSector(SectorError):
    """No sector has this slug."""


class NotEnrolled(SectorError):
    """The learner has no active enrolment in the course."""


class TrackUnavailable(SectorError):
    """The sector is withdrawn, or has no track in this course, or its content group is missing."""


class CohortsInUse(TrackUnavailable):
    """The course, or the learner, has cohorts that serve another purpose: nobody is taken out of them."""


class SectorInUse(SectorError):
    """Learners, rules, tracks or branches hold the sector: it can be withdrawn, not removed."""


class SectorLoop(SectorError):
    """A sector cannot be placed under itself or one of its branches."""


@dataclass(frozen=True)
class SectorFacts:
    """A trade of the operator's tree; `level` is 0 at the top. Withdrawn: no longer offered to new learners."""

    slug: str
    name: str
    parent: str | None
    level: int
    is_offered: bool


@dataclass(frozen=True)
class Rule:
    """Companies with this IDCC, or with a NAF code that starts so, belong to the sector of this slug.

    `valid_to` is the last day included; None: open.
    """

    kind: str
    code: str
    sector: str
    valid_from: date
    valid_to: date | None
    source: str = ""


class ProposalStatus(StrEnum):
    """What the company says about the sector."""

    RESOLVED = "resolved"
    AMBIGUOUS = "ambiguous"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True)
class Proposal:
    """The sector that a company leads to in one course, with one sentence for the learner.

    `candidates`: the matches when there are several, else every sector offered in the course.
    """

    status: ProposalStatus
    sector: SectorFacts | None
    candidates: tuple[SectorFacts, ...]
    message: str


class ConflictKind(StrEnum):
    """What disturbs tracks in a course."""

    COHORTS = "cohorts"
    DISCUSSIONS = "discussions"
    TEAMS = "teams"


@dataclass(frozen=True)
class TrackConflict:
    """What a course has that tracks would disturb, or that disturbs tracks, in a sentence for its author.

    `blocks`: tracks are not opened in the course as long as this is so.
    """

    kind: ConflictKind
    message: str
    blocks: bool


@dataclass(frozen=True)
class LineError:
    """What is wrong with one line of a file, counted from 1."""

    line: int
    message: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did, in rules; with any error nothing was imported."""

    created: int
    updated: int
    unchanged: int
    errors: tuple[LineError, ...]

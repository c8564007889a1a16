"""What the sectors domain says to others."""

from dataclasses import dataclass
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


class SectorLocked(SectorError):
    """The learner holds another sector, and the day to change by themselves has passed."""


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


class ProposalStatus(StrEnum):
    """What is known of the learner's sector, and so what happens next.

    RESOLVED: confirm it. AMBIGUOUS: choose among the candidates. UNRESOLVED: choose, an adviser confirms.
    UNAVAILABLE: the register does not answer, choose or come back. CLOSED: the company is, see an adviser.
    NON_DIFFUSIBLE: its name is masked, its facts are used. DECLARED: its facts are its own word.
    OVERRIDDEN: the staff decided.
    """

    RESOLVED = "resolved"
    AMBIGUOUS = "ambiguous"
    UNRESOLVED = "unresolved"
    UNAVAILABLE = "unavailable"
    CLOSED = "closed"
    NON_DIFFUSIBLE = "non_diffusible"
    DECLARED = "declared"
    OVERRIDDEN = "overridden"


class ProposalMethod(StrEnum):
    """What led to the sector: a rule on the company's agreement, OPCO or activity, or a person alone."""

    IDCC = "idcc"
    OPCO = "opco"
    NAF = "naf"
    MANUAL = "manual"


class Confidence(StrEnum):
    """How far the proposal can be trusted: by agreement, by OPCO, by activity or by somebody's word."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Proposal:
    """The sector that a company leads to in one course, with one sentence for the learner: what to do next.

    `sector` may be there with NON_DIFFUSIBLE, DECLARED and OVERRIDDEN, too. `candidates`: the matches when there are
    several, else every sector offered in the course. If OVERRIDDEN, `decided_by` is the LMS user id of who did, and
    `reason` why.
    """

    status: ProposalStatus
    sector: SectorFacts | None
    candidates: tuple[SectorFacts, ...]
    message: str
    method: ProposalMethod = ProposalMethod.MANUAL
    confidence: Confidence = Confidence.LOW
    decided_by: int | None = None
    reason: str = ""

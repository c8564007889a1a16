"""What the corrections of attendance say to others, and what they refuse."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from opaque_keys.edx.keys import CourseKey, UsageKey


@dataclass(frozen=True)
class CorrectionFacts:
    """A correction that counts: `seconds` more or less on one day, in one module or in none in particular.

    `decided_at`: when it began to count.
    """

    uuid: UUID
    day: date
    module_key: UsageKey | None
    seconds: int
    reason_code: str
    text: str
    decided_at: datetime


class State(StrEnum):
    """Where a correction stands. Only an effective one counts."""

    EFFECTIVE = "effective"
    PENDING = "pending"
    REFUSED = "refused"


@dataclass(frozen=True)
class Evidence:
    """The document kept with a correction. `names_others`: it speaks of other people, so the learner cannot open it."""

    name: str
    sha256: str
    names_others: bool


@dataclass(frozen=True)
class Decision:
    """What the second person said."""

    is_accepted: bool
    why: str
    decided_by: int
    decided_at: datetime


@dataclass(frozen=True)
class CorrectionRecord:
    """A correction as it was written, and what became of it."""

    uuid: UUID
    user_id: int
    course_key: CourseKey
    day: date
    module_key: UsageKey | None
    seconds: int
    reason_code: str
    text: str
    author_id: int
    author_role: str
    recorded_at: datetime
    needs_second_person: bool
    after_issue: bool
    state: State
    evidence: Evidence | None = None
    decision: Decision | None = None


@dataclass(frozen=True)
class NewCorrection:
    """What a member of the staff wants written down; `seconds` may be negative."""

    day: date
    module_key: UsageKey | None
    seconds: int
    reason_code: str
    text: str


@dataclass(frozen=True)
class Upload:
    """A document as it was sent."""

    name: str
    content: bytes
    names_others: bool = False


@dataclass(frozen=True)
class Answer:
    """What the staff answered to a contest, with the correction that followed, if one did."""

    words: str
    correction_uuid: UUID | None
    answered_by: int
    answered_at: datetime


@dataclass(frozen=True)
class ContestRecord:
    """A figure that a learner contests: what was counted then, what they say it should be, and the answer."""

    uuid: UUID
    user_id: int
    course_key: CourseKey
    day: date | None
    module_key: UsageKey | None
    shown_seconds: int
    claimed_minutes: int
    words: str
    contested_at: datetime
    answer: Answer | None = None


class CorrectionError(Exception):
    """The base of what is refused."""


class NotStaff(CorrectionError):
    """Only the staff of the course corrects, decides and answers."""


class OwnTime(CorrectionError):
    """Nobody corrects their own time, nor decides or answers about it."""


class OwnCorrection(CorrectionError):
    """The second person must be another than the author."""


class NoSuchLearner(CorrectionError):
    """The account neither is enrolled in the course nor was ever present in it."""


class NoSuchModule(CorrectionError):
    """The module is not of this course."""


class UnknownCorrection(CorrectionError):
    """No such correction, or not in this course."""


class UnknownContest(CorrectionError):
    """No such contest, or not in this course."""


class AlreadyDecided(CorrectionError):
    """Somebody decided first, or nobody had to."""


class AlreadyAnswered(CorrectionError):
    """Somebody answered first."""


class TooManyContests(CorrectionError):
    """The learner has as many unanswered contests in the course as are admitted."""


class EvidenceRefused(CorrectionError):
    """The document is too large, empty, or of a kind that is not admitted."""


class EvidenceAltered(CorrectionError):
    """The stored document is gone, or is no longer the one whose SHA-256 was recorded."""


class Impossible(CorrectionError):
    """The base of what cannot have happened."""


class NoChange(Impossible):
    """Zero seconds."""


class InTheFuture(Impossible):
    """The day has not come yet."""


class OutsideAction(Impossible):
    """The day lies outside the dates of the training action, or the course is none."""


class BelowZero(Impossible):
    """More would be withdrawn than there is, counting what waits for a second person. `available`: in seconds."""

    def __init__(self, available: int) -> None:
        super().__init__(f"{available} s left")
        self.available = available


class LongerThanADay(Impossible):
    """The day would hold more than twenty-four hours, counting what waits for a second person."""

"""What the enrolment domain says to others."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from opaque_keys.edx.keys import CourseKey


class EnrolmentError(Exception):
    """The base of what the domain refuses; the message is a sentence for the person who asked."""


class BadList(EnrolmentError):
    """A list that cannot be read at all."""


class UnknownSeat(EnrolmentError):
    """No such seat, or not of a company that the person answers for."""


class SeatSettled(EnrolmentError):
    """What was asked cannot be done to a seat in its present state."""


class ReasonNeeded(SeatSettled):
    """An accepted seat is taken back with a reason only."""


class InvitationRefused(EnrolmentError):
    """An invitation that cannot be accepted: unknown, expired, withdrawn or taken."""


class OtherAddress(InvitationRefused):
    """The account has another e-mail address than the invitation, and nobody has confirmed it yet."""


class Verdict(StrEnum):
    """What becomes of a line of a list. None of them says whether an account exists."""

    SEAT = "seat"
    WAITING = "waiting"
    LISTED = "listed"
    DUPLICATE = "duplicate"
    MALFORMED = "malformed"
    BAD_EMAIL = "bad_email"
    BAD_SIRET = "bad_siret"
    OTHER_COMPANY = "other_company"
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN_SECTOR = "unknown_sector"
    UNKNOWN_LEVEL = "unknown_level"


@dataclass(frozen=True)
class Line:
    """A line of a list, by its number from 1, as written less the spaces around; too many columns: `surplus`."""

    number: int
    email: str = ""
    last_name: str = ""
    first_name: str = ""
    siret: str = ""
    sector: str = ""
    level: str = ""
    surplus: bool = False


@dataclass(frozen=True)
class Judged:
    """A line with its verdict; None: a seat may be given, and only the seats say which.

    `explanation`: a sentence where the verdict alone does not say what to do.
    """

    line: Line
    verdict: Verdict | None = None
    explanation: str = ""

    def placed(self, verdict: Verdict) -> "Judged":
        """The same line, settled."""
        return replace(self, verdict=verdict)


@dataclass(frozen=True)
class Terms:
    """What lines are held against: the slugs of sectors by their names in any writing, whose list it is, who may not.

    `company`: a SIRET, or empty for a list of no company. `refused`: SIRET → sentence.
    """

    sectors: dict[str, str]
    company: str = ""
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Desk:
    """In whose name somebody enrols people in a course: the course's staff for anyone, HR for one company.

    `company`: the SIRET whose seats are given; empty: the course's own, which no company holds.
    """

    user_id: int
    course_key: CourseKey
    company: str
    company_name: str
    is_staff: bool


@dataclass(frozen=True)
class Seats:
    """The seats of a company in a course. `capacity` None: as many as are asked for."""

    capacity: int | None
    taken: int
    waiting: int

    @property
    def free(self) -> int | None:
        """How many more may be given; none while somebody waits."""
        if self.capacity is None:
            return None
        return 0 if self.waiting else max(0, self.capacity - self.taken)


@dataclass(frozen=True)
class SeatFacts:
    """A seat: for whom, and how far it is. Name and address are empty once they are erased.

    `state` is a value of `models.SeatState`; `expires_at` that of the invitation in force, if there is one; `reason`
    why an accepted seat was taken back.
    """

    uuid: UUID
    course_key: CourseKey
    company: str
    email: str
    last_name: str
    first_name: str
    state: str
    rank: int
    changed_at: datetime
    reason: str = ""
    expires_at: datetime | None = None
    sent_at: datetime | None = None

    def has_expired(self, now: datetime) -> bool:
        """Whether the invitation is too old to be accepted."""
        return self.state == "invited" and self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True)
class ListFacts:
    """A list that was applied, with the verdicts of the lines dealt with; `is_finished`: no line is left to do.

    `line_count`: of all lines. `is_going_on`: what is left to do is known here, and need not be pasted again.
    """

    uuid: UUID
    course_key: CourseKey
    company: str
    pasted_by: int
    pasted_at: datetime
    is_finished: bool
    lines: tuple[Judged, ...]
    line_count: int = 0
    is_going_on: bool = False


@dataclass(frozen=True)
class InvitationFacts:
    """An invitation that may be accepted."""

    course_key: CourseKey
    course_title: str
    company_name: str
    email: str
    expires_at: datetime
    is_accepted: bool

"""What the attendance domain says to others, and what it refuses."""

from dataclasses import dataclass
from datetime import date, datetime

from opaque_keys.edx.keys import CourseKey, UsageKey


@dataclass(frozen=True)
class Lease:
    """Who may report presence, and where; `issued_at` in milliseconds since 1970.

    `idle`: the silence admitted there, in milliseconds; None for the platform's own.
    """

    user_id: int
    course_key: CourseKey
    module_key: UsageKey
    unit_key: UsageKey
    issued_at: int
    idle: int | None = None


@dataclass(frozen=True)
class UnitLease:
    """The signed lease of a rendered unit, and the silence that it admits there, in seconds."""

    lease: str
    idle_seconds: int


@dataclass(frozen=True)
class BeatAnswer:
    """What a beat led to: `credited`, `recorded` or `duplicate`; seconds credited, seconds to the next, a new lease."""

    status: str
    credited: float
    next: int
    lease: str


@dataclass(frozen=True)
class CourseTime:
    """The connection time of one learner in one course, in seconds; modules and weeks each add up to the total.

    `by_week` starts on Mondays of the official time zone and holds the weeks with presence only. A connection
    lasts until thirty minutes pass without presence. `offline_seconds`, of the total, were reported after an outage.
    """

    total_seconds: int
    by_module: dict[UsageKey, int]
    by_week: tuple[tuple[date, int], ...]
    connections: int
    first: datetime | None
    last: datetime | None
    offline_seconds: int = 0


class MalformedBeat(ValueError):
    """The beat is not what beat.js sends; the message says where."""


class NoLength(ValueError):
    """The body comes in pieces, and nobody knows how many."""


class BodyTooLarge(ValueError):
    """The beat is larger than any honest one."""


class BadLease(ValueError):
    """The lease was not signed here, or belongs to somebody else."""


class ExpiredLease(BadLease):
    """The lease was signed here, too long ago."""


class NotEnrolled(ValueError):
    """The learner is no longer enrolled in the course."""


class TooManyBeats(RuntimeError):
    """The tab, or the learner's tabs together, report too often."""

    def __init__(self, retry_after: int) -> None:
        """`retry_after`: whole seconds."""
        super().__init__(f"too many beats, retry after {retry_after} s")
        self.retry_after = retry_after


class RecorderBusy(RuntimeError):
    """Other beats of the same learner kept coming first: nothing was written, the next beat makes up for it."""

    retry_after = 1

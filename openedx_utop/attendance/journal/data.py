"""What the sealed journal says to others, and what it refuses."""

from dataclasses import dataclass
from datetime import date

from openedx_utop.attendance.journal.check_journal import Defect
from openedx_utop.attendance.journal.rules import is_kept_long_enough

__all__ = ["DayNotOver", "Defect", "Erasure", "LaterDaySealed", "SealFacts", "Term", "Verification"]


@dataclass(frozen=True)
class SealFacts:
    """A seal as it is published; hash, root and signature in hexadecimal. `rows`: all those of the journal then."""

    number: int
    day: date
    rows: int
    root: str
    hash: str
    key: str
    signature: str


@dataclass(frozen=True)
class Verification:
    """What was read; `milliseconds`: presence rebuilt from the rows; `is_whole`: all rows, and the seals."""

    rows: int
    seals: int
    milliseconds: int
    is_whole: bool


@dataclass(frozen=True)
class Erasure:
    """What one transaction of an erasure did: chains erased, tombstones written, chains whose tombstone still waits
    for its seal or for the answer to a contest, and the numbers of those whose rows do not hold, which stay.
    """

    erased: int = 0
    buried: int = 0
    waiting: int = 0
    altered: tuple[int, ...] = ()


@dataclass(frozen=True)
class Term:
    """For how many years the evidence of a course is kept, and from which day on at the earliest."""

    years: int
    ended: date

    def is_over(self, last: date, today: date) -> bool:
        """Whether what this was the last day of may go."""
        return is_kept_long_enough(max(last, self.ended), self.years, today)


class DayNotOver(ValueError):
    """A day is sealed once it is over."""


class LaterDaySealed(ValueError):
    """Seals follow each other in order of days: one cannot come between."""

"""What the sealed journal says to others, and what it refuses."""

from dataclasses import dataclass
from datetime import date

from openedx_utop.attendance.journal.check_journal import Defect

__all__ = ["DayNotOver", "Defect", "LaterDaySealed", "SealFacts", "Verification"]


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


class DayNotOver(ValueError):
    """A day is sealed once it is over."""


class LaterDaySealed(ValueError):
    """Seals follow each other in order of days: one cannot come between."""

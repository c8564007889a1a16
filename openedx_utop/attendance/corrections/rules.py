"""Whether a correction can have happened, and whether one person may decide it alone: facts in, facts out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openedx_utop.attendance.corrections.data import (
    BelowZero,
    InTheFuture,
    LongerThanADay,
    NewCorrection,
    NoChange,
    OutsideAction,
    State,
)

DAY_SECONDS = 86_400
SLICING_WINDOW = timedelta(hours=24)


@dataclass(frozen=True)
class Earlier:
    """A correction of the same learner that was written before.

    `module`: the subsection's key as text, empty for none; `course`: likewise. `alone`: nobody else had to decide.
    """

    course: str
    day: date
    module: str
    seconds: int
    author_id: int
    recorded_at: datetime
    alone: bool
    state: State


@dataclass(frozen=True)
class Measured:
    """Whole seconds measured on the day of a correction: in its course, in its module, in all courses together."""

    course_seconds: int
    module_seconds: int
    person_seconds: int


def needs_second_person(
    new: NewCorrection,
    earlier: Iterable[Earlier],
    *,
    author_id: int,
    now: datetime,
    threshold_seconds: int,
    document_issued: bool,
) -> bool:
    """Whether the author may not decide alone.

    What the same author already decided alone for the same day, or within twenty-four hours, counts with it, whatever
    its sign, so that a large correction cannot be written in slices.
    """
    alone = sum(
        abs(each.seconds)
        for each in earlier
        if each.alone
        and each.author_id == author_id
        and (each.day == new.day or now - each.recorded_at <= SLICING_WINDOW)
    )
    return document_issued or alone + abs(new.seconds) > threshold_seconds


def check_day(day: date, *, today: date, first: date, last: date) -> None:
    """Raises InTheFuture, or OutsideAction for a day outside the dates that the training had on it."""
    if day > today:
        raise InTheFuture
    if not first <= day <= last:
        raise OutsideAction


def check_amount(new: NewCorrection, earlier: Iterable[Earlier], measured: Measured, *, course: str) -> None:
    """Raises NoChange, BelowZero or LongerThanADay.

    What waits for a second person counts as if it were accepted, where that leaves less room: whatever is decided
    later, and in which order, no day ends below zero or above twenty-four hours.
    """
    if not new.seconds:
        raise NoChange
    same_day = [each for each in earlier if each.day == new.day and each.state != State.REFUSED]
    if new.seconds > 0:
        _check_room(new, same_day, measured)
    else:
        _check_stock(new, same_day, measured, course)


def _check_room(new: NewCorrection, same_day: list[Earlier], measured: Measured) -> None:
    added = sum(each.seconds for each in same_day if each.state == State.EFFECTIVE or each.seconds > 0)
    if measured.person_seconds + added + new.seconds > DAY_SECONDS:
        raise LongerThanADay


def _check_stock(new: NewCorrection, same_day: list[Earlier], measured: Measured, course: str) -> None:
    standing = [
        each for each in same_day if each.course == course and (each.state == State.EFFECTIVE or each.seconds < 0)
    ]
    available = measured.course_seconds + sum(each.seconds for each in standing)
    if new.module_key is not None:
        in_module = (each.seconds for each in standing if each.module == str(new.module_key))
        available = min(available, measured.module_seconds + sum(in_module))
    if available + new.seconds < 0:
        raise BelowZero(max(0, available))

"""What live sessions say to others, and what they refuse."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from opaque_keys.edx.keys import CourseKey, UsageKey

# Pairs [start, end) in ms since 1970, in order, disjoint.
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class LiveHours:
    """An interval `[start, end)` of a half-day that a standing signature proves one learner attended.

    `modality`: `onsite_group`, `onsite_individual` or `remote_live`. `trainer_signed`: the half-day, by a trainer.
    """

    slot_uuid: UUID
    start: datetime
    end: datetime
    modality: str
    title: str
    module_key: UsageKey | None
    trainer_signed: bool = False


@dataclass(frozen=True)
class HalfDay:
    """The interval `[start, end)` of a half-day."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Plan:
    """A session as somebody enters it. `capacity`: None for no limit; `trainer_id`: None for any of the staff."""

    title: str
    modality: str
    place: str
    link: str
    capacity: int | None
    trainer_id: int | None
    module_key: UsageKey | None
    half_days: tuple[HalfDay, ...]


@dataclass(frozen=True)
class Slot:
    """A half-day that is planned. `signed`: how many signatures of learners stand."""

    uuid: UUID
    start: datetime
    end: datetime
    signed: int
    trainer_signed: bool

    @property
    def half_day(self) -> HalfDay:
        """Its interval."""
        return HalfDay(self.start, self.end)


@dataclass(frozen=True)
class Session:
    """A session, as it is. `registered`: how many learners hold a place; `cancelled`: why, if it was."""

    uuid: UUID
    course_key: CourseKey
    title: str
    modality: str
    modality_label: str
    place: str
    link: str
    capacity: int | None
    trainer_id: int | None
    module_key: UsageKey | None
    registered: int
    is_cancelled: bool
    cancellation_reason: str
    slots: tuple[Slot, ...]

    @property
    def seats_left(self) -> int | None:
        """Places that are free; None without a limit."""
        return None if self.capacity is None else max(0, self.capacity - self.registered)

    @property
    def is_signed(self) -> bool:
        """Whether any signature stands, so that nothing of it can change any more."""
        return any(slot.signed or slot.trainer_signed for slot in self.slots)

    @property
    def end(self) -> datetime:
        """The end of its last half-day."""
        return max(slot.end for slot in self.slots)


@dataclass(frozen=True)
class OwnSlot:
    """A half-day as one learner sees it: signed when, how, by the trainer too, and whether it can be signed now."""

    uuid: UUID
    start: datetime
    end: datetime
    signed_at: datetime | None
    method: str
    method_label: str
    trainer_signed: bool
    may_sign: bool


@dataclass(frozen=True)
class OwnSession:
    """A session as one learner sees it; `is_over`: its last half-day has ended."""

    session: Session
    slots: tuple[OwnSlot, ...]
    is_registered: bool
    is_over: bool


@dataclass(frozen=True)
class Signature:
    """A signature that stands: whose, how, why, by whom, when, and for which parts of the half-day."""

    user_id: int
    method: str
    method_label: str
    reason: str
    signed_by: int
    signed_at: datetime
    spans: Spans

    @property
    def seconds(self) -> int:
        """What it proves, in whole seconds."""
        return sum(end - start for start, end in self.spans) // 1000


@dataclass(frozen=True)
class SessionChange:
    """What somebody changed of a session; `changes`: former and new value of each thing, as `rules` writes them."""

    by: int
    at: datetime
    changes: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Sheet:
    """The attendance sheet of a half-day: `expected` learners by user id, signatures that stand, trainers' own.

    `changes`: those of its session, made before anything was signed.
    """

    session: Session
    slot: Slot
    expected: tuple[int, ...]
    signatures: tuple[Signature, ...]
    trainers: tuple[tuple[int, datetime], ...]
    changes: tuple[SessionChange, ...]


class LiveError(Exception):
    """The base of what is refused; the message is a sentence for the person who asked."""


class UnknownSession(LiveError):
    """No such session or half-day, or not for who asks."""


class BadPlan(LiveError):
    """The session cannot be held as entered; `field` is where."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class SessionSettled(LiveError):
    """The session is signed, or cancelled: it does not change any more."""


class SessionFull(LiveError):
    """No place is left."""


class NotNow(LiveError):
    """The half-day can not be signed at this hour."""


class NotRegistered(LiveError):
    """Places are counted in this session, and the learner holds none."""


class NotALearner(LiveError):
    """Who trains the session, or belongs to the course's staff, signs as trainer."""


class SignatureCancelled(LiveError):
    """The trainer cancelled this learner's signature: only a trainer signs anew."""


class WrongCode(LiveError):
    """The code is not that of this half-day at this moment; why is nobody's business."""


class TooManyAttempts(LiveError):
    """Wrong codes kept coming."""

    def __init__(self, message: str, retry_after: int) -> None:
        """`retry_after`: whole seconds."""
        super().__init__(message)
        self.retry_after = retry_after


class BadList(LiveError):
    """The file is no list of participants that can be read."""


class ReasonMissing(LiveError):
    """What is done for somebody else, or undone, needs a reason."""


class NotSigned(LiveError):
    """There is no signature to cancel."""

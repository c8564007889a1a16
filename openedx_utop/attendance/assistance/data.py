"""What the log of contacts says to others, and what it refuses."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from opaque_keys.edx.keys import CourseKey


@dataclass(frozen=True)
class NewContact:
    """A contact as somebody of the team reports it; `minutes` is 0 where duration means nothing."""

    channel: str
    direction: str
    at: datetime
    minutes: int
    subject: str
    text: str = ""


@dataclass(frozen=True)
class Withdrawal:
    """That a contact was recorded by mistake: who says so, when and why."""

    author_id: int
    at: datetime
    reason: str


@dataclass(frozen=True)
class ContactFacts:
    """A recorded contact; channel and direction are named in the reader's language.

    `author_name` is empty once the account is gone, and where nobody asked for it.
    """

    uuid: UUID
    user_id: int
    course_key: CourseKey
    author_id: int
    channel: str
    channel_name: str
    direction: str
    direction_name: str
    at: datetime
    minutes: int
    subject: str
    text: str
    recorded_at: datetime
    withdrawal: Withdrawal | None
    author_name: str = ""


class ContactError(ValueError):
    """The base of what is refused; the message is a sentence for whoever asked."""


class NotALearner(ContactError):
    """The person has no active enrolment in the course."""


class InvalidContact(ContactError):
    """Something in the report cannot be."""


class UnknownContact(ContactError):
    """This learner has no such contact in this course."""


class AlreadyWithdrawn(ContactError):
    """The contact was withdrawn before."""

"""What validations say to others, and what they refuse."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class ValidationFacts:
    """A validation that stands: of whom, for what, on which day, with which remark, by whom, recorded when."""

    uuid: UUID
    user_id: int
    achievement_id: int
    day: date
    words: str
    recorded_by: int
    recorded_at: datetime


class ValidationError(Exception):
    """The base of what is refused; the message is a sentence for the person who asked."""


class NotValidator(ValidationError):
    """Somebody else validates here, or nobody does, or it is the learner themselves."""


class NotALearner(ValidationError):
    """The person is not enrolled in the course."""


class AlreadyValidated(ValidationError):
    """It was validated before."""


class NotValidated(ValidationError):
    """There is nothing to withdraw."""


class AlreadyAwarded(ValidationError):
    """The award was made: the badge can be revoked, its validation no longer withdrawn."""


class BadDay(ValidationError):
    """The day is outside the training, or has not come yet."""


class ReasonMissing(ValidationError):
    """A validation is not withdrawn without saying why."""

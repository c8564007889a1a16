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


@dataclass(frozen=True)
class Waiting:
    """Somebody whom only a validation keeps from an award: `achievement` is its public identifier."""

    user_id: int
    name: str
    username: str
    achievement: UUID
    title: str
    since: datetime


@dataclass(frozen=True)
class Standing:
    """A validation that can still be withdrawn, with the names of the two and of what was validated."""

    validation: ValidationFacts
    name: str
    validator: str
    achievement: UUID
    title: str


@dataclass(frozen=True)
class Given:
    """A validation as the learner reads it; `validator`: a name, empty if the account is gone."""

    validator: str
    day: date
    words: str


class ValidationError(Exception):
    """The base of what is refused; the message is a sentence for the person who asked."""


class UnknownValidation(ValidationError):
    """Nothing is validated here, or not by who asks."""


class NotValidator(ValidationError):
    """It is the learner themselves."""


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

"""The door of validations."""

from openedx_utop.badges.validations.data import (
    AlreadyAwarded,
    AlreadyValidated,
    BadDay,
    Given,
    NotALearner,
    NotValidated,
    NotValidator,
    ReasonMissing,
    Standing,
    UnknownValidation,
    ValidationError,
    ValidationFacts,
    Waiting,
)
from openedx_utop.badges.validations.recording import forget_learner, validate, withdraw
from openedx_utop.badges.validations.rights import validated_by
from openedx_utop.badges.validations.waiting import (
    asked_of,
    given,
    standing_for,
    waiting_count,
    waiting_for,
)

__all__ = [
    "AlreadyAwarded",
    "AlreadyValidated",
    "BadDay",
    "Given",
    "NotALearner",
    "NotValidated",
    "NotValidator",
    "ReasonMissing",
    "Standing",
    "UnknownValidation",
    "ValidationError",
    "ValidationFacts",
    "Waiting",
    "asked_of",
    "forget_learner",
    "given",
    "standing_for",
    "validate",
    "validated_by",
    "waiting_count",
    "waiting_for",
    "withdraw",
]

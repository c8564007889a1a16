"""What is said of endorsements."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Standing(TextChoices):
    """What an endorser's own status list says against its endorsement."""

    REVOKED = "revoked", _("revoked")
    SUSPENDED = "suspended", _("suspended")


class EndorsementStatus(StrEnum):
    """What checking an endorsement finds. Key unknown: its signature holds, by a key that its endorser no longer lists.

    Revoked, suspended: by its endorser's own status list. Unchecked: that list has not answered for too long.
    Unverifiable: its signature does not hold, or it is not the one that was kept.
    """

    VALID = "valid"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    UNCHECKED = "unchecked"
    KEY_UNKNOWN = "key_unknown"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True)
class EndorsementFacts:
    """An organisation's word for a badge, for its issuer, or for one learner's award.

    `endorser` is its DID, `url` its own address or empty.
    `host`: the server that says whose key it is; empty for a key that is its own name, whoever has it.
    `checked_at`: when its own status list last answered; None if it has none, or none that answered.
    """

    endorser: str
    host: str
    name: str
    url: str
    comment: str
    valid_from: datetime
    status: EndorsementStatus
    is_of_issuer: bool = False
    is_of_award: bool = False
    checked_at: datetime | None = None

    @property
    def is_valid(self) -> bool:
        """Whether it can be relied on today."""
        return self.status == EndorsementStatus.VALID


@dataclass(frozen=True)
class Claim:
    """What a well-formed endorsement says, before its proof is checked. `valid_until`: None if it does not expire."""

    identifier: str
    endorser: str
    endorser_name: str
    valid_until: datetime | None


class EndorsementRefused(ValueError):
    """It cannot be kept; the message tells the person who uploads it why, and what to ask for."""


class UnknownEndorsement(Exception):
    """We gave no endorsement with this identifier."""


class KeyNotFound(Exception):
    """The endorser's key could not be had; the message tells why."""


class StandingUnknown(Exception):
    """Its own status list could not be had or read; the message tells why."""


class KeyNotListed(KeyNotFound):
    """The endorser answers, and does not list the key."""

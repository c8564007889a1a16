"""What the badges domain says to others."""

from dataclasses import astuple, dataclass
from datetime import datetime
from enum import StrEnum
from operator import add
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.attendance.data import CertifiedTime
from openedx_utop.badges.validations.data import ValidationFacts
from openedx_utop.signing_keys import SigningKeyInvalid
from openedx_utop.training.data import Action, Conditions, Evaluation, Sessions


class Scope(StrEnum):
    """What of a training action an achievement stands for."""

    ACTION = "action"
    BLOCK = "block"
    MODULE = "module"


@dataclass(frozen=True)
class AchievementFacts:
    """What can be awarded in an action. `modules`: those that a part is about, none for the learner's whole path.
    `sector`: the slug of the trade whose learners it is for, `trade` its name, `level` one of `Level`: empty for all.

    The whole action's has neither number nor identifier until somebody is awarded it, or its badge is described.
    """

    achievement_id: int | None
    uuid: UUID | None
    scope: Scope
    name: str
    modules: tuple[UsageKey, ...]
    conditions: Conditions
    sector: str = ""
    trade: str = ""
    level: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether certificates follow from it."""
        return self.scope is Scope.ACTION


@dataclass(frozen=True)
class Reached:
    """An evaluation, with the rest of the figures that an award freezes."""

    evaluation: Evaluation
    time: CertifiedTime
    sessions: Sessions
    validation: ValidationFacts | None


class Level(TextChoices):
    """For whom a badge is. Open Badges have no word of their own for it: it is signed as a tag."""

    BEGINNER = "beginner", _("Beginner")
    INTERMEDIATE = "intermediate", _("Intermediate")
    CONFIRMED = "confirmed", _("Confirmed")


@dataclass(frozen=True)
class AwardFacts:
    """A learner fulfilled an achievement's conditions. `evaluation`: what `evidence.frozen` kept of that moment."""

    uuid: UUID
    user_id: int
    course_key: CourseKey
    action: Action
    achievement: AchievementFacts
    awarded_at: datetime
    evaluation: dict[str, Any]

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole action's, which certificates follow from."""
        return self.achievement.is_whole


@dataclass(frozen=True)
class Tally:
    """What a portion of learners came to: the awards that they hold, those made now, and the badges signed now.

    `failed`: learners of whom it could not be told what they are owed.
    """

    learners: int = 0
    failed: int = 0
    held: int = 0
    made: int = 0
    signed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(*map(add, astuple(self), astuple(other)))


@dataclass(frozen=True)
class Revocation:
    """When a credential was revoked, and why, in words that anyone may read; `by_holder`: who refused the badge."""

    at: datetime
    reason: str
    by_holder: bool = False


@dataclass(frozen=True)
class CredentialFacts:
    """A signed Open Badges 3.0 credential; `document` is the JSON as signed.

    `revocation` is None while it is live; `token` is the same as VC-JWT, empty if there was no key for it.
    `is_shown`: to whoever has the link, as its holder decides. `expires_at`: None if it never does.
    """

    uuid: UUID
    award: AwardFacts
    document: str
    issued_at: datetime
    holder_name: str
    name_is_public: bool
    revocation: Revocation | None = None
    token: str = ""
    is_shown: bool = True
    expires_at: datetime | None = None

    def has_expired(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True)
class ServedCredential:
    """A credential's signed forms, and whether its holder shows them."""

    uuid: UUID
    document: str
    token: str
    is_shown: bool


class TokenKeyInvalid(SigningKeyInvalid):
    """`UTOP_JWT_SIGNING_KEY` is not the PEM text of an RSA key of 2048 bits or more."""


class UnsignableDocument(Exception):
    """A part of the document would be left out of the signature; the message names it."""


@dataclass(frozen=True)
class ImportedSkills:
    """What an import did, in skills. `absent`: known before of the same frameworks, and not in the file; they stay."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    absent: int = 0

    def __add__(self, other: "ImportedSkills") -> "ImportedSkills":
        """Both together."""
        return ImportedSkills(*map(add, astuple(self), astuple(other)))


class InvalidSkill(ValueError):
    """A line of a file of skills that cannot be taken, counted from 1; nothing was imported."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class UnknownAchievement(Exception):
    """No achievement has this identifier."""


class UnknownAward(Exception):
    """No award has this identifier."""


class UnknownCredential(Exception):
    """No credential has this identifier, or not for this learner."""


class UnknownIssuer(Exception):
    """No training provider has this identifier."""


class UnknownPicture(Exception):
    """No picture has this content."""


class UnknownStatusList(Exception):
    """No status list has this identifier."""


class ReasonMissing(Exception):
    """A credential is not revoked without saying why."""


class BadgeHidden(Exception):
    """The holder shows this badge to nobody."""


class BadgeRefused(Exception):
    """The learner does not want the badge of this award; the award stays."""


class HolderGone(Exception):
    """The platform no longer knows the learner, or no address of theirs: a new credential would name nobody."""

    def __init__(self, user_id: int) -> None:
        super().__init__(str(_("The account no. {number} is gone, or has no e-mail address.")).format(number=user_id))


class MalformedImage(Exception):
    """The badge's image cannot be read, or is no square PNG of a size that wallets show; the message says which."""

"""What the second axis of a course's tracks says to others: how far along its learners are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from openedx_utop.sectors.data import SectorError


class UnknownLevel(SectorError):
    """There is no such level, or the course does not offer it."""


class OneLevelAlone(SectorError):
    """A course has two levels at least, or none."""


class Level(TextChoices):
    """How far along a learner is when they start, the lowest first."""

    BEGINNER = "beginner", pgettext_lazy("level", "beginner")
    INTERMEDIATE = "intermediate", pgettext_lazy("level", "intermediate")
    ADVANCED = "advanced", pgettext_lazy("level", "advanced")


@dataclass(frozen=True)
class Offer:
    """The levels of a course, the lowest first, and that of learners who have not told theirs; none: levels are off."""

    levels: tuple[Level, ...] = ()
    default: Level | None = None

    @property
    def is_on(self) -> bool:
        """Whether the course has levels."""
        return bool(self.levels)


@dataclass(frozen=True)
class LevelGroups:
    """The content groups of a course's levels: their names by the name of the trade's own group, and the level."""

    offer: Offer = Offer()
    names: Mapping[tuple[str, Level], str] = field(default_factory=dict)


@dataclass(frozen=True)
class LevelFacts:
    """One decision about a learner's level. `author_name` is empty for the learner and for accounts that are gone."""

    level: Level
    former: Level | None
    method: str
    method_name: str
    chosen_by: int
    author_name: str
    chosen_at: datetime
    reason: str

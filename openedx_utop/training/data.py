"""What the training domain says to others."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from opaque_keys.edx.keys import CourseKey, UsageKey


@dataclass(frozen=True)
class Module:
    """A subsection of a learner's path, with its published average duration and where the learner stands."""

    usage_key: UsageKey
    title: str
    section_title: str
    estimated_seconds: int
    is_complete: bool
    completed_at: datetime | None
    earned: float
    possible: float


@dataclass(frozen=True)
class Action:
    """A training action."""

    action_id: int
    course_key: CourseKey
    provider_id: int
    title: str
    nature: str
    objectives: str
    starts_on: date
    ends_on: date
    requires_completion: bool
    required_grade: float
    required_seconds: int


class Condition(StrEnum):
    """The kinds of condition of success."""

    SECTOR = "sector"
    MODULES = "modules"
    GRADE = "grade"
    TIME = "time"


@dataclass(frozen=True)
class Missing:
    """One condition that does not hold yet: what is there, and what it takes (modules, percent or seconds)."""

    condition: Condition
    actual: float
    required: float
    modules: tuple[Module, ...] = ()


@dataclass(frozen=True)
class Evaluation:
    """Where a learner stands against the conditions of an action; `missing` is empty when all of them hold."""

    action: Action
    path: tuple[Module, ...]
    grade: float
    presence_seconds: int
    missing: tuple[Missing, ...]

    @property
    def is_fulfilled(self) -> bool:
        """Whether every condition holds."""
        return not self.missing

    @property
    def estimated_seconds(self) -> int:
        """The published average duration of the learner's whole path."""
        return sum(module.estimated_seconds for module in self.path)

    @property
    def realised_seconds(self) -> int:
        """The published average duration of the modules completed."""
        return sum(module.estimated_seconds for module in self.path if module.is_complete)

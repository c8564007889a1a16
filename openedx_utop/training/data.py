"""What the training domain says to others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
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
    is_closed: bool = False
    sector_locked_from: date | None = None


class RealisedRule(StrEnum):
    """What fills the certificate's duration box for what is learnt online."""

    ESTIMATED = "estimated"
    CONNECTION = "connection"
    LOWER = "lower"


@dataclass(frozen=True)
class PolicyFacts:
    """One version of an action's policy of attendance; durations in seconds, the contract's days included.

    The defaults are version 0, in force wherever nobody wrote another: they are never to be changed, because days were
    counted with them. A day without limit on a side of the contract has None there.
    """

    version: int = 0
    effective_from: date | None = None
    activity_factor: Decimal = Decimal(3)
    activity_minimum_seconds: int = 20 * 60
    day_limit_seconds: int = 10 * 3600
    day_flag_seconds: int = 7 * 3600
    contract_first: date | None = None
    contract_last: date | None = None
    realised_rule: RealisedRule = RealisedRule.ESTIMATED
    records_ip: bool = False

    def activity_limit(self, estimated_seconds: int) -> int:
        """The most that is certified of one activity, in seconds."""
        return max(self.activity_minimum_seconds, int(self.activity_factor * estimated_seconds))

    def covers(self, day: date) -> bool:
        """Whether the day is one of the contract."""
        begins, ends = self.contract_first or date.min, self.contract_last or date.max
        return begins <= day <= ends


@dataclass(frozen=True)
class Estimates:
    """The published average durations of an action's modules, in seconds."""

    default_seconds: int = 0
    by_module: Mapping[UsageKey, int] = field(default_factory=dict)

    def of(self, module_key: UsageKey) -> int:
        """The module's own, or the action's default."""
        return self.by_module.get(module_key, self.default_seconds)


class ReachesBack(ValueError):
    """A new version of a policy may not change days that were counted with an earlier one."""


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
    """Where a learner stands against the conditions of an action; `missing` is empty when all of them hold.

    `presence_seconds` is the connection time, measured; `certified_seconds` what counts towards the time required;
    `realised_seconds` the hours recognised as done, by the rule of the action's policy.
    """

    action: Action
    path: tuple[Module, ...]
    grade: float
    presence_seconds: int
    certified_seconds: int
    realised_seconds: int
    missing: tuple[Missing, ...]

    @property
    def is_fulfilled(self) -> bool:
        """Whether every condition holds."""
        return not self.missing

    @property
    def estimated_seconds(self) -> int:
        """The published average duration of the learner's whole path."""
        return sum(module.estimated_seconds for module in self.path)

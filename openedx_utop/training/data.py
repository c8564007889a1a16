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
class Conditions:
    """What it takes to succeed in a training action, or in a part of it; the grade in percent.

    `required_half_days`: of live sessions, signed; `requires_every_session`: every half-day of them all.
    `validator_id`: the LMS user id of the one person who may validate, None for any of the course's staff.
    Of a part, the grade and the time asked for are those of its own modules, unless they are `_of_action`.
    """

    requires_completion: bool = True
    required_grade: float = 0.0
    required_seconds: int = 0
    required_half_days: int = 0
    requires_every_session: bool = False
    requires_validation: bool = False
    validator_id: int | None = None
    grade_of_action: bool = False
    minutes_of_action: bool = False

    @property
    def looks_at_sessions(self) -> bool:
        """Whether live sessions decide."""
        return bool(self.required_half_days) or self.requires_every_session

    @property
    def is_empty(self) -> bool:
        """Whether they would hold for anybody."""
        asked = (self.requires_completion, self.required_grade, self.required_seconds, self.requires_validation)
        return not any(asked) and not self.looks_at_sessions


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
    conditions: Conditions
    is_closed: bool = False
    sector_locked_from: date | None = None
    defaults_edition: int = 1


class RealisedRule(StrEnum):
    """What fills the certificate's duration box for what is learnt online."""

    ESTIMATED = "estimated"
    CONNECTION = "connection"
    LOWER = "lower"


@dataclass(frozen=True)
class Estimates:
    """The published average durations of an action's modules, in seconds.

    `earlier`: those published before, in order of time, each with the first day that was no longer counted with it.
    """

    default_seconds: int = 0
    by_module: Mapping[UsageKey, int] = field(default_factory=dict)
    earlier: "tuple[tuple[date, Estimates], ...]" = ()

    def of(self, module_key: UsageKey, day: date | None = None) -> int:
        """The module's own, or the action's default, as published on a day; today's without one."""
        held = next((edition for end, edition in self.earlier if day and day < end), self)
        return held.by_module.get(module_key, held.default_seconds)


@dataclass(frozen=True)
class PolicyFacts:
    """One version of an action's policy of attendance; durations in seconds, the contract's days included.

    The defaults are version 0, in force wherever nobody wrote another: they are never to be changed, because days were
    counted with them. A day without limit on a side of the contract has None there. `estimates` are the durations
    published when the version was written, None if they were not kept: then they are those of the action.
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
    is_eu_funded: bool = False
    requires_trainer_signature: bool = False
    estimates: Estimates | None = None

    def activity_limit(self, estimated_seconds: int) -> int:
        """The most that is certified of one activity, in seconds."""
        return max(self.activity_minimum_seconds, int(self.activity_factor * estimated_seconds))

    def covers(self, day: date) -> bool:
        """Whether the day is one of the contract."""
        begins, ends = self.contract_first or date.min, self.contract_last or date.max
        return begins <= day <= ends


# Version 0, by the edition that an action began with: each edition stays as it is, days were counted with it.
DEFAULTS: Mapping[int, PolicyFacts] = {1: PolicyFacts(), 2: PolicyFacts(requires_trainer_signature=True)}
NEWEST_DEFAULTS = 2


class ReachesBack(ValueError):
    """A new version of a policy may not change days that were counted with an earlier one."""


class Condition(StrEnum):
    """The kinds of condition of success."""

    SECTOR = "sector"
    MODULES = "modules"
    GRADE = "grade"
    TIME = "time"
    LIVE = "live"
    SESSIONS = "sessions"
    VALIDATION = "validation"


@dataclass(frozen=True)
class Missing:
    """One condition that does not hold yet: what is there, and what it takes.

    In modules, percent, seconds, half-days, sessions; `modules` are those to complete, or not graded yet.
    """

    condition: Condition
    actual: float
    required: float
    modules: tuple[Module, ...] = ()


@dataclass(frozen=True)
class Sessions:
    """The live sessions of an action for one learner: half-days signed; of the sessions `planned`, those attended."""

    half_days: int = 0
    attended: int = 0
    planned: int = 0


@dataclass(frozen=True)
class Standing:
    """What conditions look at, of one learner in an action or in a part of it.

    `path`: the modules concerned that are theirs; `grade` in percent; `certified_seconds`: of those modules or of the
    action, as the conditions have it. `has_path`: it is known which modules are theirs.
    """

    path: tuple[Module, ...]
    has_path: bool
    grade: float
    certified_seconds: int
    sessions: Sessions = Sessions()
    is_validated: bool = False
    is_part: bool = False


@dataclass(frozen=True)
class Evaluation:
    """Where a learner stands against the conditions of an action, or of a part of it; `missing` is empty when all hold.

    `path`: the modules concerned that are the learner's own. `presence_seconds` is the connection time on them,
    measured; `certified_seconds` what of it counts; `realised_seconds` the hours recognised as done, by the rule of
    the action's policy.
    """

    action: Action
    conditions: Conditions
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

"""What the plan of a course's tracks says to its pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

# The groups that each block admits by its own setting, by the name of the block: `sequential@week_1`.
# A block that is absent admits everybody.
Cells = Mapping[str, frozenset[int]]

SECTION, SUBSECTION, UNIT = 1, 2, 3

# The number that stands for everybody among those of content groups, which start at 1.
EVERYBODY = 0


class AuthoringError(Exception):
    """The base of what is refused; the message is a sentence for the author."""


class UnknownPlan(AuthoringError):
    """There is no such course, or no such version of its plan."""


class NobodyAdmitted(AuthoringError):
    """A block would be closed to everybody."""


class ChangedMeanwhile(AuthoringError):
    """Somebody else changed the course since the author opened the page."""


class GroupNameTaken(AuthoringError):
    """The course has a content group of this name."""


class LevelInUse(AuthoringError):
    """Some blocks are for a level alone that the course is to lose: nobody would see them."""


@dataclass(frozen=True)
class Row:
    """A section, a subsection or a unit. `minutes` are of subsections; hidden rows are for staff alone."""

    name: str
    level: int
    title: str
    parent: str | None = None
    minutes: int = 0
    assignment: str = ""
    is_hidden: bool = False
    is_pending: bool = False


@dataclass(frozen=True)
class Column:
    """A content group: the track of these sectors, or one that the course uses for another end.

    `own`: the number of the track's own group, if this is that of one of its levels. `level`: by which the group's
    learners count, empty in a course without levels.
    """

    group_id: int
    name: str
    sectors: tuple[str, ...] = ()
    own: int | None = None
    level: str = ""

    @property
    def is_track(self) -> bool:
        """Whether sectors are carried by the group."""
        return bool(self.sectors)

    @property
    def trade(self) -> int:
        """The number by which the track is known, at whatever level."""
        return self.own or self.group_id


@dataclass(frozen=True)
class Trackless:
    """A sector that a track can be made for; `above`: the name of the sector it stands under, if any."""

    slug: str
    name: str
    above: str


@dataclass(frozen=True)
class Assignment:
    """A line of the grading policy: its share of the grade in percent, how many it expects, and drops."""

    name: str
    percent: float
    expected: int
    dropped: int


@dataclass(frozen=True)
class Conditions:
    """What the training action asks for: every module or not, a grade in percent, minutes."""

    requires_completion: bool
    required_grade: float
    required_minutes: int


@dataclass(frozen=True)
class Plan:
    """A course as its tracks divide it. `url`: its outline in Studio. `conditions`: None without a training action."""

    title: str
    url: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    grading: tuple[Assignment, ...]
    cells: Cells
    conditions: Conditions | None = None
    levels: tuple[str, ...] = ()

    @property
    def tracks(self) -> tuple[Column, ...]:
        """A column for each trade at each level: learners of a level that is gone go the way of another."""
        ways: dict[tuple[int, str], Column] = {}
        for column in self.columns:
            if column.is_track:
                ways.setdefault((column.trade, column.level), column)
        return tuple(ways.values())

    @property
    def trades(self) -> tuple[Column, ...]:
        """The columns that an author ticks: the tracks' own groups, then those that carry no sector."""
        return tuple(column for column in self.columns if column.own is None)


@dataclass(frozen=True)
class Totals:
    """What one track adds up to: its subsections, their published minutes, and the share of the grade in percent that
    it can earn. `assignments`: how many subsections it has of each type that the grading policy knows.
    """

    modules: int
    minutes: int
    percent: float
    assignments: Mapping[str, int]


class Concern(StrEnum):
    """What an author should look at."""

    EMPTY_WEEK = "empty_week"
    UNBALANCED = "unbalanced"
    NO_ASSESSMENT = "no_assessment"
    ASSIGNMENT_MISSING = "assignment_missing"
    ASSIGNMENTS_SHORT = "assignments_short"
    TIME_OUT_OF_REACH = "time_out_of_reach"
    NO_LEARNER = "no_learner"
    EMPTY_SUBSECTION = "empty_subsection"
    CLOSED_TO_ALL = "closed_to_all"
    UNKNOWN_GROUP = "unknown_group"


@dataclass(frozen=True)
class Finding:
    """A concern, in one track or in none in particular, about a row or an assignment type, with its figures."""

    concern: Concern
    column: Column | None = None
    row: Row | None = None
    assignment: str = ""
    actual: int = 0
    expected: int = 0


@dataclass(frozen=True)
class Change:
    """A block whose own setting differs; None admits everybody."""

    name: str
    before: frozenset[int] | None
    after: frozenset[int] | None


@dataclass(frozen=True)
class Touch:
    """The learners who gain or lose a block by what is about to be written, and those of them who had finished it."""

    learners: frozenset[int] = frozenset()
    finished: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Review:
    """What a draft would change, whom each change touches, and what would be worth a look afterwards."""

    plan: Plan
    changes: tuple[Change, ...]
    touches: Mapping[str, Touch]
    learners: int
    findings: tuple[Finding, ...]
    drafts: tuple[Row, ...]


class Origin(StrEnum):
    """How a version came about."""

    FOUND = "found"
    TICKED = "ticked"
    COPIED = "copied"
    RESTORED = "restored"
    LEVELS = "levels"


@dataclass(frozen=True)
class Version:
    """The cells as they were written at one time; found ones were set elsewhere, by nobody we know.

    `ways`: the trade and the level of each group at that time; None for versions that knew of no levels.
    """

    number: int
    origin: Origin
    author_id: int | None
    created_at: datetime
    cells: Cells
    titles: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[int, str] = field(default_factory=dict)
    ways: Mapping[int, tuple[int, str]] | None = None

"""One learner's time in one course as people read it: by week and by module, with its three durations apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openedx_utop.attendance.data import CourseTime
from openedx_utop.compat import Course, PathModule, platform
from openedx_utop.training import api as training

WEEK = timedelta(days=7)
# The drawing's own units; it is scaled to the width of the page.
ROW_HEIGHT = 26
LONGEST_BAR = 150


@dataclass(frozen=True)
class WeekRow:
    """A week of the table and of the drawing."""

    monday: date
    seconds: int
    top: int
    bar: int


@dataclass(frozen=True)
class ModuleRow:
    """A module of the learner's path; its estimated duration is 0 in a course that is no training action."""

    title: str
    section_title: str
    estimated_seconds: int
    is_complete: bool
    seconds: int


@dataclass(frozen=True)
class TimeReport:
    """What the learner's own page and the team's record of them show."""

    course: Course
    time: CourseTime
    modules: tuple[ModuleRow, ...]
    weeks: tuple[WeekRow, ...]
    has_estimates: bool

    @property
    def off_path_seconds(self) -> int:
        """Time on modules that are not, or no longer, on the learner's path."""
        return self.time.total_seconds - sum(row.seconds for row in self.modules)

    @property
    def estimated_seconds(self) -> int:
        """The published average duration of the path."""
        return sum(row.estimated_seconds for row in self.modules)

    @property
    def realised_seconds(self) -> int:
        """The published average duration of the modules completed."""
        return sum(row.estimated_seconds for row in self.modules if row.is_complete)

    @property
    def modules_done(self) -> int:
        """Number of completed modules."""
        return sum(row.is_complete for row in self.modules)

    @property
    def chart_height(self) -> int:
        """Of the drawing, in its own units."""
        return len(self.weeks) * ROW_HEIGHT


def time_report(user_id: int, course: Course, time: CourseTime) -> TimeReport:
    """Put the learner's time beside their path."""
    action = training.action_for(course.key)
    path = training.learner_modules(user_id, action) if action else platform().learner_path(user_id, course.key)
    modules = tuple(_module_row(module, time) for module in path)
    return TimeReport(course, time, modules, _week_rows(time.by_week), has_estimates=action is not None)


def _module_row(module: training.Module | PathModule, time: CourseTime) -> ModuleRow:
    return ModuleRow(
        title=module.title,
        section_title=module.section_title,
        estimated_seconds=module.estimated_seconds if isinstance(module, training.Module) else 0,
        is_complete=module.is_complete,
        seconds=time.by_module.get(module.usage_key, 0),
    )


def _week_rows(by_week: Sequence[tuple[date, int]]) -> tuple[WeekRow, ...]:
    """Every week from the first to the last, those without presence too."""
    if not by_week:
        return ()
    seconds = dict(by_week)
    mondays = [by_week[0][0] + WEEK * rank for rank in range((by_week[-1][0] - by_week[0][0]) // WEEK + 1)]
    longest = max(1, *seconds.values())
    return tuple(
        WeekRow(
            monday=monday,
            seconds=seconds.get(monday, 0),
            top=rank * ROW_HEIGHT,
            bar=seconds.get(monday, 0) * LONGEST_BAR // longest,
        )
        for rank, monday in enumerate(mondays)
    )

"""One learner's time in one course as people read it: by week, module and modality, its three durations apart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openedx_utop.attendance.data import CourseTime
from openedx_utop.attendance.flags import module_flags
from openedx_utop.attendance.live.api import Modality
from openedx_utop.attendance.realised import realised_by_modality, realised_rule
from openedx_utop.attendance.record import ONLINE, Portion, Rule
from openedx_utop.attendance.remarks import RemarkRow, remark_rows
from openedx_utop.attendance.standing import achieved
from openedx_utop.compat import Course, PathModule, platform
from openedx_utop.training import api as training

WEEK = timedelta(days=7)
# The drawing's own units; it is scaled to the width of the page.
ROW_HEIGHT = 26
# It leaves room for the week before it, and for two durations beside it.
LONGEST_BAR = 98

MODALITIES: dict[str, str | Promise] = {
    ONLINE: _("online, at one's own pace"),
    **{modality.value: modality.label for modality in Modality},
}
LIMITS = {
    Rule.CONTRACT: _("outside the dates of the training"),
    Rule.SIGNATURE: _("half-day that the trainer has not signed yet"),
    Rule.ACTIVITY: _("above what one module may count"),
    Rule.DAY: _("above what one day may count"),
}


@dataclass(frozen=True)
class WeekRow:
    """A week of the table and of the drawing: connection time and live hours, each with its bar."""

    monday: date
    seconds: int
    live_seconds: int
    top: int
    bar: int
    live_bar: int


@dataclass(frozen=True)
class ModuleRow:
    """A module, of the learner's path or left behind with another one.

    Its estimated duration is 0 in a course that is no training action, and off the path, where it counts for nothing.
    """

    title: str
    section_title: str
    estimated_seconds: int
    is_complete: bool
    seconds: int
    certified_seconds: int


@dataclass(frozen=True)
class ModalityRow:
    """One modality: the hours recognised as done, what was recorded, and what of it is certified."""

    name: str | Promise
    realised_seconds: int
    seconds: int
    certified_seconds: int


@dataclass(frozen=True)
class LimitRow:
    """What one rule kept from being certified, and on which days."""

    reason: str | Promise
    seconds: int
    days: tuple[date, ...]


@dataclass(frozen=True)
class TimeReport:
    """What the learner's own page and the team's record of them show."""

    course: Course
    time: CourseTime
    modules: tuple[ModuleRow, ...]
    weeks: tuple[WeekRow, ...]
    realised: Mapping[str, int]
    has_estimates: bool
    remarks: tuple[RemarkRow, ...] = ()
    off_path: tuple[ModuleRow, ...] = ()

    @property
    def elsewhere_seconds(self) -> int:
        """Time on what is no module of the course, or no longer one."""
        return self.time.total_seconds - sum(row.seconds for row in (*self.modules, *self.off_path))

    @property
    def estimated_seconds(self) -> int:
        """The published average duration of the path."""
        return sum(row.estimated_seconds for row in self.modules)

    @property
    def realised_seconds(self) -> int:
        """The hours recognised as done, by the rule of the policy; 0 in a course that is no training action."""
        return sum(self.realised.values())

    @property
    def modules_done(self) -> int:
        """Number of completed modules."""
        return sum(row.is_complete for row in self.modules)

    @property
    def modalities(self) -> tuple[ModalityRow, ...]:
        """The modalities in which something was recorded or recognised as done."""
        recorded: Counter[str] = Counter()
        for portion in self.time.portions:
            recorded[portion.modality] += portion.seconds
        certified = self.time.by_modality
        return tuple(
            ModalityRow(name, self.realised.get(modality, 0), recorded[modality], certified.get(modality, 0))
            for modality, name in MODALITIES.items()
            if recorded[modality] or self.realised.get(modality)
        )

    @property
    def limits(self) -> tuple[LimitRow, ...]:
        """What is recorded and not certified, by the rule that says so."""
        rows = ((reason, [each for each in self.time.capped if each.rule is rule]) for rule, reason in LIMITS.items())
        return tuple(_limit_row(reason, portions) for reason, portions in rows if portions)

    @property
    def recorded_seconds(self) -> int:
        """All that is recorded, each second once: what is certified and what is not."""
        return self.time.certified_seconds + self.time.capped_seconds

    @property
    def chart_height(self) -> int:
        """Of the drawing, in its own units."""
        return len(self.weeks) * ROW_HEIGHT


def time_report(user_id: int, course: Course, time: CourseTime, *, today: date) -> TimeReport:
    """Put the learner's time beside their path; `today` says which rule fills the realised hours."""
    action = training.action_for(course.key)
    if action is None:
        seen = platform().learner_path(user_id, course.key)
        rows, others = tuple(_module_row(module, time) for module in seen), _off_path(user_id, seen, time, course)
        return TimeReport(course, time, rows, _week_rows(time), {}, has_estimates=False, off_path=others)
    path = training.learner_modules(user_id, action)
    rule = realised_rule(time.policies, today)
    realised = realised_by_modality(achieved(path), time.portions, time.policies, rule)
    rows = tuple(_module_row(module, time) for module in path)
    remarks = remark_rows((*time.flags, *module_flags(path, time.portions)), path)
    others = _off_path(user_id, path, time, course)
    return TimeReport(course, time, rows, _week_rows(time), realised, True, remarks, others)


def _off_path(
    user_id: int, path: Sequence[training.Module | PathModule], time: CourseTime, course: Course
) -> tuple[ModuleRow, ...]:
    """What the learner did in modules that are not, or no longer, theirs: first what has results, then mere time."""
    own = {module.usage_key for module in path}
    tried = [module for module in platform().modules_tried(user_id, course.key) if module.usage_key not in own]
    known = own | {module.usage_key for module in tried}
    timed = [key for key, seconds in time.by_module.items() if key not in known and seconds]
    titles = platform().block_titles(course.key) if timed else {}
    visited = (PathModule(key, titles[key], "", False, None, 0.0, 0.0) for key in timed if key in titles)
    return tuple(_module_row(module, time) for module in (*tried, *visited))


def _module_row(module: training.Module | PathModule, time: CourseTime) -> ModuleRow:
    return ModuleRow(
        title=module.title,
        section_title=module.section_title,
        estimated_seconds=module.estimated_seconds if isinstance(module, training.Module) else 0,
        is_complete=module.is_complete,
        seconds=time.by_module.get(module.usage_key, 0),
        certified_seconds=time.certified_by_module.get(module.usage_key, 0),
    )


def _limit_row(reason: str | Promise, portions: list[Portion]) -> LimitRow:
    days = sorted({portion.day for portion in portions})
    return LimitRow(reason, sum(portion.seconds for portion in portions), tuple(days))


def _week_rows(time: CourseTime) -> tuple[WeekRow, ...]:
    """Every week from the first to the last, those without anything too."""
    online, live = dict(time.by_week), _live_by_week(time)
    mondays = sorted({*online, *live})
    if not mondays:
        return ()
    longest = max(1, *(online.get(monday, 0) + live[monday] for monday in mondays))
    weeks = (mondays[0] + WEEK * rank for rank in range((mondays[-1] - mondays[0]) // WEEK + 1))
    return tuple(
        WeekRow(
            monday=monday,
            seconds=online.get(monday, 0),
            live_seconds=live[monday],
            top=rank * ROW_HEIGHT,
            bar=online.get(monday, 0) * LONGEST_BAR // longest,
            live_bar=live[monday] * LONGEST_BAR // longest,
        )
        for rank, monday in enumerate(weeks)
    )


def _live_by_week(time: CourseTime) -> Counter[date]:
    weeks: Counter[date] = Counter()
    for portion in time.portions:
        if portion.modality != ONLINE:
            weeks[portion.day - timedelta(days=portion.day.weekday())] += portion.seconds
    return weeks

"""What an author should look at before the learners do."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from statistics import median

from openedx_utop.sectors.authoring.data import (
    SECTION,
    SUBSECTION,
    UNIT,
    Column,
    Concern,
    Finding,
    Plan,
    Totals,
)
from openedx_utop.sectors.authoring.rules import modules, totals, visible

# A track is unbalanced if it is longer or shorter than the middle one by more than this share of it.
TOLERANCE = 0.25


def findings(plan: Plan, learners: Mapping[int | None, frozenset[int]]) -> tuple[Finding, ...]:
    """Every concern, the course's own first, then track by track."""
    sums = {column.group_id: totals(plan, column.group_id) for column in plan.tracks}
    found = [*_of_course(plan), *_unbalanced(plan, sums)]
    for column in plan.tracks:
        found += _of_track(plan, column, sums[column.group_id])
    if any(learners.values()):
        found += _deserted(plan, learners)
    return tuple(found)


def _deserted(plan: Plan, learners: Mapping[int | None, frozenset[int]]) -> Iterator[Finding]:
    """Trades that nobody has, at whatever level."""
    peopled = {column.trade for column in plan.columns if learners.get(column.group_id)}
    return (Finding(Concern.NO_LEARNER, each) for each in plan.trades if each.is_track and each.trade not in peopled)


def _of_course(plan: Plan) -> Iterator[Finding]:
    known = {column.group_id for column in plan.columns}
    seen = visible(plan, None).union(*(visible(plan, group_id) for group_id in known))
    for row in plan.rows:
        if plan.cells.get(row.name, frozenset()) - known:
            yield Finding(Concern.UNKNOWN_GROUP, row=row)
        is_reached = row.parent is None or row.parent in seen
        if row.name in plan.cells and row.name not in seen and is_reached and not row.is_hidden:
            yield Finding(Concern.CLOSED_TO_ALL, row=row)


def _unbalanced(plan: Plan, sums: Mapping[int, Totals]) -> Iterator[Finding]:
    """Among the trades at one level: levels are meant to differ."""
    minutes: dict[str, list[int]] = defaultdict(list)
    for column in plan.tracks:
        minutes[column.level].append(sums[column.group_id].minutes)
    for column in plan.tracks:
        others, actual = minutes[column.level], sums[column.group_id].minutes
        middle = median(others) if len(others) > 1 else 0
        if middle and abs(actual - middle) > TOLERANCE * middle:
            yield Finding(Concern.UNBALANCED, column, actual=actual, expected=round(middle))


def _of_track(plan: Plan, column: Column, sums: Totals) -> list[Finding]:
    return [
        *_weeks(plan, column),
        *_subsections(plan, column),
        *_assessment(plan, column, sums),
        *_time(plan, column, sums),
    ]


def _weeks(plan: Plan, column: Column) -> Iterator[Finding]:
    """Sections that the track enters and finds nothing in; those closed to it are not weeks of its own."""
    seen, lived_in = visible(plan, column.group_id), {row.parent for row in modules(plan, column.group_id)}
    built = {row.parent for row in plan.rows if row.level == SUBSECTION}
    for row in plan.rows:
        if row.level == SECTION and row.name in seen and row.name in built and row.name not in lived_in:
            yield Finding(Concern.EMPTY_WEEK, column, row)


def _subsections(plan: Plan, column: Column) -> Iterator[Finding]:
    """Subsections whose units are all closed to the track: they stay in its outline, empty."""
    seen, way = visible(plan, column.group_id), {row.name for row in modules(plan, column.group_id)}
    restricted = {row.parent for row in plan.rows if row.level == UNIT and row.name in plan.cells}
    for row in plan.rows:
        if row.level == SUBSECTION and row.name in seen and row.name not in way and row.name in restricted:
            yield Finding(Concern.EMPTY_SUBSECTION, column, row)


def _assessment(plan: Plan, column: Column, sums: Totals) -> Iterator[Finding]:
    """The platform gives nobody the weight of what is missing: it counts as zero."""
    weighty = [each for each in plan.grading if each.percent > 0]
    if weighty and not any(sums.assignments[each.name] for each in weighty):
        yield Finding(Concern.NO_ASSESSMENT, column)
        return
    for each in weighty:
        actual = sums.assignments[each.name]
        if not actual:
            yield Finding(Concern.ASSIGNMENT_MISSING, column, assignment=each.name, expected=round(each.percent))
        elif actual < each.expected - each.dropped:
            yield Finding(
                Concern.ASSIGNMENTS_SHORT,
                column,
                assignment=each.name,
                actual=actual,
                expected=each.expected - each.dropped,
            )


def _time(plan: Plan, column: Column, sums: Totals) -> Iterator[Finding]:
    required = plan.conditions.required_minutes if plan.conditions else 0
    if required > sums.minutes:
        yield Finding(Concern.TIME_OUT_OF_REACH, column, actual=sums.minutes, expected=required)

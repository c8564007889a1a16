"""Plans as the templates lay them out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from openedx_utop.sectors.authoring import api
from openedx_utop.sectors.authoring.axes import Axes, axes_at, axes_of, is_exact
from openedx_utop.sectors.authoring.data import EVERYBODY, SUBSECTION, UNIT, Finding, Plan, Review, Row, Totals, Version
from openedx_utop.sectors.authoring.forms import Draft
from openedx_utop.sectors.authoring.levels import LevelReview
from openedx_utop.sectors.authoring.wording import (
    admitted_words,
    column_words,
    finding_words,
    level_words,
    touch_words,
    trade_words,
)


@dataclass(frozen=True)
class Heading:
    """A column, or a way through the course: its number, its words, and whether it carries sectors."""

    number: int
    words: str
    is_track: bool = False
    is_level: bool = False
    trade: int = 0
    level: int = 0


@dataclass(frozen=True)
class Box:
    """A box to tick; `is_closed`: what the row stands in does not admit the column."""

    heading: Heading
    is_ticked: bool
    is_closed: bool


@dataclass(frozen=True)
class Line:
    """A row of the table. `within`: how many rows it holds. `mixed`: who sees it, if no ticks can say it.

    `is_unfolded`: on a phone too, all of it is shown, because the author has to look at it or at what it holds.
    """

    row: Row
    boxes: tuple[Box, ...]
    within: int
    is_opened: bool
    is_refused: bool
    is_disputed: bool
    is_unfolded: bool
    mixed: str = ""


@dataclass(frozen=True)
class Table:
    """`names`: of the rows with boxes."""

    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    totals: tuple[tuple[Heading, Totals], ...]

    @property
    def names(self) -> list[str]:
        """Of the rows that have boxes on the page."""
        return [line.row.name for line in self.lines]

    @property
    def assignments(self) -> list[str]:
        """The types of assignment that the totals count."""
        return list(self.totals[0][1].assignments) if self.totals else []


def table(plan: Plan, draft: Draft, disputed: frozenset[str] = frozenset()) -> Table:
    """The plan with the draft's ticks; units only of the subsections that are opened."""
    then = replace(plan, cells=draft.cells)
    headings, seen = _headings(plan, draft.axes), _seen(then, draft.axes)
    parents, unfolded = Counter(row.parent for row in plan.rows), _unfolded(plan, draft.refused | disputed)
    lines = tuple(
        Line(
            row=row,
            boxes=tuple(_box(row, heading, draft, seen) for heading in headings),
            within=parents[row.name],
            is_opened=row.name in draft.opened,
            is_refused=row.name in draft.refused,
            is_disputed=row.name in disputed,
            is_unfolded=row.name in unfolded,
            mixed=_mixed(then, row, draft.axes),
        )
        for row in plan.rows
        if row.level != UNIT or row.parent in draft.opened
    )
    return Table(headings, lines, tuple(_totals(then, draft.axes)))


def _unfolded(plan: Plan, names: frozenset[str]) -> set[str]:
    """These rows and all that hold them: in the plan they come before what they hold."""
    found = set(names)
    for row in reversed(plan.rows):
        if row.parent and row.name in found:
            found.add(row.parent)
    return found


def _headings(plan: Plan, axes: Axes) -> tuple[Heading, ...]:
    trades = (Heading(each.group_id, trade_words(each), is_track=each.is_track) for each in plan.trades)
    levels = (Heading(number, level_words(level), is_level=True) for number, level in axes.level_ticks.items())
    return (Heading(EVERYBODY, _("Everybody")), *trades, *levels)


def _seen(plan: Plan, axes: Axes) -> dict[int, frozenset[str]]:
    """What somebody sees for whom the column is meant, by the number of its heading."""
    found = {each.group_id: api.visible(plan, each.group_id) for each in plan.columns}
    seen = {each.group_id: found[each.group_id] for each in plan.trades}
    for column in plan.tracks:
        seen[column.trade] |= found[column.group_id]
    for number, level in axes.level_ticks.items():
        seen[number] = frozenset().union(*(found[each.group_id] for each in plan.tracks if each.level == level))
    return seen


def _totals(plan: Plan, axes: Axes) -> Iterator[tuple[Heading, Totals]]:
    """What everybody's way adds up to, then each trade's, at each level."""
    yield Heading(EVERYBODY, _("Everybody")), api.totals(plan, None)
    number_of = {level: number for number, level in axes.level_ticks.items()}
    others = [column for column in plan.columns if not column.is_track]
    for each in (*plan.tracks, *others):
        heading = Heading(each.group_id, column_words(each), each.is_track, trade=each.trade)
        yield replace(heading, level=number_of.get(each.level, 0)), api.totals(plan, each.group_id)


def _box(row: Row, heading: Heading, draft: Draft, seen: dict[int, frozenset[str]]) -> Box:
    is_closed = heading.number != EVERYBODY and row.parent is not None and row.parent not in seen[heading.number]
    return Box(heading, heading.number in draft.ticks[row.name], is_closed)


def _mixed(plan: Plan, row: Row, axes: Axes) -> str:
    groups = plan.cells.get(row.name)
    return "" if is_exact(groups, axes) else admitted_words(groups, _group_names(plan), axes)


@dataclass(frozen=True)
class Told:
    """A finding in words, and the row it is about."""

    words: str
    row: Row | None


def finding_lines(found: Iterable[Finding]) -> list[Told]:
    """Findings in words."""
    return [Told(finding_words(finding), finding.row) for finding in found]


@dataclass(frozen=True)
class ChangeLine:
    """A change in words; `touched` is empty in a difference between versions."""

    title: str
    before: str
    after: str
    touched: str = ""


def review_lines(plan: Plan, review: Review) -> list[ChangeLine]:
    """What would be written, in the order of the course."""
    names, axes = _group_names(plan), axes_of(plan)
    by_name = {change.name: change for change in review.changes}
    return [
        ChangeLine(
            title=row.title,
            before=admitted_words(by_name[row.name].before, names, axes),
            after=admitted_words(by_name[row.name].after, names, axes),
            touched=touch_words(review.touches[row.name]),
        )
        for row in plan.rows
        if row.name in by_name
    ]


def level_lines(plan: Plan, review: LevelReview) -> list[ChangeLine]:
    """The blocks that other learners would see, of those that are given the groups of other levels."""
    before, after, names = axes_of(plan), axes_of(review.then), _group_names(review.then)
    by_name, lines = {change.name: change for change in review.changes}, []
    for row in plan.rows:
        if row.name in by_name:
            was = admitted_words(by_name[row.name].before, names, before)
            will = admitted_words(by_name[row.name].after, names, after)
            touch = review.touches[row.name]
            if was != will or touch.learners:
                lines.append(ChangeLine(row.title, was, will, touch_words(touch)))
    return lines


def difference_lines(plan: Plan, first: Version, second: Version) -> list[ChangeLine]:
    """What the second version has otherwise than the first, under the names of their time, and by what groups stood
    for then.
    """
    names = {**first.groups, **second.groups, **_group_names(plan)}
    titles = {**first.titles, **second.titles, **{row.name: row.title for row in plan.rows}}
    order = {row.name: place for place, row in enumerate(plan.rows)}
    found = sorted(api.changes(first.cells, second.cells), key=lambda change: order.get(change.name, len(order)))
    lines = (
        ChangeLine(
            titles.get(change.name, change.name),
            admitted_words(change.before, names, axes_at(first, plan)),
            admitted_words(change.after, names, axes_at(second, plan)),
        )
        for change in found
    )
    return [line for line in lines if line.before != line.after]


@dataclass(frozen=True)
class SectionSeen:
    """A section with the subsections and units that the learner finds in it."""

    row: Row
    modules: tuple[tuple[Row, tuple[Row, ...]], ...]


def outline(plan: Plan, group: int | None) -> list[SectionSeen]:
    """The course as learners of the group find it."""
    seen = api.visible(plan, group)
    shown = [row for row in plan.rows if row.name in seen]
    below = {name: [row for row in shown if row.parent == name] for name in seen}
    return [
        SectionSeen(row, tuple((module, tuple(below[module.name])) for module in below[row.name]))
        for row in shown
        if row.level < SUBSECTION
    ]


def _group_names(plan: Plan) -> dict[int, str]:
    return {column.group_id: trade_words(column) for column in plan.columns}

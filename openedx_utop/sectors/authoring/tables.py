"""Plans as the templates lay them out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from openedx_utop.sectors.authoring import api
from openedx_utop.sectors.authoring.data import SUBSECTION, UNIT, Column, Finding, Plan, Review, Row, Totals, Version
from openedx_utop.sectors.authoring.forms import EVERYBODY, Draft
from openedx_utop.sectors.authoring.wording import admitted_words, column_words, finding_words, touch_words


@dataclass(frozen=True)
class Heading:
    """A column: its number, its words, and whether it carries sectors."""

    number: int
    words: str
    is_track: bool


@dataclass(frozen=True)
class Box:
    """A box to tick; `is_closed`: what the row stands in does not admit the column."""

    heading: Heading
    is_ticked: bool
    is_closed: bool


@dataclass(frozen=True)
class Line:
    """A row of the table. `units`: how many units it has to show."""

    row: Row
    boxes: tuple[Box, ...]
    units: int
    is_opened: bool
    is_refused: bool
    is_disputed: bool


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
    headings = (Heading(EVERYBODY, _("Everybody"), is_track=False), *(_heading(column) for column in plan.columns))
    seen = {heading.number: api.visible(then, heading.number or None) for heading in headings}
    units = [row.parent for row in plan.rows if row.level == UNIT]
    lines = tuple(
        Line(
            row=row,
            boxes=tuple(_box(row, heading, draft, seen) for heading in headings),
            units=units.count(row.name),
            is_opened=row.name in draft.opened,
            is_refused=row.name in draft.refused,
            is_disputed=row.name in disputed,
        )
        for row in plan.rows
        if row.level != UNIT or row.parent in draft.opened
    )
    sums = tuple((heading, api.totals(then, heading.number or None)) for heading in headings)
    return Table(headings, lines, sums)


def _heading(column: Column) -> Heading:
    return Heading(column.group_id, column_words(column), column.is_track)


def _box(row: Row, heading: Heading, draft: Draft, seen: dict[int, frozenset[str]]) -> Box:
    is_closed = heading.number != EVERYBODY and row.parent is not None and row.parent not in seen[heading.number]
    return Box(heading, heading.number in draft.ticks[row.name], is_closed)


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
    names = _group_names(plan)
    by_name = {change.name: change for change in review.changes}
    return [
        ChangeLine(
            title=row.title,
            before=admitted_words(by_name[row.name].before, names),
            after=admitted_words(by_name[row.name].after, names),
            touched=touch_words(review.touches[row.name]),
        )
        for row in plan.rows
        if row.name in by_name
    ]


def difference_lines(plan: Plan, first: Version, second: Version) -> list[ChangeLine]:
    """What the second version has otherwise than the first, under the names of their time."""
    names = {**first.groups, **second.groups, **_group_names(plan)}
    titles = {**first.titles, **second.titles, **{row.name: row.title for row in plan.rows}}
    order = {row.name: place for place, row in enumerate(plan.rows)}
    found = sorted(api.changes(first.cells, second.cells), key=lambda change: order.get(change.name, len(order)))
    return [
        ChangeLine(
            titles.get(change.name, change.name),
            admitted_words(change.before, names),
            admitted_words(change.after, names),
        )
        for change in found
    ]


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
    return {column.group_id: column_words(column) for column in plan.columns}

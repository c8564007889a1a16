"""Which block each track sees, what that adds up to, and what two states of a course have apart."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from openedx_utop.sectors.authoring.axes import Axes, axes_of, carried_over, reach
from openedx_utop.sectors.authoring.data import SUBSECTION, UNIT, Cells, Change, Plan, Row, Totals, Touch


def admits(cells: Cells, name: str, group: int | None) -> bool:
    """Whether the block's own setting lets the group pass; None stands for learners in no group."""
    return name not in cells or group in cells[name]


def visible(plan: Plan, group: int | None) -> frozenset[str]:
    """The rows that learners of the group may open: each of those above admits them, too."""
    seen: set[str] = set()
    for row in plan.rows:
        above = row.parent is None or row.parent in seen
        if above and not row.is_hidden and admits(plan.cells, row.name, group):
            seen.add(row.name)
    return frozenset(seen)


def modules(plan: Plan, group: int | None) -> tuple[Row, ...]:
    """The subsections on the group's way; one whose units are all closed to it is no module."""
    seen = visible(plan, group)
    lived_in = {row.parent for row in plan.rows if row.level == UNIT and row.name in seen}
    built = {row.parent for row in plan.rows if row.level == UNIT}
    return tuple(
        row
        for row in plan.rows
        if row.level == SUBSECTION and row.name in seen and (row.name in lived_in or row.name not in built)
    )


def totals(plan: Plan, group: int | None) -> Totals:
    """What the group's way adds up to."""
    way = modules(plan, group)
    counts = {each.name: sum(row.assignment == each.name for row in way) for each in plan.grading}
    percent = sum(each.percent for each in plan.grading if counts[each.name])
    return Totals(len(way), sum(row.minutes for row in way), percent, counts)


def changes(before: Cells, after: Cells) -> tuple[Change, ...]:
    """Every block whose own setting differs."""
    names = sorted(before.keys() | after.keys())
    found = (Change(name, before.get(name), after.get(name)) for name in names)
    return tuple(change for change in found if change.before != change.after)


def applied(cells: Cells, wanted: Collection[Change]) -> dict[str, frozenset[int]]:
    """The cells after these changes."""
    result = dict(cells)
    for change in wanted:
        result.pop(change.name, None)
        if change.after is not None:
            result[change.name] = change.after
    return result


def merged(base: Cells, mine: Cells, theirs: Cells) -> tuple[dict[str, frozenset[int]], frozenset[str]]:
    """What the author changed since `base`, put on what is there now; and the blocks that both changed differently."""
    wanted = changes(base, mine)
    other = {change.name: change.after for change in changes(base, theirs)}
    both = frozenset(change.name for change in wanted if change.name in other and other[change.name] != change.after)
    return applied(theirs, wanted), both


def copied(cells: Cells, source: int, target: int, axes: Axes) -> dict[str, frozenset[int]]:
    """The cells once `target` is admitted wherever `source` is, level by level, and to no other restricted block.

    A block that only `target` was admitted to keeps it, else nobody would see it any more.
    """
    receiving = {group: level for group, (trade, level) in axes.ways.items() if trade == target} or {target: ""}
    result = {}
    for name, groups in cells.items():
        levels = reach(groups, axes).get(source, axes.every_level if source in groups else frozenset())
        admitted = {group for group, level in receiving.items() if level in levels}
        result[name] = (groups - receiving.keys()) | admitted or groups
    return result


def restored(plan: Plan, kept: Cells, before: Axes | None = None) -> tuple[dict[str, frozenset[int]], frozenset[str]]:
    """The cells of an earlier version that can be had again, and the blocks left as they are.

    `before`: what the groups stood for then. Blocks and groups may be gone since: a block whose groups are all gone
    is not opened to everybody for that.
    """
    names, known, now = {row.name for row in plan.rows}, {column.group_id for column in plan.columns}, axes_of(plan)
    again = {name: carried_over(groups, before or now, now) for name, groups in kept.items() if name in names}
    wanted = {name: groups & known for name, groups in again.items() if groups is not None}
    lost = frozenset(name for name, groups in wanted.items() if not groups)
    result = {name: groups for name, groups in wanted.items() if groups}
    result |= {name: plan.cells[name] for name in lost if name in plan.cells}
    return result, lost


def touches(
    before: Plan,
    after: Cells,
    learners: Mapping[int | None, frozenset[int]],
    done: Mapping[str, frozenset[int]],
) -> dict[str, Touch]:
    """For each block that changes: whom it appears to or disappears from, and who of them has completed it.

    `done`: who has completed each unit; units that are absent have nothing to complete.
    """
    then = replace(before, cells=after)
    seen = {group: (visible(before, group), visible(then, group)) for group in learners}
    below = _units_below(before)
    return {
        change.name: _touch(change.name, below[change.name], seen, learners, done)
        for change in changes(before.cells, after)
    }


def _touch(
    name: str,
    units: Collection[str],
    seen: Mapping[int | None, tuple[frozenset[str], frozenset[str]]],
    learners: Mapping[int | None, frozenset[int]],
    done: Mapping[str, frozenset[int]],
) -> Touch:
    touched: set[int] = set()
    finished: set[int] = set()
    for group, members in learners.items():
        before, after = seen[group]
        if (name in before) == (name in after):
            continue
        touched |= members
        own = [done[unit] for unit in units if unit in done and unit in (before if name in before else after)]
        finished |= members.intersection(*own) if own else set()
    return Touch(frozenset(touched), frozenset(finished))


def _units_below(plan: Plan) -> dict[str, tuple[str, ...]]:
    parents = {row.name: row.parent for row in plan.rows}
    below: dict[str, list[str]] = {row.name: [] for row in plan.rows}
    for row in plan.rows:
        if row.level == UNIT:
            for name in _lineage(row.name, parents):
                below[name].append(row.name)
    return {name: tuple(units) for name, units in below.items()}


def _lineage(name: str | None, parents: Mapping[str, str | None]) -> Iterator[str]:
    while name is not None:
        yield name
        name = parents[name]

"""What the author's browser sends: ticks, and what they were put on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from openedx_utop.sectors.authoring.axes import Axes, axes_of, groups_of, ticks_of
from openedx_utop.sectors.authoring.data import EVERYBODY, AuthoringError, Cells, Origin, Plan


class Malformed(AuthoringError):
    """The form is not one of ours."""


@dataclass(frozen=True)
class Draft:
    """`base`: what the author found. `mine`: what they have made of it so far. `ticks`: what is ticked of each row,
    EVERYBODY and levels included, sensible or not. `opened`: the subsections whose units are on the page.
    """

    base: Cells
    mine: Cells
    ticks: Mapping[str, frozenset[int]]
    axes: Axes
    opened: frozenset[str] = frozenset()
    origin: Origin = Origin.TICKED

    @property
    def refused(self) -> frozenset[str]:
        """The rows where no trade is ticked, or everybody and some trades, or no level."""
        return frozenset(name for name, ticked in self.ticks.items() if not self._is_sensible(ticked))

    @property
    def cells(self) -> dict[str, frozenset[int]]:
        """What the ticks say; a row whose ticks are left alone keeps its groups, even those that no tick could say."""
        said = {name: self._groups(name, ticked) for name, ticked in self.ticks.items()}
        return {name: groups for name, groups in said.items() if groups is not None}

    def _is_sensible(self, ticked: frozenset[int]) -> bool:
        trades = {number for number in ticked if number >= EVERYBODY}
        has_level = not self.axes.levels or any(number < EVERYBODY for number in ticked)
        return bool(trades) and has_level and (EVERYBODY not in trades or len(trades) == 1)

    def _groups(self, name: str, ticked: frozenset[int]) -> frozenset[int] | None:
        before = self.mine.get(name)
        return before if ticked == ticks_of(before, self.axes) else groups_of(ticked, self.axes)


def drafted(plan: Plan, base: Cells, cells: Cells, *, opened: frozenset[str], origin: Origin = Origin.TICKED) -> Draft:
    """The draft that has these cells, or a part of them in place of the plan's own."""
    axes = axes_of(plan)
    ticks = {row.name: ticks_of(cells.get(row.name), axes) for row in plan.rows}
    return Draft(base, cells, ticks, axes, opened, origin)


def sent(plan: Plan, form: QueryDict) -> Draft:
    """The draft in a form: all cells, but for the rows that were on the page with boxes of their own."""
    base, mine, shown, axes = cells_in(form, "base"), cells_in(form, "mine"), _names(form, "rows"), axes_of(plan)
    ticks = {row.name: ticks_of(mine.get(row.name), axes) for row in plan.rows}
    ticked: dict[str, set[int]] = {name: set() for name in shown if name in ticks}
    known = {str(number): number for number in (*axes.everyone, *(column.group_id for column in plan.trades))}
    for value in form.getlist("cell"):
        name, _bar, number = value.rpartition("|")
        if name in ticked and number in known:
            ticked[name].add(known[number])
    ticks |= {name: frozenset(numbers) for name, numbers in ticked.items()}
    return Draft(base, mine, ticks, axes, _toggled(_names(form, "opened"), form.get("open", "")), _origin(form))


def encoded(cells: Cells) -> str:
    """Cells as a hidden field carries them."""
    return json.dumps({name: sorted(groups) for name, groups in cells.items()}, separators=(",", ":"))


def _origin(form: QueryDict) -> Origin:
    origin = form.get("origin", Origin.TICKED)
    return Origin(origin) if origin in {Origin.TICKED, Origin.COPIED, Origin.RESTORED} else Origin.TICKED


def _toggled(opened: frozenset[str], name: str) -> frozenset[str]:
    return opened ^ {name} if name else opened


def _names(form: QueryDict, field: str) -> frozenset[str]:
    names = _parsed(form.get(field, "[]"))
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Malformed(_("This form cannot be read. Open the page again."))
    return frozenset(names)


def cells_in(form: QueryDict, field: str) -> dict[str, frozenset[int]]:
    """The cells that a hidden field carries. Raises Malformed."""
    cells = _parsed(form.get(field, ""))
    if not isinstance(cells, dict) or not all(_are_groups(groups) for groups in cells.values()):
        raise Malformed(_("This form cannot be read. Open the page again."))
    return {name: frozenset(groups) for name, groups in cells.items()}


def _are_groups(groups: object) -> bool:
    return isinstance(groups, list) and all(type(group_id) is int for group_id in groups)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed(_("This form cannot be read. Open the page again.")) from error

"""What the author's browser sends: ticks, and what they were put on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from openedx_utop.sectors.authoring.data import AuthoringError, Cells, Origin, Plan

# The number that stands for everybody among those of content groups, which start at 1.
EVERYBODY = 0


class Malformed(AuthoringError):
    """The form is not one of ours."""


@dataclass(frozen=True)
class Draft:
    """`base`: what the author found. `ticks`: what is ticked of each row, EVERYBODY included, sensible or not.

    `opened`: the subsections whose units are on the page.
    """

    base: Cells
    ticks: Mapping[str, frozenset[int]]
    opened: frozenset[str] = frozenset()
    origin: Origin = Origin.TICKED

    @property
    def refused(self) -> frozenset[str]:
        """The rows where nothing is ticked, or everybody and some groups."""
        return frozenset(
            name for name, ticked in self.ticks.items() if not ticked or (EVERYBODY in ticked and len(ticked) > 1)
        )

    @property
    def cells(self) -> dict[str, frozenset[int]]:
        """What the ticks say."""
        return {name: ticked - {EVERYBODY} for name, ticked in self.ticks.items() if ticked != {EVERYBODY}}


def drafted(plan: Plan, base: Cells, cells: Cells, *, opened: frozenset[str], origin: Origin = Origin.TICKED) -> Draft:
    """The draft that has these cells, or a part of them in place of the plan's own."""
    ticks = {row.name: cells.get(row.name, frozenset({EVERYBODY})) for row in plan.rows}
    return Draft(base, ticks, opened, origin)


def sent(plan: Plan, form: QueryDict) -> Draft:
    """The draft in a form: all cells, but for the rows that were on the page with boxes of their own."""
    base, mine, shown = (_cells(form, "base"), _cells(form, "mine"), _names(form, "rows"))
    ticks = {row.name: mine.get(row.name, frozenset({EVERYBODY})) for row in plan.rows}
    ticked: dict[str, set[int]] = {name: set() for name in shown if name in ticks}
    known = {str(group_id): group_id for group_id in (EVERYBODY, *(column.group_id for column in plan.columns))}
    for value in form.getlist("cell"):
        name, _bar, group_id = value.rpartition("|")
        if name in ticked and group_id in known:
            ticked[name].add(known[group_id])
    ticks |= {name: frozenset(groups) for name, groups in ticked.items()}
    return Draft(base, ticks, _toggled(_names(form, "opened"), form.get("open", "")), _origin(form))


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


def _cells(form: QueryDict, field: str) -> dict[str, frozenset[int]]:
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

"""What the course pages show of a course to one account."""

from dataclasses import dataclass
from datetime import datetime

from opaque_keys.edx.keys import UsageKey

from demo.access import LearnerView
from demo.tree import Node


@dataclass(frozen=True)
class UnitLink:
    """A unit as the pages list it."""

    key: UsageKey
    title: str
    is_complete: bool


@dataclass(frozen=True)
class ModuleLink:
    """A subsection with its units."""

    key: UsageKey
    title: str
    is_complete: bool
    units: list[UnitLink]


@dataclass(frozen=True)
class SectionLinks:
    """A section with its subsections."""

    title: str
    modules: list[ModuleLink]


def outline_of(view: LearnerView, done: dict[UsageKey, datetime]) -> list[SectionLinks]:
    """The whole course as this account sees it."""
    return [
        SectionLinks(section.title, [_module(view, node, done) for node in subsections])
        for section, subsections in view.sections()
    ]


def _module(view: LearnerView, node: Node, done: dict[UsageKey, datetime]) -> ModuleLink:
    units = [UnitLink(unit.key, unit.title, _is_complete(view, unit, done)) for unit in view.units(node)]
    return ModuleLink(node.key, node.title, _is_complete(view, node, done), units)


def _is_complete(view: LearnerView, node: Node, done: dict[UsageKey, datetime]) -> bool:
    return all(leaf.key in done for leaf in view.completable(node))


@dataclass(frozen=True)
class Position:
    """A unit within the course: its neighbours over all subsections."""

    section: SectionLinks
    module: ModuleLink
    unit: UnitLink
    previous: UnitLink | None
    next: UnitLink | None


def locate(outline: list[SectionLinks], usage_key: UsageKey) -> Position | None:
    """Where the unit is; None if the account's outline does not hold it."""
    places = [(section, module, unit) for section in outline for module in section.modules for unit in module.units]
    for index, (section, module, unit) in enumerate(places):
        if unit.key == usage_key:
            before = places[index - 1][2] if index else None
            after = places[index + 1][2] if index + 1 < len(places) else None
            return Position(section, module, unit, before, after)
    return None

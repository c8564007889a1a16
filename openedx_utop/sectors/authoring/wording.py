"""What the author is told, in sentences."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openedx_utop.sectors.authoring.axes import Axes, reach, ticks_of
from openedx_utop.sectors.authoring.data import EVERYBODY, Column, Concern, Finding, Origin, Touch
from openedx_utop.sectors.levels.data import Level


def column_words(column: Column) -> str:
    """The sectors that the group carries, else its own name; and the level, if it is that of one."""
    named = trade_words(column)
    return _("{trade}, {level}").format(trade=named, level=level_words(column.level)) if column.level else named


def trade_words(column: Column) -> str:
    """The sectors that the group carries, at whatever level, else its own name."""
    return ", ".join(column.sectors) or column.name


def level_words(level: str) -> str:
    """The name of a level."""
    return str(Level(level).label)


def admitted_words(groups: frozenset[int] | None, names: Mapping[int, str], axes: Axes) -> str:
    """Who a block's own setting admits: trades by `names`, with the levels where they are not all of them."""
    if groups is None:
        return _("everybody")
    if EVERYBODY in ticks_of(groups, axes):
        return _("every trade ({levels})").format(levels=_levels(reach(groups, axes).popitem()[1]))
    named = [_named(names, trade, levels, axes) for trade, levels in reach(groups, axes).items()]
    named += [_named(names, group, axes.every_level, axes) for group in groups - axes.ways.keys()]
    return ", ".join(sorted(named)) or _("nobody")


def _named(names: Mapping[int, str], number: int, levels: frozenset[str], axes: Axes) -> str:
    named = names.get(number, _("a group that no longer exists"))
    return named if levels == axes.every_level else f"{named} ({_levels(levels)})"


def _levels(levels: frozenset[str]) -> str:
    return ", ".join(str(level.label) for level in Level if level in levels)


def touch_words(touch: Touch) -> str:
    """How many learners a change touches, and how many of them had finished the block."""
    learners, finished = len(touch.learners), len(touch.finished)
    if not learners:
        return _("no learner")
    text = ngettext("{number} learner", "{number} learners", learners).format(number=learners)
    if not finished:
        return text
    done = ngettext("{number} has finished it", "{number} have finished it", finished).format(number=finished)
    return _("{learners}, {finished}").format(learners=text, finished=done)


def origin_words(origin: Origin) -> str:
    """How a version came about."""
    return {
        Origin.FOUND: _("found in the course: set outside this page, or imported"),
        Origin.TICKED: _("ticked in the table"),
        Origin.COPIED: _("one trade copied for another"),
        Origin.RESTORED: _("an earlier version restored"),
        Origin.LEVELS: _("the levels or the trades of the course changed"),
    }[origin]


def finding_words(finding: Finding) -> str:
    """What to look at, and why."""
    return _SENTENCES[finding.concern](finding)


def _trade(finding: Finding) -> str:
    return column_words(finding.column) if finding.column else ""


def _block(finding: Finding) -> str:
    return finding.row.title if finding.row else ""


_SENTENCES: dict[Concern, Callable[[Finding], str]] = {
    Concern.EMPTY_WEEK: lambda it: _("{trade}: nothing to do in “{block}”.").format(trade=_trade(it), block=_block(it)),
    Concern.EMPTY_SUBSECTION: lambda it: _(
        "{trade}: “{block}” is empty, because all its units are for others. Restrict the subsection instead."
    ).format(trade=_trade(it), block=_block(it)),
    Concern.UNBALANCED: lambda it: _(
        "{trade}: {actual} minutes, when the middle of all trades is {expected} minutes."
    ).format(trade=_trade(it), actual=it.actual, expected=it.expected),
    Concern.NO_ASSESSMENT: lambda it: _("{trade}: nothing is graded.").format(trade=_trade(it)),
    Concern.ASSIGNMENT_MISSING: lambda it: _(
        "{trade}: no subsection is graded as “{assignment}”, so a part of the grade, {percent} %, cannot be earned."
    ).format(trade=_trade(it), assignment=it.assignment, percent=it.expected),
    Concern.ASSIGNMENTS_SHORT: lambda it: _(
        "{trade}: {actual} of the {expected} subsections graded as “{assignment}” that the grading policy expects. "
        "Those that are missing count as zero."
    ).format(trade=_trade(it), actual=it.actual, expected=it.expected, assignment=it.assignment),
    Concern.TIME_OUT_OF_REACH: lambda it: _(
        "{trade}: {actual} minutes estimated, when the training action asks for {expected} minutes."
    ).format(trade=_trade(it), actual=it.actual, expected=it.expected),
    Concern.NO_LEARNER: lambda it: _("{trade}: no learner yet.").format(
        trade=trade_words(it.column) if it.column else ""
    ),
    Concern.CLOSED_TO_ALL: lambda it: _(
        "“{block}” is closed to everybody: who may see it may not see what it stands in."
    ).format(block=_block(it)),
    Concern.UNKNOWN_GROUP: lambda it: _("“{block}” names a group that no longer exists.").format(block=_block(it)),
}

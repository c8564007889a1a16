"""The plan of a course, read from the host, from the training action and from the tracks."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.compat import AuthoredCourse, ContentGroup, platform
from openedx_utop.sectors.authoring.data import SUBSECTION, UNIT, Assignment, Column, Conditions, Plan, Row, UnknownPlan
from openedx_utop.sectors.data import SectorFacts
from openedx_utop.sectors.levels.data import LevelGroups
from openedx_utop.sectors.levels.reading import level_groups
from openedx_utop.sectors.levels.rules import carried_by, effective
from openedx_utop.sectors.tree import sectors_by_slug, tracks_of
from openedx_utop.training.api import Action, Estimates, action_for, estimates


def read_plan(course_key: CourseKey) -> Plan:
    """The course as it is now. Raises UnknownPlan."""
    course = platform().authored_course(course_key)
    if course is None:
        raise UnknownPlan(_("There is no such course."))
    action, levels = action_for(course_key), level_groups(course_key)
    return Plan(
        title=course.title,
        url=course.url,
        rows=_rows(course, estimates(action) if action else Estimates()),
        columns=columns_of(course.groups, tracks_of(course_key), levels),
        grading=tuple(Assignment(each.name, each.weight * 100, each.expected, each.dropped) for each in course.grading),
        cells={name_of(block.key): block.groups for block in course.blocks if block.groups is not None},
        conditions=_conditions(action) if action else None,
        levels=tuple(level.value for level in levels.offer.levels),
    )


def name_of(key: UsageKey) -> str:
    """What a block is called in a plan: the same in every run of the course."""
    return f"{key.block_type}@{key.block_id}"


def key_of(name: str, course_key: CourseKey) -> UsageKey:
    """The block of this name in one run of the course."""
    block_type, block_id = name.split("@", 1)
    return course_key.make_usage_key(block_type, block_id)


def finished_units(course_key: CourseKey, plan: Plan, names: frozenset[str]) -> Mapping[str, frozenset[int]]:
    """Who has completed each unit in these blocks or below them."""
    inside = set(names)
    for row in plan.rows:
        if row.parent in inside:
            inside.add(row.name)
    units = [key_of(row.name, course_key) for row in plan.rows if row.level == UNIT and row.name in inside]
    return {name_of(unit): learners for unit, learners in platform().learners_done(units).items()}


def _rows(course: AuthoredCourse, published: Estimates) -> tuple[Row, ...]:
    return tuple(
        Row(
            name=name_of(block.key),
            level=block.level,
            title=block.title,
            parent=name_of(block.parent) if block.parent else None,
            minutes=published.of(block.key) // 60 if block.level == SUBSECTION else 0,
            assignment=block.assignment,
            is_hidden=block.is_hidden,
            is_pending=block.is_pending,
        )
        for block in course.blocks
    )


def columns_of(groups: Sequence[ContentGroup], tracks: Mapping[str, str], levels: LevelGroups) -> tuple[Column, ...]:
    """Tracks first, in the order of their groups, under the names of their sectors; each with its levels behind it."""
    numbers = {group.name: group.group_id for group in groups}
    tree = sectors_by_slug()
    columns = [_column(group, tracks, levels, numbers, tree) for group in groups]
    order = {column.group_id: place for place, column in enumerate(columns)}
    return tuple(sorted(columns, key=lambda each: (not each.is_track, order[each.trade], each.own is not None)))


def _column(
    group: ContentGroup,
    tracks: Mapping[str, str],
    levels: LevelGroups,
    numbers: Mapping[str, int],
    tree: Mapping[str, SectorFacts],
) -> Column:
    """A group of a level whose trade has lost its own group carries nobody."""
    carried = carried_by(group.name, tracks.values(), levels)
    if carried is None or carried[0] not in numbers:
        return Column(group.group_id, group.name)
    track, level = carried
    names = sorted(tree[slug].name for slug, name in tracks.items() if name == track)
    own = numbers[track] if level is not None else None
    return Column(group.group_id, group.name, tuple(names), own, effective(level, levels.offer) or "")


def _conditions(action: Action) -> Conditions:
    asked = action.conditions
    return Conditions(asked.requires_completion, asked.required_grade, asked.required_seconds // 60)

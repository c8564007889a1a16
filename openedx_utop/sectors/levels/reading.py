"""What levels a course has, and which groups carry them."""

from opaque_keys.edx.keys import CourseKey

from openedx_utop.sectors.levels.data import Level, LevelGroups, Offer
from openedx_utop.sectors.levels.models import CourseLevel, LevelGroup
from openedx_utop.sectors.levels.rules import ORDER


def offer_of(course_key: CourseKey) -> Offer:
    """The levels of a course; one query."""
    rows = dict(CourseLevel.objects.filter(course_key=course_key).values_list("level", "is_default"))
    levels = tuple(level for level in ORDER if level in rows)
    return Offer(levels, next((level for level in levels if rows[level]), levels[0] if levels else None))


def level_groups(course_key: CourseKey) -> LevelGroups:
    """The groups of the levels, and those of levels that the course had before.

    One query where there are none: levels are turned on together with their groups.
    """
    rows = LevelGroup.objects.filter(track__course_key=course_key)
    names = {
        (track, Level(level)): name
        for track, level, name in rows.order_by("pk").values_list("track__group_name", "level", "group_name")
    }
    return LevelGroups(offer_of(course_key), names) if names else LevelGroups()

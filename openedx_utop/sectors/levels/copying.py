"""The levels of one run of a course, given to the next."""

from collections.abc import Collection

from opaque_keys.edx.keys import CourseKey

from openedx_utop.sectors.levels.models import CourseLevel, LevelGroup
from openedx_utop.sectors.models import Track


def copy_levels(source: CourseKey, target: CourseKey, names: Collection[str]) -> None:
    """The levels, and their groups where the target has them by these names; what is there stays."""
    tracks = {track.sector_id: track for track in Track.objects.filter(course_key=target)}
    groups = LevelGroup.objects.filter(track__course_key=source, group_name__in=names).select_related("track")
    copies = [
        LevelGroup(track=tracks[each.track.sector_id], level=each.level, group_name=each.group_name)
        for each in groups
        if each.track.sector_id in tracks
    ]
    LevelGroup.objects.bulk_create(copies, ignore_conflicts=True)
    if not CourseLevel.objects.filter(course_key=target).exists():
        levels = CourseLevel.objects.filter(course_key=source)
        CourseLevel.objects.bulk_create(
            [CourseLevel(course_key=target, level=each.level, is_default=each.is_default) for each in levels],
            ignore_conflicts=True,
        )

"""As whose learner somebody looks at a course."""

from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.sectors.choices import learner_sector
from openedx_utop.sectors.data import SectorFacts
from openedx_utop.sectors.tree import sectors, tracks_of


def sector_looked_as(user_id: int, course_key: CourseKey) -> SectorFacts | None:
    """The learner's own sector; for a staff member who looks at the course as a content group, the group's."""
    looked_as = platform().group_looked_as(course_key)
    if looked_as is None:
        return learner_sector(user_id, course_key)
    groups = platform().content_groups(course_key)
    names = {group.name for group in groups if (group.partition_id, group.group_id) == looked_as}
    tracks = tracks_of(course_key)
    return next((sector for sector in sectors() if tracks.get(sector.slug) in names), None)

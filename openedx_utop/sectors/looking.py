"""As whose learner somebody looks at a course."""

from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.sectors.choices import learner_sector
from openedx_utop.sectors.data import SectorFacts
from openedx_utop.sectors.track_table import track_table


def sector_looked_as(user_id: int, course_key: CourseKey) -> SectorFacts | None:
    """The learner's own sector; for a staff member who looks at the course as a content group, the group's."""
    looked_as = platform().group_looked_as(course_key)
    if looked_as is None:
        return learner_sector(user_id, course_key)
    table = track_table(course_key)
    slug = table.sector_shown(looked_as)
    return table.tree[slug] if slug is not None else None

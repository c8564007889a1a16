"""The tracks of one course as they stand at one moment: read once, then asked as often as a move needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import ContentGroup, platform
from openedx_utop.sectors.data import SectorFacts
from openedx_utop.sectors.levels.data import LevelGroups
from openedx_utop.sectors.levels.reading import level_groups
from openedx_utop.sectors.tree import group_name, numbered_tree, tracks_of

# Partition and group id of a content group, as cohorts are linked to it.
Link = tuple[int, int]


@dataclass(frozen=True)
class TrackTable:
    """The whole tree of sectors, the tracks by the slug of the sector they carry, and the course's content groups."""

    course_key: CourseKey
    tree: Mapping[str, SectorFacts]
    sector_ids: Mapping[str, int]
    tracks: Mapping[str, str]
    levels: LevelGroups
    groups: Sequence[ContentGroup]

    def wanted(self, slug: str) -> str | None:
        """The name of the content group of a sector's track, its own or inherited; None without."""
        return group_name(slug, self.tree, self.tracks)

    def group_of(self, slug: str) -> ContentGroup | None:
        """That content group; None where the author has not made it, or took it away."""
        name = self.wanted(slug)
        return next((group for group in self.groups if group.name == name), None)

    def shown(self, link: Link | None) -> str | None:
        """The name of the track that whoever is in a cohort with this link sees."""
        name = next((group.name for group in self.groups if link_to(group) == link), None)
        return name if name in self.tracks.values() else None

    def sector_shown(self, link: Link | None) -> str | None:
        """The slug of the first sector of the tree that carries that track."""
        name = self.shown(link)
        return next((slug for slug in self.tree if name is not None and self.tracks.get(slug) == name), None)


def track_table(course_key: CourseKey) -> TrackTable:
    """Read the tracks of a course: four queries, and the course's content groups once."""
    tree, sector_ids = numbered_tree()
    return TrackTable(
        course_key,
        tree,
        sector_ids,
        tracks_of(course_key),
        level_groups(course_key),
        platform().content_groups(course_key),
    )


def link_to(group: ContentGroup) -> Link:
    """As a cohort of this content group is linked."""
    return group.partition_id, group.group_id

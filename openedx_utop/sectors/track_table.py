"""The tracks of one course as they stand at one moment: read once, then asked as often as a move needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import ContentGroup, platform
from openedx_utop.sectors.data import SectorFacts
from openedx_utop.sectors.levels.data import Level, LevelGroups
from openedx_utop.sectors.levels.reading import level_groups
from openedx_utop.sectors.levels.rules import carried_by, effective, group_at
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

    @property
    def names(self) -> frozenset[str]:
        """The names of all groups that carry a track, at whatever level."""
        return frozenset((*self.tracks.values(), *self.levels.names.values()))

    def track(self, slug: str) -> str | None:
        """The name of the group of a sector's track, its own or inherited, at whatever level."""
        return group_name(slug, self.tree, self.tracks)

    def wanted(self, slug: str, level: Level | None) -> str | None:
        """The name of the content group of a sector's track at a level; None without a track.

        Where the author has taken the group of the level away, that of the track.
        """
        track = self.track(slug)
        name = group_at(track, level, self.levels) if track is not None else None
        return name if name in {group.name for group in self.groups} else track

    def group_of(self, slug: str, level: Level | None) -> ContentGroup | None:
        """That content group; None where the author has not made it, or took it away."""
        name = self.wanted(slug, level)
        return next((group for group in self.groups if group.name == name), None)

    def shown(self, link: Link | None) -> str | None:
        """The name of the group of a track that whoever is in a cohort with this link is in."""
        name = next((group.name for group in self.groups if link_to(group) == link), None)
        return name if name in self.names else None

    def track_shown(self, link: Link | None) -> str | None:
        """The name of the trade's own group, whatever the level at which they follow it."""
        carried = self._carried(link)
        return carried[0] if carried else None

    def sector_shown(self, link: Link | None) -> str | None:
        """The slug of the first sector of the tree that carries that track."""
        carried = self._carried(link)
        return next((slug for slug in self.tree if carried and self.tracks.get(slug) == carried[0]), None)

    def level_shown(self, link: Link | None) -> Level | None:
        """The level by which the learners of that group count, if it is that of a level and not the trade's own."""
        carried = self._carried(link)
        return effective(carried[1], self.levels.offer) if carried and carried[1] else None

    def _carried(self, link: Link | None) -> tuple[str, Level | None] | None:
        name = self.shown(link)
        return carried_by(name, self.tracks.values(), self.levels) if name is not None else None


def track_table(course_key: CourseKey) -> TrackTable:
    """Read the tracks of a course: three queries, one more if it has levels, and the content groups once."""
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

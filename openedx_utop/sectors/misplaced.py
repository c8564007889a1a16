"""Learners whom somebody moved to another trade's track on the platform, without the product hearing of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.sectors.choices import slugs_chosen
from openedx_utop.sectors.data import SectorFacts
from openedx_utop.sectors.track_table import Link, TrackTable, track_table


@dataclass(frozen=True)
class Misplaced:
    """A learner, the sector that the record says, and the one whose modules the platform shows."""

    user_id: int
    held: SectorFacts
    shown: SectorFacts


def misplaced(course_key: CourseKey) -> tuple[Misplaced, ...]:
    """The enrolled learners of whom an adviser has to say which of the two holds, by user id."""
    table, members = track_table(course_key), platform().cohort_members(course_key)
    chosen = slugs_chosen(course_key, platform().enrolled_learners(course_key))
    found = []
    for user_id, slugs in sorted(chosen.items()):
        link = members.get(user_id)
        shown = table.sector_shown(link)
        if shown is not None and is_moved(table, slugs, link):
            found.append(Misplaced(user_id, table.tree[slugs[-1]], table.tree[shown]))
    return tuple(found)


def is_moved(table: TrackTable, slugs: Sequence[str], link: Link | None) -> bool:
    """Whether who was given these sectors, the last one now, was moved to another trade than that.

    Whoever still stands where the choice before left them was not: the move after the last choice never came about.
    """
    shown = table.track_shown(link)
    if not slugs or shown is None:
        return False
    return shown not in {table.track(slug) for slug in slugs[-2:]}

"""Tracks made and renamed from the plan: the content group and the row that says whom it carries."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.sectors.authoring.data import GroupNameTaken, Trackless, UnknownPlan
from openedx_utop.sectors.levels.models import LevelGroup
from openedx_utop.sectors.tracks import undecided_name, undecided_names
from openedx_utop.sectors.tree import sectors_by_slug, set_track, tracks_of


def trackless_sectors(course_key: CourseKey) -> tuple[Trackless, ...]:
    """The sectors on offer that have no track of their own in the course, each after the one it stands under."""
    tree, tracks, groups = sectors_by_slug(), tracks_of(course_key), _group_names(course_key)
    return tuple(
        Trackless(slug, sector.name, tree[sector.parent].name if sector.parent else "")
        for slug, sector in tree.items()
        if sector.is_offered and (slug not in tracks or tracks[slug] not in groups)
    )


def make_tracks(course_key: CourseKey, slugs: Collection[str], *, by: int) -> tuple[str, ...]:
    """Give these sectors a content group of their name, made where missing; the answer is the names. Idempotent.

    With the first one comes a group for learners without a sector, so that content can be meant for them alone.
    """
    names = tracks_of(course_key)
    wanted = [sector for sector in trackless_sectors(course_key) if sector.slug in slugs]
    for sector in wanted:
        names.setdefault(sector.slug, _unshared(sector, frozenset(names.values())))
    known = _group_names(course_key)
    made = [names[sector.slug] for sector in wanted]
    wanted_names = [*made] if undecided_names() & set(known) else [*made, undecided_name()]
    missing = [name for name in wanted_names if name not in known]
    if made and missing:
        platform().add_content_groups(course_key, missing, by=by)
    for sector in wanted:
        set_track(course_key, sector.slug, names[sector.slug])
    return tuple(made)


def _unshared(sector: Trackless, taken: frozenset[str]) -> str:
    """The sector's name, made different from that of a namesake whose learners are others."""
    return f"{sector.name} ({sector.slug})" if sector.name in taken else sector.name


def rename_track(course_key: CourseKey, group_id: int, name: str, *, by: int) -> None:
    """Rename a content group, and follow it with the sectors it carries. Raises GroupNameTaken, UnknownPlan."""
    groups = {group.group_id: group.name for group in platform().content_groups(course_key)}
    if group_id not in groups:
        raise UnknownPlan(_("There is no such group in this course."))
    if name in groups.values():
        raise GroupNameTaken(_("This course has a group of this name."))
    platform().rename_content_group(course_key, group_id, name, by=by)
    for slug, group_name in tracks_of(course_key).items():
        if group_name == groups[group_id]:
            set_track(course_key, slug, name)
    LevelGroup.objects.filter(track__course_key=course_key, group_name=groups[group_id]).update(group_name=name)


def _group_names(course_key: CourseKey) -> frozenset[str]:
    return frozenset(group.name for group in platform().content_groups(course_key))

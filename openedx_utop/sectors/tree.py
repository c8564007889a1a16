"""The operator's tree of sectors, and which of them a course has a track for."""

from collections.abc import Mapping

from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.sectors.data import SectorFacts, SectorInUse, SectorLoop, UnknownSector
from openedx_utop.sectors.models import Sector, Track
from openedx_utop.sectors.rules import among, lineage, sector_tree, track_bearer


def sectors_by_slug() -> dict[str, SectorFacts]:
    """The whole tree, each sector before its branches."""
    return numbered_tree()[0]


def numbered_tree() -> tuple[dict[str, SectorFacts], dict[str, int]]:
    """The whole tree, and by slug the primary keys; one query."""
    rows = list(Sector.objects.values_list("pk", "slug", "name", "parent__slug", "is_offered"))
    return sector_tree(row[1:] for row in rows), {row[1]: row[0] for row in rows}


def sectors() -> tuple[SectorFacts, ...]:
    """The operator's tree, each sector before its branches."""
    return tuple(sectors_by_slug().values())


def sector_lineages() -> dict[str, tuple[str, ...]]:
    """By the slug of each sector, itself and those above it, up to the top."""
    tree = sectors_by_slug()
    return {slug: tuple(lineage(slug, parents_of(tree))) for slug in tree}


def offered_sectors(course_key: CourseKey) -> tuple[SectorFacts, ...]:
    """What a learner may choose in a course: offered, and having a track there, its own or inherited.

    They are a tree of their own: what lies between two of them is left out of their parents and levels.
    """
    return offered_among(sectors_by_slug(), tracks_of(course_key))


def offered_among(tree: Mapping[str, SectorFacts], tracks: Mapping[str, str]) -> tuple[SectorFacts, ...]:
    """The same, of what has been read already."""
    chosen = {slug for slug, sector in tree.items() if sector.is_offered and group_name(slug, tree, tracks)}
    return among(tree, chosen)


def tracks_of(course_key: CourseKey) -> dict[str, str]:
    """Content group names of a course by the slug of the sector they carry."""
    return dict(Track.objects.filter(course_key=course_key).values_list("sector__slug", "group_name"))


def group_name(slug: str, tree: Mapping[str, SectorFacts], tracks: Mapping[str, str]) -> str | None:
    """The content group that carries the sector: its own, else that of the nearest sector above; None without."""
    bearer = track_bearer(slug, parents_of(tree), tracks)
    return tracks[bearer] if bearer is not None else None


def define_sector(slug: str, *, name: str, parent: str | None = None, is_offered: bool = True) -> SectorFacts:
    """Create or change a sector. Raises UnknownSector for the parent, and SectorLoop."""
    tree = sectors_by_slug()
    if parent is not None:
        refuse_loop(slug, parent, tree)
    above = Sector.objects.get(slug=parent) if parent is not None else None
    Sector.objects.update_or_create(slug=slug, defaults={"name": name, "parent": above, "is_offered": is_offered})
    return sectors_by_slug()[slug]


def remove_sector(slug: str) -> None:
    """Delete a sector that nothing holds. Raises UnknownSector and SectorInUse."""
    sector = _sector(slug)
    try:
        sector.delete()
    except ProtectedError as error:
        raise SectorInUse(in_use()) from error


def set_track(course_key: CourseKey, slug: str, group_name: str) -> None:
    """Say which content group of the course carries the sector. Raises UnknownSector."""
    Track.objects.update_or_create(course_key=course_key, sector=_sector(slug), defaults={"group_name": group_name})


def refuse_loop(slug: str, parent: str, tree: Mapping[str, SectorFacts]) -> None:
    """Raise SectorLoop if the sector would come to stand under itself, UnknownSector if there is no such parent."""
    if parent not in tree:
        raise UnknownSector(unknown(parent))
    if slug in lineage(parent, parents_of(tree)):
        raise SectorLoop(_("A sector cannot be placed under itself or one of its branches."))


def parents_of(tree: Mapping[str, SectorFacts]) -> dict[str, str | None]:
    """The slug of what lies above each sector."""
    return {slug: sector.parent for slug, sector in tree.items()}


def in_use() -> str:
    """What to do with a sector that cannot be deleted."""
    return _(
        "Learners, rules, tracks or branches hold this sector, so it stays. "
        "Withdraw it instead: untick “offered to new learners”."
    )


def unknown(slug: str) -> str:
    """That there is no such sector."""
    return _("There is no sector “%(slug)s”.") % {"slug": slug}


def _sector(slug: str) -> Sector:
    sector = Sector.objects.filter(slug=slug).first()
    if sector is None:
        raise UnknownSector(unknown(slug))
    return sector

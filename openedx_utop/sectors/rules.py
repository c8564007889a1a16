"""From a company to a sector, and from a sector to a track."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from openedx_utop.sectors.data import ProposalStatus, SectorFacts


def proposed(
    matches: Collection[str], offered: Sequence[SectorFacts], parents: Mapping[str, str | None]
) -> tuple[ProposalStatus, SectorFacts | None, tuple[SectorFacts, ...]]:
    """The status, the sector if it is one, and the candidates, given the sectors offered in the course."""
    found = meant(matches, offered, parents)
    if len(found) == 1:
        return ProposalStatus.RESOLVED, found[0], tuple(offered)
    if found:
        return ProposalStatus.AMBIGUOUS, None, found
    return ProposalStatus.UNRESOLVED, None, tuple(offered)


def meant(
    matches: Collection[str], offered: Sequence[SectorFacts], parents: Mapping[str, str | None]
) -> tuple[SectorFacts, ...]:
    """What the sectors that a company leads to come to in a course.

    One that is not offered stands for the nearest one above that is, else for the branches that are.
    """
    open_here = frozenset(sector.slug for sector in offered)
    standing = {slug for match in matches for slug in _standing_for(match, open_here, parents)}
    return tuple(sector for sector in offered if sector.slug in standing)


def _standing_for(slug: str, offered: Collection[str], parents: Mapping[str, str | None]) -> Collection[str]:
    if bearer := track_bearer(slug, parents, offered):
        return (bearer,)
    return [branch for branch in offered if slug in lineage(branch, parents)]


def among(tree: Mapping[str, SectorFacts], chosen: Collection[str]) -> tuple[SectorFacts, ...]:
    """These sectors as a tree of their own: each under the nearest chosen one above it, whatever lies between."""
    shown: dict[str, SectorFacts] = {}
    parents = {slug: sector.parent for slug, sector in tree.items()}
    for slug, sector in tree.items():
        if slug in chosen:
            above = next((each for each in lineage(slug, parents) if each != slug and each in shown), None)
            level = shown[above].level + 1 if above is not None else 0
            shown[slug] = replace(sector, parent=above, level=level)
    return tuple(shown.values())


def lineage(slug: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    """The sector, its parent, and so on up to the top; a loop is left where it closes."""
    seen: set[str] = set()
    current: str | None = slug
    while current is not None and current not in seen:
        seen.add(current)
        yield current
        current = parents.get(current)


def track_bearer(slug: str, parents: Mapping[str, str | None], tracks: Collection[str]) -> str | None:
    """The sector whose track is followed: its own, else the nearest one above."""
    return next((sector for sector in lineage(slug, parents) if sector in tracks), None)


def sector_tree(rows: Iterable[tuple[str, str, str | None, bool]]) -> dict[str, SectorFacts]:
    """Sectors by slug, each before its branches, branches by name; rows are slug, name, parent's slug, is offered."""
    table = {slug: (name, parent, is_offered) for slug, name, parent, is_offered in rows}
    parents = {slug: parent for slug, (_name, parent, _is_offered) in table.items()}
    ways = {slug: tuple(lineage(slug, parents))[::-1] for slug in table}
    ordered = sorted(table, key=lambda slug: [(_collated(table[step][0]), step) for step in ways[slug]])
    return {
        slug: SectorFacts(slug, table[slug][0], parents[slug], len(ways[slug]) - 1, table[slug][2]) for slug in ordered
    }


def _collated(name: str) -> str:
    """The name less accents and case, so that « Économie » comes before « Hôtellerie »."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))

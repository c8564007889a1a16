"""From a company to a sector, and from a sector to a track."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from openedx_utop.sectors.data import ProposalStatus, Rule, SectorFacts

IDCC = "idcc"
NAF = "naf"
SHORTEST_NAF = 2


def matching_sectors(rules: Iterable[Rule], *, idcc: str, naf: str, day: date) -> frozenset[str]:
    """Slugs of the sectors a company belongs to: by its collective agreement, else by its longest NAF prefix.

    Codes are normalised: 1979, 55.10Z.
    """
    valid = [rule for rule in rules if rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to)]
    by_agreement = frozenset(rule.sector for rule in valid if rule.kind == IDCC and rule.code == idcc)
    return by_agreement or _by_activity([rule for rule in valid if rule.kind == NAF], naf)


def naf_prefixes(naf: str) -> tuple[str, ...]:
    """Every beginning of the code that a rule may name: 55, 55.1, 55.10, 55.10Z."""
    return tuple(naf[:length] for length in range(SHORTEST_NAF, len(naf) + 1) if naf[length - 1] != ".")


def _by_activity(rules: Sequence[Rule], naf: str) -> frozenset[str]:
    matches = [rule for rule in rules if rule.code in naf_prefixes(naf)]
    longest = max((len(rule.code) for rule in matches), default=0)
    return frozenset(rule.sector for rule in matches if len(rule.code) == longest)


def proposed(
    matches: Collection[str], offered: Sequence[SectorFacts]
) -> tuple[ProposalStatus, SectorFacts | None, tuple[SectorFacts, ...]]:
    """The status, the sector if it is one, and the candidates, given the sectors offered in the course."""
    candidates = tuple(sector for sector in offered if sector.slug in matches)
    if len(candidates) == 1:
        return ProposalStatus.RESOLVED, candidates[0], tuple(offered)
    if candidates:
        return ProposalStatus.AMBIGUOUS, None, candidates
    return ProposalStatus.UNRESOLVED, None, tuple(offered)


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

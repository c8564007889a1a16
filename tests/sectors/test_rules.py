"""From a company to a sector, and from a sector to a track."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openedx_utop.sectors.data import ProposalStatus, SectorFacts
from openedx_utop.sectors.rules import among, lineage, proposed, sector_tree, track_bearer

OFFERED = tuple(SectorFacts(slug, slug.title(), None, 0, is_offered=True) for slug in ("banque", "hotel", "sante"))
TOP: dict[str, str | None] = {"banque": None, "hotel": None, "sante": None, "traiteur": "hotel", "hcr": None}


def test_one_match_is_proposed_and_every_trade_stays_open() -> None:
    assert proposed({"hotel"}, OFFERED, TOP) == (ProposalStatus.RESOLVED, OFFERED[1], OFFERED)


def test_several_matches_are_the_only_candidates() -> None:
    assert proposed({"hotel", "sante"}, OFFERED, TOP) == (ProposalStatus.AMBIGUOUS, None, OFFERED[1:])


@pytest.mark.parametrize("matches", [set(), {"ailleurs"}])
def test_no_match_in_this_course_leaves_every_trade(matches: set[str]) -> None:
    assert proposed(matches, OFFERED, TOP) == (ProposalStatus.UNRESOLVED, None, OFFERED)


def test_a_branch_that_is_not_offered_stands_for_the_sector_above() -> None:
    assert proposed({"traiteur"}, OFFERED, TOP) == (ProposalStatus.RESOLVED, OFFERED[1], OFFERED)
    assert proposed({"traiteur", "hotel"}, OFFERED, TOP)[0] is ProposalStatus.RESOLVED


def test_a_sector_that_is_not_offered_stands_for_its_branches() -> None:
    parents = {**TOP, "banque": "hcr", "hotel": "hcr"}
    assert proposed({"hcr"}, OFFERED, parents) == (ProposalStatus.AMBIGUOUS, None, OFFERED[:2])
    assert proposed({"hcr"}, OFFERED, {**TOP, "hotel": "hcr"})[1] == OFFERED[1]


PARENTS = {"hotel": None, "restaurant": "hotel", "traiteur": "restaurant", "chat": "chien", "chien": "chat"}


def test_a_branch_follows_the_nearest_track_above() -> None:
    assert track_bearer("traiteur", PARENTS, {"hotel"}) == "hotel"
    assert track_bearer("traiteur", PARENTS, {"hotel", "restaurant"}) == "restaurant"
    assert track_bearer("traiteur", PARENTS, {"hotel", "traiteur"}) == "traiteur"
    assert track_bearer("hotel", PARENTS, {"traiteur"}) is None


def test_a_loop_in_the_tree_ends() -> None:
    assert list(lineage("chat", PARENTS)) == ["chat", "chien"]


def test_the_tree_puts_branches_under_their_sector_by_name_whatever_the_accents() -> None:
    rows = [
        ("hotel", "Hôtellerie", None, True),
        ("etudes", "Études", None, True),
        ("traiteur", "traiteurs", "hotel", False),
        ("banque", "Banque", None, True),
        ("bar", "Bars", "hotel", True),
    ]
    tree = sector_tree(rows)
    assert [(sector.slug, sector.level) for sector in tree.values()] == [
        ("banque", 0),
        ("etudes", 0),
        ("hotel", 0),
        ("bar", 1),
        ("traiteur", 1),
    ]
    assert not tree["traiteur"].is_offered


SLUGS = ("a", "b", "c", "d", "e", "f")
TREES = st.tuples(*(st.sampled_from([None, *SLUGS[:number]]) for number in range(len(SLUGS))))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TREES, st.sets(st.sampled_from(SLUGS)))
def test_some_sectors_of_a_tree_are_a_tree(above: tuple[str | None, ...], chosen: set[str]) -> None:
    tree = sector_tree((slug, slug, parent, True) for slug, parent in zip(SLUGS, above, strict=True))
    shown = among(tree, chosen)
    assert [sector.slug for sector in shown] == [slug for slug in tree if slug in chosen]
    levels = {sector.slug: sector.level for sector in shown}
    parents = {slug: sector.parent for slug, sector in tree.items()}
    for sector in shown:
        assert sector.level == (0 if sector.parent is None else levels[sector.parent] + 1)
        assert len([each for each in lineage(sector.slug, parents) if each in chosen]) == sector.level + 1

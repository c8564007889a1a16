"""From a company to a sector, and from a sector to a track."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.sectors.data import ProposalStatus, Rule, SectorFacts
from openedx_utop.sectors.rules import (
    lineage,
    matching_sectors,
    naf_prefixes,
    proposed,
    sector_tree,
    track_bearer,
)

START, DAY = date(2020, 1, 1), date(2027, 1, 4)
OFFERED = tuple(SectorFacts(slug, slug.title(), None, 0, is_offered=True) for slug in ("banque", "hotel", "sante"))


def idcc(code: str, sector: str, valid_from: date = START, valid_to: date | None = None) -> Rule:
    return Rule("idcc", code, sector, valid_from, valid_to)


def naf(code: str, sector: str) -> Rule:
    return Rule("naf", code, sector, START, None)


def test_the_collective_agreement_goes_before_the_activity() -> None:
    rules = [naf("55.10Z", "banque"), idcc("1979", "hotel")]
    assert matching_sectors(rules, idcc="1979", naf="55.10Z", day=DAY) == {"hotel"}
    assert matching_sectors(rules, idcc="1486", naf="55.10Z", day=DAY) == {"banque"}


def test_the_longest_activity_prefix_wins() -> None:
    rules = [naf("10", "alimentaire"), naf("10.7", "boulangerie"), naf("10.71C", "artisan")]
    assert matching_sectors(rules, idcc="", naf="10.71C", day=DAY) == {"artisan"}
    assert matching_sectors(rules, idcc="", naf="10.71A", day=DAY) == {"boulangerie"}
    assert matching_sectors(rules, idcc="", naf="10.85Z", day=DAY) == {"alimentaire"}
    assert matching_sectors(rules, idcc="", naf="14.13Z", day=DAY) == set()


def test_rules_of_the_same_precedence_all_match() -> None:
    rules = [idcc("1979", "hotel"), idcc("1979", "traiteur"), naf("56", "hotel"), naf("56", "alimentaire")]
    assert matching_sectors(rules, idcc="1979", naf="", day=DAY) == {"hotel", "traiteur"}
    assert matching_sectors(rules, idcc="", naf="56.10A", day=DAY) == {"hotel", "alimentaire"}


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2025, 12, 31), set()),
        (date(2026, 1, 1), {"hotel"}),
        (date(2026, 12, 31), {"hotel"}),
        (date(2027, 1, 1), set()),
    ],
)
def test_a_rule_holds_from_its_first_to_its_last_day_included(day: date, found: set[str]) -> None:
    rule = idcc("1979", "hotel", date(2026, 1, 1), date(2026, 12, 31))
    assert matching_sectors([rule], idcc="1979", naf="", day=day) == found


def test_an_expired_agreement_leaves_the_word_to_the_activity() -> None:
    rules = [idcc("1979", "banque", START, date(2021, 1, 1)), naf("55", "hotel")]
    assert matching_sectors(rules, idcc="1979", naf="55.10Z", day=DAY) == {"hotel"}


def test_a_company_without_facts_matches_nothing() -> None:
    assert matching_sectors([idcc("1979", "hotel"), naf("55", "hotel")], idcc="", naf="", day=DAY) == set()


def test_prefixes_start_at_the_division() -> None:
    assert naf_prefixes("55.10Z") == ("55", "55.1", "55.10", "55.10Z")
    assert naf_prefixes("") == ()


CODES = st.sampled_from(["55", "55.1", "55.10", "55.10Z", "56", "56.10A"])
SLUGS = st.sampled_from(["banque", "hotel", "sante"])
RULES = st.lists(st.builds(naf, CODES, SLUGS) | st.builds(idcc, st.sampled_from(["1979", "1501"]), SLUGS))


@given(RULES, st.randoms(use_true_random=False))
def test_the_order_of_rules_changes_nothing(rules: list[Rule], random: Random) -> None:
    shuffled = random.sample(rules, len(rules))
    for code in ("1979", ""):
        assert matching_sectors(rules, idcc=code, naf="55.10Z", day=DAY) == matching_sectors(
            shuffled, idcc=code, naf="55.10Z", day=DAY
        )


@given(RULES)
def test_a_match_always_comes_from_a_rule(rules: list[Rule]) -> None:
    assert matching_sectors(rules, idcc="1979", naf="55.10Z", day=DAY) <= {rule.sector for rule in rules}


def test_one_match_is_proposed_and_every_trade_stays_open() -> None:
    assert proposed({"hotel"}, OFFERED) == (ProposalStatus.RESOLVED, OFFERED[1], OFFERED)


def test_several_matches_are_the_only_candidates() -> None:
    assert proposed({"hotel", "sante"}, OFFERED) == (ProposalStatus.AMBIGUOUS, None, OFFERED[1:])


@pytest.mark.parametrize("matches", [set(), {"ailleurs"}])
def test_no_match_in_this_course_leaves_every_trade(matches: set[str]) -> None:
    assert proposed(matches, OFFERED) == (ProposalStatus.UNRESOLVED, None, OFFERED)


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

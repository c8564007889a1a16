"""From a company's codes to sectors, by the rules of a day."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openedx_utop.sectors.rulebook.data import CompanyCodes, Match, Rule
from openedx_utop.sectors.rulebook.rules import Rulebook, holds, naf_prefixes, overlaps, spoken

START, DAY = date(2020, 1, 1), date(2027, 1, 4)


def idcc(code: str, sector: str, valid_from: date = START, valid_to: date | None = None) -> Rule:
    return Rule("idcc", code, sector, valid_from, valid_to)


def opco(code: str, sector: str) -> Rule:
    return Rule("opco", code, sector, START, None)


def naf(code: str, sector: str) -> Rule:
    return Rule("naf", code, sector, START, None)


def match(rules: list[Rule], *idccs: str, agreements: tuple[Rule, ...] = (), of: str = "", naf: str = "") -> Match:
    return Rulebook(rules, agreements, day=DAY).match(CompanyCodes(idccs, of, naf))


ATLAS = (idcc("2120", "atlas"), idcc("1486", "atlas"), idcc("1979", "akto"))
ALL_KINDS = [idcc("1979", "hotel"), opco("atlas", "banque"), opco("akto", "services"), naf("64", "finance")]


def test_the_agreement_goes_before_the_opco_and_the_opco_before_the_activity() -> None:
    assert match(ALL_KINDS, "1979", agreements=ATLAS, naf="64.19Z") == Match(frozenset({"hotel"}), "idcc")
    assert match(ALL_KINDS, "1486", agreements=ATLAS, naf="64.19Z") == Match(frozenset({"banque"}), "opco")
    assert match(ALL_KINDS, agreements=ATLAS, naf="64.19Z") == Match(frozenset({"finance"}), "naf")
    assert match(ALL_KINDS, agreements=ATLAS, naf="14.13Z") == Match(frozenset(), "")


def test_the_opco_known_of_the_company_goes_before_that_of_its_agreement() -> None:
    assert match(ALL_KINDS, "2120", agreements=ATLAS, of="akto").sectors == {"services"}


def test_several_agreements_of_one_trade_lead_to_it_and_of_several_trades_to_all() -> None:
    rules = [idcc("1979", "hotel"), idcc("1501", "hotel"), idcc("2120", "banque")]
    assert match(rules, "1979", "1501").sectors == {"hotel"}
    assert match(rules, "1979", "2120").sectors == {"hotel", "banque"}


def test_agreements_that_say_nothing_are_left_out() -> None:
    assert spoken(["9999", "1979", "0804", "", "1979"]) == ("1979",)
    assert match([idcc("9999", "hotel")], "9999", "0804") == Match(frozenset(), "")


def test_an_agreement_that_neither_table_knows_is_told() -> None:
    assert match(ALL_KINDS, "3248", "1979", agreements=ATLAS).missing == ("3248",)
    assert match([], "2120", agreements=ATLAS).missing == ()
    assert match([], "2120", agreements=(idcc("2120", "atlas", START, date(2026, 12, 31)),)).missing == ("2120",)


def test_the_longest_activity_prefix_wins() -> None:
    rules = [naf("10", "alimentaire"), naf("10.7", "boulangerie"), naf("10.71C", "artisan")]
    assert match(rules, naf="10.71C").sectors == {"artisan"}
    assert match(rules, naf="10.71A").sectors == {"boulangerie"}
    assert match(rules, naf="10.85Z").sectors == {"alimentaire"}
    assert match(rules, naf="14.13Z").sectors == set()


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
    assert Rulebook([rule], [], day=day).match(CompanyCodes(("1979",))).sectors == found


def test_an_expired_agreement_leaves_the_word_to_the_activity() -> None:
    rules = [idcc("1979", "banque", START, date(2021, 1, 1)), naf("55", "hotel")]
    assert match(rules, "1979", naf="55.10Z").sectors == {"hotel"}


def test_prefixes_start_at_the_division() -> None:
    assert naf_prefixes("55.10Z") == ("55", "55.1", "55.10", "55.10Z")
    assert naf_prefixes("") == ()


examples = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CODES = st.sampled_from(["55", "55.1", "55.10", "55.10Z", "56", "56.10A"])
SLUGS = st.sampled_from(["banque", "hotel", "sante"])
OPCOS = st.sampled_from(["akto", "atlas"])
RULES = st.lists(
    st.builds(naf, CODES, SLUGS)
    | st.builds(opco, OPCOS, SLUGS)
    | st.builds(idcc, st.sampled_from(["1979", "1501"]), SLUGS)
)
COMPANIES = st.builds(
    CompanyCodes,
    st.lists(st.sampled_from(["1979", "1501", "2120", "9999"])).map(tuple),
    OPCOS | st.just(""),
    CODES | st.just(""),
)


@examples
@given(RULES, COMPANIES, st.randoms(use_true_random=False))
def test_the_order_of_rules_changes_nothing(rules: list[Rule], company: CompanyCodes, random: Random) -> None:
    shuffled = random.sample(rules, len(rules))
    one, other = (Rulebook(each, ATLAS, day=DAY).match(company) for each in (rules, shuffled))
    assert one == other


@examples
@given(RULES, COMPANIES)
def test_a_match_always_comes_from_rules_of_the_first_kind_that_speaks(
    rules: list[Rule], company: CompanyCodes
) -> None:
    found = Rulebook(rules, ATLAS, day=DAY).match(company)
    assert found.sectors <= {rule.target for rule in rules if rule.kind == found.kind}
    assert bool(found.sectors) == bool(found.kind)
    agreed = {rule.target for rule in rules if rule.kind == "idcc" and rule.code in company.idccs}
    assert not agreed or found.sectors == agreed


PERIODS = st.builds(
    lambda first, length: idcc("1979", "x", DAY + timedelta(first), DAY + timedelta(first + length)),
    st.integers(0, 20),
    st.integers(0, 20),
) | st.integers(0, 40).map(lambda first: idcc("1979", "x", DAY + timedelta(first)))


@examples
@given(st.lists(PERIODS, max_size=5))
def test_overlaps_are_seen_whenever_two_rules_hold_on_a_day(rules: list[Rule]) -> None:
    most = max(sum(holds(rule, DAY + timedelta(number)) for rule in rules) for number in range(42))
    assert bool(list(overlaps(rules))) == (most > 1)

"""The hours recognised as done."""

from datetime import date

import pytest

from openedx_utop.attendance.realised import Achieved, realised_by_modality, realised_rule
from openedx_utop.attendance.record import ONLINE, Portion, Rule
from openedx_utop.training.data import PolicyFacts, RealisedRule
from tests.attendance.conftest import usage_key

ONE, TWO, THREE = (usage_key("first", "sequential", name) for name in ("one", "two", "three"))
DAY = date(2026, 3, 2)
PORTIONS = (
    Portion(DAY, ONE, ONLINE, 500, 0),
    Portion(DAY, ONE, ONLINE, 9000, 0, Rule.ACTIVITY),
    Portion(DAY, TWO, "onsite_group", 600, 0),
    Portion(DAY, None, "remote_live", 1800, 0),
)
DONE = [Achieved(ONE, 900, DAY), Achieved(TWO, 900, DAY), Achieved(THREE, 900, None)]
EVER = (PolicyFacts(),)


@pytest.mark.parametrize(("rule", "online"), [("estimated", 900 + 300 + 900), ("connection", 500), ("lower", 500)])
def test_live_hours_as_signed_and_the_rest_by_the_rule(rule: str, online: int) -> None:
    realised = realised_by_modality(DONE, PORTIONS, EVER, RealisedRule(rule))
    assert realised == {ONLINE: online, "onsite_group": 600, "remote_live": 1800}


def test_the_lower_may_be_the_estimate() -> None:
    assert realised_by_modality([], PORTIONS[:1], EVER, RealisedRule.LOWER) == {ONLINE: 0}


def test_a_module_completed_outside_the_contract_adds_nothing() -> None:
    contract = (PolicyFacts(contract_last=date(2026, 3, 1)),)
    assert realised_by_modality(DONE[:1], (), contract, RealisedRule.ESTIMATED) == {ONLINE: 0}


def test_the_rule_is_that_of_the_day() -> None:
    later = PolicyFacts(version=1, effective_from=date(2026, 3, 3), realised_rule=RealisedRule.LOWER)
    rules = [realised_rule((*EVER, later), date(2026, 3, day)) for day in (2, 3)]
    assert rules == [RealisedRule.ESTIMATED, RealisedRule.LOWER]

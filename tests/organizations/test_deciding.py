"""Who decides otherwise than the rule, why, and how it is undone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from demo.fakes.register import Register
from openedx_utop.append_only import WrittenOnce
from openedx_utop.organizations.api import (
    FactsStatus,
    Ground,
    ReasonMissing,
    UnknownCompany,
    Verdict,
    eligibility,
    known_company,
    look_up,
    override_eligibility,
)
from openedx_utop.organizations.models import EligibilityDecision, Employer

pytestmark = pytest.mark.django_db

ADVISER = 90
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
BANK = "90000001900019"
REASON = "Agence reprise par une société de 40 salariés"


def test_a_decision_holds_with_who_when_and_why(register: Register) -> None:
    look_up(BANK, now=NOW)
    decided = override_eligibility(BANK, Verdict.ELIGIBLE, f" {REASON} ", by=ADVISER, now=NOW)
    assert decided == eligibility(BANK, now=NOW)
    assert (decided.verdict, decided.ground, decided.resolved_by) == (Verdict.ELIGIBLE, Ground.DECISION, ADVISER)
    assert (decided.resolved_at, decided.override_reason) == (NOW, REASON)
    assert known_company(BANK, now=NOW).status is FactsStatus.OVERRIDDEN


def test_the_reason_is_not_for_whoever_types_the_number(register: Register) -> None:
    look_up(BANK, now=NOW)
    override_eligibility(BANK, Verdict.NOT_ELIGIBLE, REASON, by=ADVISER, now=NOW)
    known = known_company(BANK, now=NOW)
    assert REASON not in known.message + known.verdict.message


def test_a_decision_outlives_what_the_register_says_next(register: Register) -> None:
    look_up(BANK, now=NOW)
    override_eligibility(BANK, Verdict.ELIGIBLE, REASON, by=ADVISER, now=NOW)
    assert look_up(BANK, now=NOW + timedelta(days=60)).verdict.verdict is Verdict.ELIGIBLE


def test_the_rule_holds_again_once_the_decision_is_lifted(register: Register) -> None:
    look_up(BANK, now=NOW)
    override_eligibility(BANK, Verdict.ELIGIBLE, REASON, by=ADVISER, now=NOW)
    lifted = override_eligibility(BANK, None, "Erreur de ma part", by=ADVISER, now=NOW + timedelta(hours=1))
    assert (lifted.verdict, lifted.ground, lifted.resolved_by) == (Verdict.NOT_ELIGIBLE, Ground.OVER_LIMIT, None)
    assert list(EligibilityDecision.objects.order_by("pk").values_list("verdict", "reason")) == [
        ("eligible", REASON),
        ("", "Erreur de ma part"),
    ]


def test_a_decision_needs_a_reason_and_a_company(register: Register) -> None:
    with pytest.raises(UnknownCompany):
        override_eligibility(BANK, Verdict.ELIGIBLE, REASON, by=ADVISER, now=NOW)
    look_up(BANK, now=NOW)
    with pytest.raises(ReasonMissing):
        override_eligibility(BANK, Verdict.ELIGIBLE, "  ", by=ADVISER, now=NOW)
    assert not EligibilityDecision.objects.exists()


def test_decisions_are_written_once(register: Register) -> None:
    look_up(BANK, now=NOW)
    override_eligibility(BANK, Verdict.ELIGIBLE, REASON, by=ADVISER, now=NOW)
    with pytest.raises(WrittenOnce):
        EligibilityDecision.objects.get().delete()


def test_the_verdict_of_the_rule_is_kept_on_the_record(register: Register) -> None:
    look_up(BANK, now=NOW)
    record = Employer.objects.get()
    assert (record.verdict, record.verdict_ground, record.verdict_confidence) == ("not_eligible", "over_limit", "high")
    assert (record.resolved_at, record.resolved_by) == (NOW, None)


def test_another_limit_gives_another_verdict_at_once(register: Register, settings: Any) -> None:
    look_up("90000012600012", now=NOW)
    assert eligibility("90000012600012", now=NOW).verdict is Verdict.ELIGIBLE
    settings.UTOP_HEADCOUNT_LIMIT = 50
    assert eligibility("90000012600012", now=NOW).verdict is Verdict.NOT_ELIGIBLE
    settings.UTOP_HEADCOUNT_LIMIT = 0
    assert "taille" in eligibility(BANK, now=NOW).message or "any size" in eligibility(BANK, now=NOW).message


def test_a_company_that_nobody_knows_is_for_an_adviser() -> None:
    assert eligibility(BANK, now=NOW).verdict is Verdict.REVIEW

"""From a number to a company: each company of the register, and each way that asking goes wrong."""

import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from demo.fakes.companies import COMPANIES
from demo.fakes.faults import Fault
from demo.fakes.register import Register
from openedx_utop.organizations.api import (
    CompanyFacts,
    Confidence,
    FactsStatus,
    Headcount,
    InvalidSiret,
    LookUp,
    Verdict,
    company_of,
    declare_employer,
    employer_of,
    known_company,
    look_up,
)
from openedx_utop.organizations.models import Employer, RegisterAnswer

pytestmark = pytest.mark.django_db

LEARNER = 7
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
HOTEL, BANK, ASSOCIATION, GARMENTS = "90000000100017", "90000001900019", "90000002700012", "90000005000014"
TWO_AGREEMENTS, SOLE_TRADER, CLOSED, UNCOUNTED = "90000006800016", "90000009200016", "90000010000017", "90000011800019"
NOBODY = "90000099900018"


def found(siret: str, *, at: datetime = NOW) -> CompanyFacts:
    facts = look_up(siret, now=at).facts
    assert facts is not None
    return facts


def test_the_facts_of_a_site_and_of_its_company_are_kept_with_their_date_and_source(register: Register) -> None:
    facts = found(BANK)
    assert (facts.name, facts.idccs, facts.naf, facts.naf_nomenclature) == (
        "BANQUE D'ESSAI", ("2120",), "64.19Z", "NAFRev2",
    )  # fmt: skip
    assert (facts.site_headcount, facts.enterprise_headcount) == (Headcount("12", 2023), Headcount("53", 2023))
    assert (facts.category, facts.category_year, facts.postcode, facts.city) == ("GE", 2023, "35000", "RENNES")
    assert (facts.source, facts.fetched_at) == (register.url.removeprefix("http://"), NOW)
    answer = RegisterAnswer.objects.get()
    assert (answer.payload["siren"], answer.payload_hash) == ("900000019", facts.payload_hash)


@pytest.mark.parametrize(
    ("siret", "status", "verdict"),
    [
        (HOTEL, FactsStatus.FOUND, Verdict.ELIGIBLE),
        (BANK, FactsStatus.FOUND, Verdict.NOT_ELIGIBLE),
        (ASSOCIATION, FactsStatus.FOUND, Verdict.ELIGIBLE),
        (GARMENTS, FactsStatus.FOUND, Verdict.ELIGIBLE),
        (SOLE_TRADER, FactsStatus.NON_DIFFUSIBLE, Verdict.ELIGIBLE),
        (CLOSED, FactsStatus.CLOSED, Verdict.REVIEW),
        (UNCOUNTED, FactsStatus.FOUND, Verdict.REVIEW),
        ("90000012600012", FactsStatus.FOUND, Verdict.ELIGIBLE),
        ("90000013400016", FactsStatus.FOUND, Verdict.NOT_ELIGIBLE),
        ("90000014200019", FactsStatus.FOUND, Verdict.REVIEW),
        ("09000000100017", FactsStatus.FOUND, Verdict.ELIGIBLE),
        ("35600000000048", FactsStatus.FOUND, Verdict.NOT_ELIGIBLE),
        ("35600000009075", FactsStatus.FOUND, Verdict.NOT_ELIGIBLE),
        (NOBODY, FactsStatus.UNKNOWN, Verdict.REVIEW),
    ],
)
def test_each_company_has_a_status_a_verdict_and_a_sentence(
    register: Register, siret: str, status: FactsStatus, verdict: Verdict
) -> None:
    answer = look_up(siret, now=NOW)
    assert (answer.status, answer.verdict.verdict) == (status, verdict)
    assert answer.message.endswith(".")
    assert answer.verdict.message


def test_agreements_are_four_digits_those_of_the_site_and_never_none_at_all(register: Register) -> None:
    assert found(ASSOCIATION).idccs == ("0413",)
    assert found(TWO_AGREEMENTS).idccs == ("1979", "1501")
    assert found(GARMENTS).idccs == ()


def test_a_masked_name_is_empty_and_the_rest_still_serves(register: Register) -> None:
    facts = found(SOLE_TRADER)
    assert (facts.name, facts.address, facts.postcode, facts.is_diffusible) == ("", "", "", False)
    assert (facts.idccs, facts.naf) == (("2596",), "96.02A")
    assert "NON-DIFFUSIBLE" not in repr(Employer.objects.values().get())


def test_a_name_given_for_a_masked_company_settles_its_status_for_who_gave_it(register: Register) -> None:
    declare_employer(LEARNER, SOLE_TRADER, name="Salon Claude", now=NOW)
    mine, employer = company_of(LEARNER, now=NOW), employer_of(LEARNER)
    assert mine is not None
    assert employer is not None
    assert (mine.status, employer.name) == (FactsStatus.FOUND, "Salon Claude")
    assert known_company(SOLE_TRADER, now=NOW).status is FactsStatus.NON_DIFFUSIBLE


def test_a_number_whose_leading_zero_was_lost_finds_its_company(register: Register) -> None:
    answer = look_up("9000000100017", now=NOW)
    assert (answer.siret.value, answer.status) == ("09000000100017", FactsStatus.FOUND)
    assert any("zéro" in warning or "zero" in warning for warning in answer.warnings)


def test_what_is_no_number_is_refused_before_anybody_is_asked(register: Register) -> None:
    with pytest.raises(InvalidSiret):
        look_up("4,18166E+13", now=NOW)
    assert not register.asked


def test_the_register_is_asked_politely(register: Register) -> None:
    look_up(HOTEL, now=NOW)
    (path, headers), = register.asked  # fmt: skip
    assert headers["User-Agent"].startswith("openedx-utop")
    assert path.index("minimal=true") < path.index("include=")


def test_fresh_facts_are_not_asked_for_again(register: Register) -> None:
    look_up(HOTEL, now=NOW)
    again = look_up(HOTEL, now=NOW + timedelta(days=29))
    assert len(register.asked) == 1
    assert (again.status, again.is_stale) == (FactsStatus.FOUND, False)
    look_up(HOTEL, now=NOW + timedelta(days=31))
    assert len(register.asked) == 2


def test_asking_anew_does_not_wait_for_the_facts_to_be_old(register: Register) -> None:
    look_up(HOTEL, now=NOW)
    look_up(HOTEL, now=NOW, anew=True)
    assert len(register.asked) == 2
    assert RegisterAnswer.objects.count() == 1


def test_an_unknown_number_is_asked_again_sooner_and_makes_no_record(register: Register, settings: Any) -> None:
    look_up(NOBODY, now=NOW)
    assert look_up(NOBODY, now=NOW).status is FactsStatus.UNKNOWN
    assert len(register.asked) == 1
    assert not Employer.objects.exists()


def test_a_declared_unknown_number_is_kept_and_asked_again_after_a_day(register: Register) -> None:
    declare_employer(LEARNER, NOBODY, now=NOW)
    known = company_of(LEARNER, now=NOW)
    assert known is not None
    assert (known.status, len(register.asked)) == (FactsStatus.UNKNOWN, 1)
    look_up(NOBODY, now=NOW + timedelta(hours=23))
    assert len(register.asked) == 1
    look_up(NOBODY, now=NOW + timedelta(hours=25))
    assert len(register.asked) == 2


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.MALFORMED, Fault.EMPTY, Fault.DROPPED])
def test_a_register_that_is_down_stops_nobody(register: Register, fault: Fault) -> None:
    register.faults.order(fault)
    declare_employer(LEARNER, HOTEL, now=NOW)
    known = company_of(LEARNER, now=NOW)
    assert known is not None
    assert (known.status, known.verdict.verdict) == (FactsStatus.UNAVAILABLE, Verdict.REVIEW)
    assert "ne répond pas" in known.message or "does not answer" in known.message


def test_the_facts_come_once_the_register_is_back(register: Register) -> None:
    register.faults.order(Fault.MALFORMED)
    declare_employer(LEARNER, HOTEL, now=NOW)
    register.faults.lift()
    cache.clear()
    assert look_up(HOTEL, now=NOW).status is FactsStatus.FOUND


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.TOO_MANY])
def test_a_passing_fault_is_tried_again(register: Register, fault: Fault) -> None:
    register.faults.order(fault, times=2, seconds=0)
    assert look_up(HOTEL, now=NOW).status is FactsStatus.FOUND
    assert len(register.asked) == 3


def test_a_short_wait_asked_for_is_waited(register: Register) -> None:
    register.faults.order(Fault.TOO_MANY, times=1, seconds=1)
    started = time.monotonic()
    assert look_up(HOTEL, now=NOW).status is FactsStatus.FOUND
    assert time.monotonic() - started >= 1


def test_a_long_wait_asked_for_is_not_waited_and_nobody_asks_meanwhile(register: Register) -> None:
    register.faults.order(Fault.TOO_MANY, times=1, seconds=600)
    started = time.monotonic()
    assert look_up(HOTEL, now=NOW).status is FactsStatus.UNAVAILABLE
    assert time.monotonic() - started < 30
    assert look_up(BANK, now=NOW).status is FactsStatus.UNAVAILABLE
    assert len(register.asked) == 1


def test_a_slow_register_costs_one_person_its_patience_and_nobody_else(register: Register, settings: Any) -> None:
    settings.UTOP_COMPANY_REGISTER_TIMEOUT_SECONDS = 0.2
    register.faults.order(Fault.LATENCY, seconds=1)
    for siret in (HOTEL, BANK, ASSOCIATION):
        assert look_up(siret, now=NOW).status is FactsStatus.UNAVAILABLE
    assert len(register.asked) == 1


def test_old_facts_serve_while_the_register_is_down(register: Register) -> None:
    look_up(HOTEL, now=NOW)
    register.faults.order(Fault.MALFORMED)
    answer = look_up(HOTEL, now=NOW + timedelta(days=40))
    assert (answer.status, answer.is_stale, answer.verdict.verdict) == (FactsStatus.FOUND, True, Verdict.ELIGIBLE)
    assert answer.verdict.confidence is Confidence.MEDIUM
    assert answer.facts is not None
    assert answer.facts.idccs == ("1979",)


def test_what_was_declared_holds_where_the_register_says_nothing(register: Register) -> None:
    declare_employer(LEARNER, GARMENTS, idcc="18", now=NOW)
    answer = known_company(GARMENTS, now=NOW)
    assert answer.facts is not None
    assert (answer.status, answer.facts.idccs) == (FactsStatus.DECLARED, ("0018",))


def test_what_the_register_says_goes_before_what_was_declared(register: Register) -> None:
    declare_employer(LEARNER, HOTEL, name="Mon auberge", idcc="2120", now=NOW)
    facts = found(HOTEL)
    assert (facts.name, facts.idccs) == ("AUBERGE D'ESSAI", ("1979",))


def test_a_company_that_leaves_the_register_leaves_no_name_behind(register: Register) -> None:
    look_up(HOTEL, now=NOW)
    companies, register.companies = register.companies, ()
    try:
        answer = look_up(HOTEL, now=NOW + timedelta(days=31))
    finally:
        register.companies = companies
    assert answer.facts is not None
    assert (answer.status, answer.facts.name) == (FactsStatus.UNKNOWN, "")
    assert not RegisterAnswer.objects.exists()


def test_without_an_address_nobody_is_asked(register: Register, settings: Any) -> None:
    settings.UTOP_COMPANY_REGISTER_URL = ""
    assert look_up(HOTEL, now=NOW).status is FactsStatus.UNAVAILABLE
    assert not register.asked


def test_reading_what_is_known_asks_nobody(register: Register, django_assert_num_queries: Any) -> None:
    declare_employer(LEARNER, HOTEL, now=NOW)
    register.asked.clear()
    with django_assert_num_queries(1):
        assert company_of(LEARNER, now=NOW + timedelta(days=60)) is not None
    assert not register.asked


def test_fresh_facts_cost_one_query(register: Register, django_assert_num_queries: Any) -> None:
    look_up(HOTEL, now=NOW)
    with django_assert_num_queries(1):
        assert look_up(HOTEL, now=NOW).status is FactsStatus.FOUND


def test_every_company_of_the_register_is_read(register: Register) -> None:
    answers = [look_up(site.siret, now=NOW) for company in COMPANIES for site in company.sites]
    assert all(isinstance(answer, LookUp) and answer.facts for answer in answers)


def test_failures_are_logged_without_the_key(register: Register, caplog: pytest.LogCaptureFixture) -> None:
    register.faults.order(Fault.SERVER_ERROR)
    with caplog.at_level(logging.WARNING):
        look_up(HOTEL, now=NOW)
    assert "status 500" in caplog.text

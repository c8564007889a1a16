"""What is known of a company is public; who works there is not."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from demo.fakes.register import Register
from openedx_utop.organizations.api import (
    Situation,
    company_of,
    declare_employer,
    declare_without_company,
    employer_of,
    known_company,
    look_up,
    search_companies,
    situation_of,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
ANNE, BILAL, STRANGER = 7, 8, 9
HOTEL, BANK, NOBODY = "90000000100017", "90000001900019", "90000099900018"


def test_each_learner_has_their_own_company_and_no_other(register: Register) -> None:
    declare_employer(ANNE, HOTEL, now=NOW)
    declare_employer(BILAL, BANK, now=NOW)
    mine, theirs = company_of(ANNE, now=NOW), company_of(BILAL, now=NOW)
    assert mine is not None
    assert theirs is not None
    assert (mine.siret.value, theirs.siret.value) == (HOTEL, BANK)
    assert (company_of(STRANGER, now=NOW), employer_of(STRANGER)) == (None, None)


def test_a_company_looks_the_same_whether_somebody_works_there_or_not(register: Register) -> None:
    unused = look_up(HOTEL, now=NOW)
    declare_employer(ANNE, HOTEL, name="Mon auberge à moi", now=NOW)
    declare_employer(BILAL, HOTEL, now=NOW + timedelta(days=1))
    assert asdict(look_up(HOTEL, now=NOW)) == asdict(unused)
    assert asdict(known_company(HOTEL, now=NOW)) == asdict(unused)


def test_an_unknown_company_does_not_tell_who_declared_it(register: Register) -> None:
    unused = look_up(NOBODY, now=NOW)
    declare_employer(ANNE, NOBODY, name="Entreprise de Anne", now=NOW)
    used = look_up(NOBODY, now=NOW)
    assert (used.status, used.message, used.verdict.verdict) == (unused.status, unused.message, unused.verdict.verdict)
    assert "Anne" not in repr(used)


def test_a_search_finds_the_same_for_everybody(register: Register) -> None:
    before = search_companies("auberge")
    declare_employer(ANNE, HOTEL, now=NOW)
    assert search_companies("auberge") == before


def test_a_situation_is_the_learners_own() -> None:
    declare_without_company(ANNE, Situation.JOB_SEEKER, now=NOW)
    assert situation_of(BILAL) is None

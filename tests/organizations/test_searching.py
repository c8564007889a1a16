"""A company by its name, for whoever does not know its number."""

from datetime import UTC, datetime

import pytest

from demo.fakes.faults import Fault
from demo.fakes.register import Register
from openedx_utop.organizations.api import (
    RegisterUnavailable,
    SearchTooVague,
    declare_employer,
    look_up,
    search_companies,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


def test_a_company_is_found_by_name_and_postcode(register: Register) -> None:
    matches = search_companies(" grand  hotel ", " 35000 ")
    assert [(match.siret, match.name, match.city) for match in matches] == [
        ("90000012600012", "GRAND HÔTEL D'ESSAI", "RENNES")
    ]
    assert (matches[0].headcount.band, matches[0].is_open) == ("31", True)


def test_the_sites_of_the_place_are_shown_rather_than_the_head_office(register: Register) -> None:
    assert [match.siret for match in search_companies("banque d'essai", "35000")] == ["90000001900019"]
    assert [match.siret for match in search_companies("banque d'essai")] == ["90000001900001"]


def test_nothing_found_is_nothing(register: Register) -> None:
    assert search_companies("introuvable") == ()


def test_the_same_question_is_asked_once(register: Register) -> None:
    assert search_companies("Auberge") == search_companies("auberge ")
    assert len(register.asked) == 1


@pytest.mark.parametrize(("text", "postcode"), [("ab", ""), ("   ", "35000"), ("auberge", "350"), ("auberge", "35OOO")])
def test_too_little_is_told_without_asking(register: Register, text: str, postcode: str) -> None:
    with pytest.raises(SearchTooVague):
        search_companies(text, postcode)
    assert not register.asked


def test_when_the_register_is_down_staff_see_what_is_known_and_others_a_sentence(register: Register) -> None:
    look_up("90000000100017", now=NOW)
    register.faults.order(Fault.MALFORMED)
    with pytest.raises(RegisterUnavailable, match=r"SIRET"):
        search_companies("auberge")
    assert [match.siret for match in search_companies("auberge", "35000", known_here=True)] == ["90000000100017"]
    with pytest.raises(RegisterUnavailable):
        search_companies("auberge", "75001", known_here=True)


def test_the_name_that_a_learner_gave_finds_nothing(register: Register) -> None:
    declare_employer(7, "90000009200016", name="Salon Claude", now=NOW)
    register.faults.order(Fault.MALFORMED)
    with pytest.raises(RegisterUnavailable):
        search_companies("salon claude", known_here=True)


def test_what_a_search_is_made_of_cannot_break_it(register: Register) -> None:
    for text in ("'; DROP TABLE", "&q=autre", "%00%", "é" * 500, "[NON-DIFFUSIBLE]"):
        assert search_companies(text) == ()

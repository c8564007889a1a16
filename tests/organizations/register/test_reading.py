"""Whatever a register answers, reading it gives facts or nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.fakes.companies import COMPANIES, HOTEL, enterprise, establishment
from openedx_utop.organizations.data import CompanyFacts, Headcount
from openedx_utop.organizations.register.reading import company_in, fingerprint, matches_in

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
SIRET = "90000000100017"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


def read(**changes: Any) -> CompanyFacts:
    company = {**enterprise(HOTEL), "matching_etablissements": [{**establishment(HOTEL, HOTEL.sites[0]), **changes}]}
    found = company_in({"results": [company]}, SIRET, source="test", fetched_at=NOW)
    assert found is not None
    return found[0]


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A company with some of its values replaced by anything."""
    company = enterprise(draw(st.sampled_from(COMPANIES)))
    for holder in (company, company["siege"], company["complements"]):
        for name in draw(st.lists(st.sampled_from(sorted(holder)), max_size=4)):
            holder[name] = draw(JSON)
    return {"results": [company]}


@given(damaged())
def test_damaged_answers_are_read_as_far_as_they_can_be(body: dict[str, Any]) -> None:
    found = company_in(body, SIRET, source="test", fetched_at=NOW)
    assert found is None or found[0].siret == SIRET
    for match in matches_in(body):
        assert match.siret
        assert "NON-DIFFUSIBLE" not in match.name + match.address + match.postcode


@given(JSON)
def test_anything_at_all_is_read_as_nothing(results: Any) -> None:
    assert company_in({"results": results}, SIRET, source="test", fetched_at=NOW) is None


@pytest.mark.parametrize(
    ("listed", "codes"),
    [
        (["1979", "01979", 1979], ("1979",)),
        (["29", "9999", "804"], ("0029",)),
        (["", None, "HCR", "12345"], ("1979",)),
        (None, ("1979",)),
    ],
)
def test_agreements_are_padded_once_each_and_fall_back_to_the_head_office(listed: Any, codes: tuple[str, ...]) -> None:
    assert read(liste_idcc=listed).idccs == codes


def test_the_new_activity_code_serves_where_the_old_one_is_gone() -> None:
    facts = read(activite_principale=None, activite_principale_naf25="55.10Y")
    assert (facts.naf, facts.naf_nomenclature) == ("55.10Y", "NAF2025")
    assert read(activite_principale="rien", activite_principale_naf25=None).naf == "55.10Z"


def test_a_band_that_insee_does_not_know_is_no_headcount() -> None:
    assert read(tranche_effectif_salarie="99").site_headcount == Headcount()
    assert read(annee_tranche_effectif_salarie="hier").site_headcount == Headcount("11", None)


def test_the_fingerprint_does_not_depend_on_the_order_of_names() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1}) != fingerprint({"a": 1, "b": 3})

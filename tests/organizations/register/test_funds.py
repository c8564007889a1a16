"""The fund (OPCO) of a company, where the operator has a key."""

from datetime import UTC, datetime

import pytest

from demo.fakes.register import Register
from openedx_utop.organizations.api import FactsStatus, look_up, normalise_opco
from openedx_utop.organizations.register import funds as siro

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
BANK, CLOSED = "90000001900019", "90000010000017"


def opco(siret: str) -> str:
    facts = look_up(siret, now=NOW).facts
    assert facts is not None
    return facts.opco


def test_with_a_key_the_fund_is_among_the_facts(funds: Register) -> None:
    assert opco(BANK) == "atlas"
    assert opco(CLOSED) == ""


def test_without_a_key_nobody_is_asked(register: Register) -> None:
    assert opco(BANK) == ""
    assert all(path.startswith("/search") for path, _headers in register.asked)


def test_a_wrong_key_costs_the_fund_and_nothing_else(funds: Register, settings) -> None:
    settings.UTOP_OPCO_REGISTER_KEY = "another"
    answer = look_up(BANK, now=NOW)
    assert answer.status is FactsStatus.FOUND
    assert answer.facts is not None
    assert answer.facts.opco == ""


def test_a_fund_that_is_known_is_kept_when_it_cannot_be_asked(funds: Register) -> None:
    look_up(BANK, now=NOW)
    siro.pace.failed()
    answer = look_up(BANK, now=NOW, anew=True)
    assert answer.facts is not None
    assert answer.facts.opco == "atlas"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("AKTO", "akto"),
        ("OPCO EP", "ep"),
        ("UNIFORMATION COHESION SOCIALE", "uniformation"),
        ("OPCO MOBILITES", "mobilites"),
        ("OPCO Mobilités", "mobilites"),
        ("OPCO2I", "2i"),
        ("OPCO 2i", "2i"),
        ("CONSTRUCTYS", "constructys"),
        ("L'OPCOMMERCE", "opcommerce"),
        ("L’Opcommerce", "opcommerce"),
        ("AFDAS", "afdas"),
        ("Atlas", "atlas"),
        ("OCAPIAT", "ocapiat"),
        ("OPCO SANTE", "sante"),
        ("N/C", ""),
        ("", ""),
        ("Opcabaia", ""),
    ],
)
def test_a_fund_has_one_slug_whatever_it_is_called(text: str, slug: str) -> None:
    assert normalise_opco(text) == slug

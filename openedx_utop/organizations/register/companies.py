"""recherche-entreprises, the State's search over all companies; it needs no key."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from openedx_utop.organizations.data import CompanyMatch
from openedx_utop.organizations.register.data import Json, NoAnswer, RegisterFacts
from openedx_utop.organizations.register.http import ask
from openedx_utop.organizations.register.pace import Pace
from openedx_utop.organizations.register.reading import company_in, matches_in

# `minimal` before `include`: the register refuses one without the other.
PARTS = (("minimal", "true"), ("include", "siege,complements,matching_etablissements"))
MATCHES = "10"

pace = Pace("company-register")


def company(siret: str, *, now: datetime, is_patient: bool = False) -> RegisterFacts | None:
    """The company of this SIRET; None: the register does not know it. Raises NoAnswer."""
    body = _search([("q", siret), *PARTS], is_patient=is_patient)
    found = company_in(body, siret, source=_source(), fetched_at=now)
    return RegisterFacts(*found) if found else None


def search(text: str, postcode: str) -> tuple[CompanyMatch, ...]:
    """Establishments whose company is called so, in this postcode if one is given; raises NoAnswer."""
    place = [("code_postal", postcode)] if postcode else []
    return matches_in(_search([("q", text), *place, ("per_page", MATCHES), *PARTS]))


def _source() -> str:
    return urlsplit(settings.UTOP_COMPANY_REGISTER_URL).netloc[:64]


def _search(parameters: list[tuple[str, str]], *, is_patient: bool = False) -> Json:
    if not settings.UTOP_COMPANY_REGISTER_URL:
        raise NoAnswer("switched off")
    url = f"{settings.UTOP_COMPANY_REGISTER_URL.rstrip('/')}/search"
    body = ask(pace, url, parameters, is_patient=is_patient)
    if body is None or not isinstance(body.get("results"), list):
        pace.failed()
        raise NoAnswer("an answer without results")
    return body

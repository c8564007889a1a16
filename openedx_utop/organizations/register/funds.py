"""France compétences' "siro", which leads from a SIRET to the fund (OPCO); it needs a key."""

from django.conf import settings

from openedx_utop.organizations.data import InvalidCode
from openedx_utop.organizations.opcos import normalise_opco
from openedx_utop.organizations.register.data import FundFacts, Json, NoAnswer
from openedx_utop.organizations.register.http import ask
from openedx_utop.organizations.register.pace import Pace
from openedx_utop.organizations.rules import normalise_idcc

SOURCE = "api.francecompetences.fr"
# Of its codes, only this one says that the establishment is in the referential.
IN_REFERENTIAL = "01"

pace = Pace("opco-register")


def fund(siret: str, *, is_patient: bool = False) -> FundFacts | None:
    """The fund of the establishment; None where no key is set, or it is not in the referential. Raises NoAnswer."""
    if not settings.UTOP_OPCO_REGISTER_KEY:
        return None
    url = f"{settings.UTOP_OPCO_REGISTER_URL.rstrip('/')}/siro/v1/public/{siret}"
    body = ask(pace, url, headers={"X-Gravitee-Api-Key": settings.UTOP_OPCO_REGISTER_KEY}, is_patient=is_patient)
    if body is None or body.get("code") != IN_REFERENTIAL:
        return None
    if body.get("siret") != siret:
        raise NoAnswer("the answer is about another establishment")
    return FundFacts(_opco(body), _idcc(body), body)


def _opco(body: Json) -> str:
    attached = body.get("opcoRattachement")
    return normalise_opco(str(attached.get("nom") or "")) if isinstance(attached, dict) else ""


def _idcc(body: Json) -> str:
    try:
        return normalise_idcc(str(body.get("idcc") or ""))
    except InvalidCode:
        return ""

"""The organizations domain's door."""

from datetime import datetime

from django.db import transaction

from openedx_utop.organizations.data import (
    EmployerFacts,
    InvalidCode,
    InvalidSiret,
    ProviderFacts,
    Siret,
    UnknownProvider,
)
from openedx_utop.organizations.models import Employer, Employment, Provider
from openedx_utop.organizations.opcos import normalise_opco
from openedx_utop.organizations.rules import check_siret, normalise_idcc, normalise_naf

__all__ = [
    "EmployerFacts",
    "InvalidCode",
    "InvalidSiret",
    "ProviderFacts",
    "Siret",
    "UnknownProvider",
    "check_siret",
    "declare_employer",
    "employer_of",
    "forget_learner",
    "normalise_idcc",
    "normalise_naf",
    "normalise_opco",
    "provider",
]


def declare_employer(
    user_id: int, siret_text: str, *, name: str = "", idcc: str = "", naf: str = "", now: datetime
) -> EmployerFacts:
    """Record who the learner works for. Facts given replace those known, facts left empty leave them.

    Raises InvalidSiret and InvalidCode. Declaring the same company again keeps the first date.
    """
    siret = check_siret(siret_text)
    facts = {"name": name.strip(), "idcc": normalise_idcc(idcc), "naf": normalise_naf(naf)}
    with transaction.atomic():
        employer = _record(siret, {fact: value for fact, value in facts.items() if value})
        _employ(user_id, employer, now)
    return _employer(employer)


def employer_of(user_id: int) -> EmployerFacts | None:
    """The company the learner declared, if they did."""
    employment = Employment.objects.select_related("employer").filter(user_id=user_id).first()
    return _employer(employment.employer) if employment else None


def provider(provider_id: int) -> ProviderFacts:
    """The training provider; raises UnknownProvider."""
    record = Provider.objects.filter(pk=provider_id).first()
    if record is None:
        raise UnknownProvider(provider_id)
    return ProviderFacts(
        provider_id=record.pk,
        name=record.name,
        siret=record.siret,
        activity_number=record.activity_number,
        address=record.address,
        email=record.email,
        url=record.url,
        representative=record.representative,
        representative_title=record.representative_title,
    )


def forget_learner(user_id: int) -> None:
    """Erase which company the learner works for; the company itself is public."""
    Employment.objects.filter(user_id=user_id).delete()


def _record(siret: Siret, facts: dict[str, str]) -> Employer:
    values = {**facts, "checksum_warning": siret.checksum_warning}
    employer, _created = Employer.objects.get_or_create(siret=siret.value, defaults=values)
    if changed := [fact for fact, value in values.items() if getattr(employer, fact) != value]:
        for fact in changed:
            setattr(employer, fact, values[fact])
        employer.save(update_fields=changed)
    return employer


def _employ(user_id: int, employer: Employer, now: datetime) -> None:
    values = {"employer": employer, "declared_at": now}
    employment, _created = Employment.objects.get_or_create(user_id=user_id, defaults=values)
    if employment.employer_id != employer.pk:
        Employment.objects.filter(pk=employment.pk).update(**values)


def _employer(record: Employer) -> EmployerFacts:
    return EmployerFacts(record.siret, record.name, record.idcc, record.naf, record.checksum_warning)

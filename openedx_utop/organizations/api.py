"""The organizations domain's door."""

from openedx_utop.organizations.census import companies_of, each_company, staff_of
from openedx_utop.organizations.companies import company_of, known_company
from openedx_utop.organizations.data import (
    Answer,
    CompanyFacts,
    CompanyMatch,
    CompanySearchError,
    Confidence,
    Eligibility,
    EmployerFacts,
    FactsStatus,
    Ground,
    Headcount,
    InvalidCode,
    InvalidSiret,
    LineLookUp,
    LookUp,
    ProviderFacts,
    ReasonMissing,
    RegisterUnavailable,
    RevocationMethod,
    SearchTooVague,
    Siret,
    Situation,
    UnknownCompany,
    UnknownProvider,
    Verdict,
)
from openedx_utop.organizations.deciding import eligibility, override_eligibility
from openedx_utop.organizations.declaring import (
    declare_employer,
    declare_without_company,
    employer_of,
    forget_learner,
    situation_of,
)
from openedx_utop.organizations.importing import count_due, due_numbers, look_up_each, numbers_in
from openedx_utop.organizations.looking_up import look_up
from openedx_utop.organizations.models import Provider
from openedx_utop.organizations.opcos import normalise_opco
from openedx_utop.organizations.rules import check_siret, normalise_idcc, normalise_naf
from openedx_utop.organizations.searching import search_companies

__all__ = [
    "Answer",
    "CompanyFacts",
    "CompanyMatch",
    "CompanySearchError",
    "Confidence",
    "Eligibility",
    "EmployerFacts",
    "FactsStatus",
    "Ground",
    "Headcount",
    "InvalidCode",
    "InvalidSiret",
    "LineLookUp",
    "LookUp",
    "ProviderFacts",
    "ReasonMissing",
    "RegisterUnavailable",
    "RevocationMethod",
    "SearchTooVague",
    "Siret",
    "Situation",
    "UnknownCompany",
    "UnknownProvider",
    "Verdict",
    "check_siret",
    "companies_of",
    "company_of",
    "count_due",
    "declare_employer",
    "declare_without_company",
    "due_numbers",
    "each_company",
    "eligibility",
    "employer_of",
    "forget_learner",
    "known_company",
    "look_up",
    "look_up_each",
    "normalise_idcc",
    "normalise_naf",
    "normalise_opco",
    "numbers_in",
    "override_eligibility",
    "provider",
    "search_companies",
    "several_providers",
    "situation_of",
    "staff_of",
]


def several_providers() -> bool:
    """Whether more than one organisation trains here."""
    return Provider.objects.count() > 1


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
        revocation_method=RevocationMethod(record.revocation_method),
        colour=record.colour,
        second_colour=record.second_colour,
        linkedin_number=record.linkedin_number,
    )

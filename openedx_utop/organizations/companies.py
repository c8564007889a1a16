"""What is known of a company, read from the registry alone: no network here."""

from datetime import datetime, timedelta

from django.conf import settings

from openedx_utop.organizations.data import (
    Answer,
    CompanyFacts,
    Confidence,
    Eligibility,
    FactsStatus,
    Ground,
    Headcount,
    LookUp,
    Siret,
    UnknownCompany,
    Verdict,
)
from openedx_utop.organizations.headcount import VERDICTS, ground_of
from openedx_utop.organizations.models import Employer, Employment
from openedx_utop.organizations.rules import check_siret
from openedx_utop.organizations.wording import status_sentence, verdict_sentence, warnings_about


def known_company(siret_text: str, *, now: datetime) -> LookUp:
    """What the registry holds of this number, without asking anybody; raises InvalidSiret."""
    siret = check_siret(siret_text)
    return described(siret, Employer.objects.filter(siret=siret.value).first(), now=now)


def company_of(user_id: int, *, now: datetime) -> LookUp | None:
    """What the registry holds of the company that the learner declared; None: they declared none."""
    employment = employment_of(user_id)
    if employment is None:
        return None
    record = employment.employer
    return described(Siret(record.siret, record.checksum_warning), record, now=now, name=employment.name)


def employment_of(user_id: int) -> Employment | None:
    """Where the learner says to work."""
    return Employment.objects.select_related("employer").filter(user_id=user_id).first()


def company_record(siret: str) -> Employer:
    """The company of this SIRET; raises UnknownCompany."""
    try:
        return Employer.objects.get(siret=siret)
    except Employer.DoesNotExist as error:
        raise UnknownCompany(siret) from error


def described(siret: Siret, record: Employer | None, *, now: datetime, answer: str = "", name: str = "") -> LookUp:
    """The company as people are told of it.

    `answer`: what the register just said, where nothing is recorded. `name`: what the learner calls it.
    """
    facts = facts_of(record, name) if record else None
    status = status_of(record, facts, answer)
    return LookUp(
        siret=siret,
        status=status,
        facts=facts,
        verdict=eligibility_of(record, facts, now=now),
        message=status_sentence(status),
        warnings=warnings_about(siret),
        is_stale=record is not None and is_stale(record, now=now),
    )


def is_stale(record: Employer, *, now: datetime) -> bool:
    """Whether the facts are older than the register is trusted for; what was never looked up is not stale."""
    kept = timedelta(days=settings.UTOP_COMPANY_FACTS_DAYS)
    return record.fetched_at is not None and now - record.fetched_at > kept


def status_of(record: Employer | None, facts: CompanyFacts | None, answer: str = "") -> FactsStatus:
    """What is known of the company, and who says so."""
    if record is None or facts is None:
        return FactsStatus.UNKNOWN if answer == Answer.UNKNOWN else FactsStatus.UNAVAILABLE
    if record.resolved_by is not None:
        return FactsStatus.OVERRIDDEN
    if not facts.is_open:
        return FactsStatus.CLOSED
    if record.fetched_at is None or record.answer == Answer.UNKNOWN:
        return _status_without_register(record)
    if not facts.is_diffusible and not facts.name:
        return FactsStatus.NON_DIFFUSIBLE
    return FactsStatus.DECLARED if record.idcc and not record.idccs else FactsStatus.FOUND


def _status_without_register(record: Employer) -> FactsStatus:
    if record.idcc or record.naf:
        return FactsStatus.DECLARED
    return FactsStatus.UNKNOWN if record.answer == Answer.UNKNOWN else FactsStatus.UNAVAILABLE


def facts_of(record: Employer, name: str = "") -> CompanyFacts:
    """The register's facts; where it says nothing, the declared ones, `name` by the learner first."""
    return CompanyFacts(
        siret=record.siret,
        name=record.register_name or name or record.name,
        idccs=tuple(record.idccs) or ((record.idcc,) if record.idcc else ()),
        naf=record.register_naf or record.naf,
        naf_nomenclature=record.naf_nomenclature,
        opco=record.opco,
        site_headcount=Headcount(record.site_band, record.site_band_year),
        enterprise_headcount=Headcount(record.enterprise_band, record.enterprise_band_year),
        category=record.category,
        category_year=record.category_year,
        is_site_open=record.is_site_open,
        is_enterprise_open=record.is_enterprise_open,
        is_diffusible=record.is_diffusible,
        address=record.address,
        postcode=record.postcode,
        commune=record.commune,
        city=record.city,
        source=record.source,
        fetched_at=record.fetched_at,
        payload_hash=record.payload_hash,
    )


def eligibility_of(record: Employer | None, facts: CompanyFacts | None, *, now: datetime) -> Eligibility:
    """The verdict: a person's decision if there is one, else that of the rule on today's facts and limit."""
    if record is not None and record.resolved_by is not None:
        return _decided(record, Verdict(record.verdict))
    limit = settings.UTOP_HEADCOUNT_LIMIT
    ground = ground_of(facts, limit=limit)
    verdict = VERDICTS[ground]
    return Eligibility(
        verdict=verdict,
        ground=ground,
        message=verdict_sentence(ground, limit=limit, verdict=verdict),
        confidence=confidence_in(record, now=now),
        headcount=facts.enterprise_headcount if facts else Headcount(),
        resolved_at=record.resolved_at if record else None,
    )


def confidence_in(record: Employer | None, *, now: datetime) -> Confidence:
    """How far the facts of the company can be trusted."""
    if record is None or record.fetched_at is None:
        return Confidence.LOW
    return Confidence.MEDIUM if is_stale(record, now=now) else Confidence.HIGH


def _decided(record: Employer, verdict: Verdict) -> Eligibility:
    return Eligibility(
        verdict=verdict,
        ground=Ground.DECISION,
        message=verdict_sentence(Ground.DECISION, limit=settings.UTOP_HEADCOUNT_LIMIT, verdict=verdict),
        confidence=Confidence.HIGH,
        headcount=Headcount(record.enterprise_band, record.enterprise_band_year),
        resolved_at=record.resolved_at,
        resolved_by=record.resolved_by,
        override_reason=record.override_reason,
    )

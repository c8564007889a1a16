"""Who a learner works for, or why they work for nobody: what they declare themselves."""

from datetime import datetime

from django.db import transaction

from openedx_utop.events.signals import company_unanswered
from openedx_utop.organizations.companies import company_record, employment_of
from openedx_utop.organizations.data import EmployerFacts, FactsStatus, Situation
from openedx_utop.organizations.looking_up import look_up
from openedx_utop.organizations.models import Employer, Employment, WithoutCompany
from openedx_utop.organizations.rules import check_siret, normalise_idcc, normalise_naf

LONGEST_NAME = 255


def declare_employer(
    user_id: int, siret_text: str, *, name: str = "", idcc: str = "", naf: str = "", now: datetime
) -> EmployerFacts:
    """Record who the learner works for. Facts given replace those declared before, facts left empty leave them.

    The name stays with the learner, for the register may hide it from others; the codes are the company's.
    Raises InvalidSiret and InvalidCode. Declaring the same company again keeps the first date. It is recorded before
    the register is asked, which never fails: call it outside a transaction, for it may wait for the network.
    """
    siret = check_siret(siret_text)
    given = {"idcc": normalise_idcc(idcc), "naf": normalise_naf(naf)}
    codes = {fact: value for fact, value in given.items() if value}
    with transaction.atomic():
        employer = _recorded(siret.value, {**codes, "checksum_warning": siret.checksum_warning})
        employment = _employed(user_id, employer, " ".join(name.split())[:LONGEST_NAME], now)
    if look_up(siret.value, now=now).status is FactsStatus.UNAVAILABLE:
        company_unanswered.send(Employer, siret=siret.value)
    return _employer_facts(company_record(siret.value), employment)


def declare_without_company(user_id: int, situation: Situation, *, now: datetime) -> None:
    """Record that the learner works for no company, and why; a company declared before no longer holds."""
    with transaction.atomic():
        Employment.objects.filter(user_id=user_id).delete()
        values = {"situation": situation, "declared_at": now}
        known, is_new = WithoutCompany.objects.get_or_create(user_id=user_id, defaults=values)
        if not is_new and known.situation != situation:
            WithoutCompany.objects.filter(pk=known.pk).update(**values)


def situation_of(user_id: int) -> Situation | None:
    """Why the learner has no company; None if they have one, or have said nothing."""
    declared = WithoutCompany.objects.filter(user_id=user_id).first()
    return Situation(declared.situation) if declared else None


def employer_of(user_id: int) -> EmployerFacts | None:
    """The company the learner declared, if they did."""
    employment = employment_of(user_id)
    return _employer_facts(employment.employer, employment) if employment else None


def forget_learner(user_id: int) -> None:
    """Erase which company the learner works for; the company itself is public."""
    Employment.objects.filter(user_id=user_id).delete()
    WithoutCompany.objects.filter(user_id=user_id).delete()


def _employer_facts(record: Employer, employment: Employment) -> EmployerFacts:
    """What certificates and pages say of the learner's company: the register's facts, else the declared ones."""
    return EmployerFacts(
        record.siret,
        record.register_name or employment.name or record.name,
        record.idccs[0] if record.idccs else record.idcc,
        record.register_naf or record.naf,
        record.checksum_warning,
    )


def _recorded(siret: str, values: dict[str, str | bool]) -> Employer:
    employer, _is_new = Employer.objects.get_or_create(siret=siret, defaults=values)
    if changed := [fact for fact, value in values.items() if getattr(employer, fact) != value]:
        for fact in changed:
            setattr(employer, fact, values[fact])
        employer.save(update_fields=changed)
    return employer


def _employed(user_id: int, employer: Employer, name: str, now: datetime) -> Employment:
    WithoutCompany.objects.filter(user_id=user_id).delete()
    values = {"employer": employer, "declared_at": now, "name": name}
    employment, _is_new = Employment.objects.get_or_create(user_id=user_id, defaults=values)
    if employment.employer_id != employer.pk:
        Employment.objects.filter(pk=employment.pk).update(**values)
        employment.name = name
    elif name and employment.name != name:
        employment.name = name
        employment.save(update_fields=["name"])
    return employment

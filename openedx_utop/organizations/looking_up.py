"""Asking the public register about a company, when what is known of it is missing or old."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from openedx_utop.organizations.companies import described, is_stale
from openedx_utop.organizations.data import Answer, CompanyFacts, LookUp, Siret
from openedx_utop.organizations.deciding import VERDICT_FIELDS, resolve
from openedx_utop.organizations.models import Employer, RegisterAnswer
from openedx_utop.organizations.register import companies as register
from openedx_utop.organizations.register import funds
from openedx_utop.organizations.register.data import FundFacts, Json, NoAnswer, RegisterFacts
from openedx_utop.organizations.register.reading import fingerprint
from openedx_utop.organizations.rules import check_siret

# Bytes. A longer answer is kept as its hash alone.
LARGEST_PAYLOAD = 64 * 1024


def look_up(siret_text: str, *, now: datetime, is_patient: bool = False, anew: bool = False) -> LookUp:
    """The company of this number, from the registry if it is fresh there, else from the public register.

    Raises InvalidSiret, and nothing for what happens outside: the status says it. `is_patient`: nobody is waiting.
    `anew`: ask even if the facts are fresh. It may wait for the network: call it outside a transaction.
    """
    siret = check_siret(siret_text)
    record = Employer.objects.filter(siret=siret.value).first()
    if not anew and not _is_due(siret, record, now):
        answer = "" if record else Answer.UNKNOWN
        return described(siret, record, now=now, answer=answer)
    try:
        found = register.company(siret.value, now=now, is_patient=is_patient)
    except NoAnswer:
        return described(siret, _noted(record, Answer.UNAVAILABLE, now), now=now, answer=Answer.UNAVAILABLE)
    if found is None:
        return described(siret, _unknown(siret, record, now), now=now, answer=Answer.UNKNOWN)
    return described(siret, _found(siret, found, _fund(siret, is_patient=is_patient), now), now=now)


def _is_due(siret: Siret, record: Employer | None, now: datetime) -> bool:
    """Whether the register has to be asked."""
    if record is None:
        return not cache.get(_unknown_key(siret))
    if record.answer == Answer.UNKNOWN and record.asked_at is not None:
        return now - record.asked_at > timedelta(hours=settings.UTOP_UNKNOWN_COMPANY_HOURS)
    return record.fetched_at is None or is_stale(record, now=now)


def _unknown_key(siret: Siret) -> str:
    return f"utop.unknown-company.{siret.value}"


def _noted(record: Employer | None, answer: Answer, now: datetime) -> Employer | None:
    """The record, if there is one, with what the register answered."""
    if record is not None:
        record.answer, record.asked_at = answer, now
        record.save(update_fields=["answer", "asked_at"])
    return record


def _unknown(siret: Siret, record: Employer | None, now: datetime) -> Employer | None:
    """A number that is nobody's makes no record. A company that is there no more may have asked to be hidden."""
    cache.set(_unknown_key(siret), True, settings.UTOP_UNKNOWN_COMPANY_HOURS * 3600)
    if record is not None and record.fetched_at is not None:
        record.register_name = record.address = ""
        record.save(update_fields=["register_name", "address"])
        record.answers.all().delete()
    return _noted(record, Answer.UNKNOWN, now)


def _fund(siret: Siret, *, is_patient: bool) -> FundFacts | None:
    try:
        return funds.fund(siret.value, is_patient=is_patient)
    except NoAnswer:
        return None


def _found(siret: Siret, found: RegisterFacts, fund: FundFacts | None, now: datetime) -> Employer:
    with transaction.atomic():
        defaults = {"checksum_warning": siret.checksum_warning}
        record, _is_new = Employer.objects.get_or_create(siret=siret.value, defaults=defaults)
        values = _columns(found.facts)
        if fund is not None:
            values["opco"] = fund.opco
            values["idccs"] = values["idccs"] or [code for code in (fund.idcc,) if code]
        for column, value in values.items():
            setattr(record, column, value)
        record.answer, record.asked_at = Answer.FOUND, now
        resolve(record, now=now)
        record.save(update_fields=[*values, "answer", "asked_at", *VERDICT_FIELDS])
        _keep_payload(record, found.facts.source, found.payload, now)
        if fund is not None:
            _keep_payload(record, funds.SOURCE, fund.payload, now)
    return record


def _columns(facts: CompanyFacts) -> dict[str, Any]:
    """The columns of a record that the register alone writes."""
    values = asdict(facts)
    for ours in ("siret", "opco"):
        del values[ours]
    for whose in ("site", "enterprise"):
        headcount = values.pop(f"{whose}_headcount")
        values[f"{whose}_band"], values[f"{whose}_band_year"] = headcount["band"], headcount["year"]
    values["register_name"], values["register_naf"] = values.pop("name"), values.pop("naf")
    values["idccs"] = list(facts.idccs)
    return values


def _keep_payload(record: Employer, source: str, payload: Json, now: datetime) -> None:
    is_small = len(str(payload)) <= LARGEST_PAYLOAD
    values = {"fetched_at": now, "payload_hash": fingerprint(payload), "payload": payload if is_small else {}}
    RegisterAnswer.objects.update_or_create(employer=record, source=source, defaults=values)

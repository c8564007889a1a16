"""Whether a company may take part, and the person who decides otherwise."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from openedx_utop.organizations.companies import company_record, confidence_in, eligibility_of, facts_of, known_company
from openedx_utop.organizations.data import Confidence, Eligibility, Ground, ReasonMissing, Verdict
from openedx_utop.organizations.models import EligibilityDecision, Employer

VERDICT_FIELDS = ["verdict", "verdict_ground", "verdict_confidence", "resolved_at", "resolved_by", "override_reason"]


def eligibility(siret_text: str, *, now: datetime) -> Eligibility:
    """Whether the company of this number may take part, from what is known of it; raises InvalidSiret."""
    return known_company(siret_text, now=now).verdict


def override_eligibility(siret: str, verdict: Verdict | None, reason: str, *, by: int, now: datetime) -> Eligibility:
    """Have this verdict hold whatever the register says; None: the rule's again. Every decision is kept.

    Raises UnknownCompany, and ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing(_("Say why: the staff and the auditor will read it."))
    with transaction.atomic():
        record = company_record(siret)
        EligibilityDecision.objects.create(
            employer=record, verdict=verdict or "", reason=reason.strip(), decided_by=by, decided_at=now
        )
        if verdict is None:
            _follow_rule(record, now)
        else:
            _follow_decision(record, verdict, reason.strip(), by, now)
        record.save(update_fields=VERDICT_FIELDS)
    return eligibility_of(record, facts_of(record), now=now)


def resolve(record: Employer, *, now: datetime) -> None:
    """Put the rule's verdict on the record, unsaved, unless a person's decision holds."""
    if record.resolved_by is None:
        _follow_rule(record, now)


def _follow_rule(record: Employer, now: datetime) -> None:
    record.resolved_by, record.override_reason = None, ""
    found = eligibility_of(record, facts_of(record), now=now)
    record.verdict, record.verdict_ground = found.verdict, found.ground
    record.verdict_confidence, record.resolved_at = confidence_in(record, now=now), now


def _follow_decision(record: Employer, verdict: Verdict, reason: str, by: int, now: datetime) -> None:
    record.verdict, record.verdict_ground, record.verdict_confidence = verdict, Ground.DECISION, Confidence.HIGH
    record.resolved_at, record.resolved_by, record.override_reason = now, by, reason

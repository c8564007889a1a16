"""The sector that is proposed to a learner in a course, and why."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.core.cache import cache
from opaque_keys.edx.keys import CourseKey

from openedx_utop.official_time import official_day
from openedx_utop.organizations.api import CompanyFacts, FactsStatus, LookUp, company_of, situation_of
from openedx_utop.sectors.data import Confidence, Proposal, ProposalMethod, ProposalStatus, SectorFacts
from openedx_utop.sectors.models import ChoiceMethod, SectorChoice
from openedx_utop.sectors.rulebook.api import CompanyCodes, Match, match
from openedx_utop.sectors.rules import proposed
from openedx_utop.sectors.tree import offered_among, offered_sectors, parents_of, sectors_by_slug, tracks_of
from openedx_utop.sectors.wording import nothing_to_choose, sentence, set_by_adviser, without_company

logger = logging.getLogger(__name__)

CONFIDENCE = {
    ProposalMethod.IDCC: Confidence.HIGH,
    ProposalMethod.OPCO: Confidence.MEDIUM,
    ProposalMethod.NAF: Confidence.LOW,
    ProposalMethod.MANUAL: Confidence.LOW,
}
DECIDED = (ChoiceMethod.STAFF, ChoiceMethod.REQUEST)
QUALIFIED = {
    FactsStatus.NON_DIFFUSIBLE: ProposalStatus.NON_DIFFUSIBLE,
    FactsStatus.DECLARED: ProposalStatus.DECLARED,
}
MISS_LOGGED_SECONDS = 24 * 60 * 60


def proposal(user_id: int, course_key: CourseKey, *, now: datetime) -> Proposal:
    """The sector that the staff has set for the learner, else the one that their company leads to."""
    choices = SectorChoice.objects.select_related("sector").filter(user_id=user_id, course_key=course_key)
    held = choices.order_by("-rank").first()
    if held is None or held.method not in DECIDED:
        return company_proposal(user_id, course_key, now=now)
    return Proposal(
        ProposalStatus.OVERRIDDEN,
        sectors_by_slug()[held.sector.slug],
        offered_sectors(course_key),
        set_by_adviser(held.reason),
        confidence=Confidence.HIGH,
        decided_by=held.chosen_by,
        reason=held.reason,
    )


def company_proposal(user_id: int, course_key: CourseKey, *, now: datetime) -> Proposal:
    """The sector that the learner's company leads to in this course, as far as is known of the company."""
    known = company_of(user_id, now=now)
    matched = match(codes_of(known.facts), day=official_day(now)) if known and known.facts else Match(frozenset(), "")
    _tell_missing(matched)
    tree = sectors_by_slug()
    offered = offered_among(tree, tracks_of(course_key))
    status, sector, candidates = proposed(matched.sectors, offered, parents_of(tree))
    method = ProposalMethod(matched.kind) if status is not ProposalStatus.UNRESOLVED else ProposalMethod.MANUAL
    status = qualified(status, known.status if known else None)
    if status is ProposalStatus.CLOSED:
        sector, candidates = None, offered
    return Proposal(
        status,
        sector,
        candidates,
        _sentence(user_id, status, known, sector, offered),
        method=method,
        confidence=_confidence(method, known),
    )


def codes_of(facts: CompanyFacts) -> CompanyCodes:
    """What of a company the rules look at."""
    return CompanyCodes(idccs=facts.idccs, opco=facts.opco, naf=facts.naf)


def qualified(status: ProposalStatus, known: FactsStatus | None) -> ProposalStatus:
    """What the rules say, unless what is known of the company changes what to do next.

    A staff decision on the headcount says nothing of the sector.
    """
    if known is FactsStatus.CLOSED:
        return ProposalStatus.CLOSED
    if known is FactsStatus.UNAVAILABLE and status is ProposalStatus.UNRESOLVED:
        return ProposalStatus.UNAVAILABLE
    return QUALIFIED.get(known, status) if known and status is ProposalStatus.RESOLVED else status


def _sentence(
    user_id: int,
    status: ProposalStatus,
    known: LookUp | None,
    sector: SectorFacts | None,
    offered: Sequence[SectorFacts],
) -> str:
    if not offered:
        return nothing_to_choose()
    if known is None:
        return without_company(has_said_so=situation_of(user_id) is not None)
    return sentence(status, has_sector=sector is not None)


def _confidence(method: ProposalMethod, known: LookUp | None) -> Confidence:
    """By what led there; never high on facts that are old, and low on somebody's word."""
    if known is not None and known.status is FactsStatus.DECLARED:
        return Confidence.LOW
    confidence = CONFIDENCE[method]
    is_old = known is not None and known.is_stale
    return Confidence.MEDIUM if is_old and confidence is Confidence.HIGH else confidence


def _tell_missing(matched: Match) -> None:
    """Log each agreement that the tables lack once a day: the operator's page lists them all."""
    for idcc in matched.missing:
        if cache.add(f"utop-unknown-agreement-{idcc}", value=True, timeout=MISS_LOGGED_SECONDS):
            logger.warning("No rule and no OPCO for the collective agreement %s", idcc)

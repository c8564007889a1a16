"""Companies that may not take part in a closed action: only a certain verdict refuses, and a person can overrule it."""

from collections.abc import Iterable
from datetime import datetime

from openedx_utop.enrolment.data import Desk, Line
from openedx_utop.organizations.api import (
    Eligibility,
    InvalidSiret,
    Verdict,
    check_siret,
    company_of,
    eligibility,
    look_up,
)
from openedx_utop.training.api import action_for


def refused_companies(desk: Desk, lines: Iterable[Line], *, now: datetime) -> dict[str, str]:
    """Those of a list, each with the sentence that says what to do.

    The register is asked of the desk's own company only: a list of thousands waits for nobody. What is not known of a
    company refuses none of its people.
    """
    action = action_for(desk.course_key)
    if action is None or not action.is_closed:
        return {}
    found = {siret: eligibility(siret, now=now) for siret in _numbers(lines) - {desk.company}}
    if desk.company:
        found[desk.company] = look_up(desk.company, now=now).verdict
    return {siret: verdict.message for siret, verdict in found.items() if _refuses(verdict)}


def employer_refused(user_id: int, *, now: datetime) -> str | None:
    """The sentence for a person whose declared company may not take part."""
    company = company_of(user_id, now=now)
    return company.verdict.message if company and _refuses(company.verdict) else None


def _refuses(found: Eligibility) -> bool:
    return found.verdict is Verdict.NOT_ELIGIBLE


def _numbers(lines: Iterable[Line]) -> set[str]:
    found = set()
    for text in {line.siret for line in lines if line.siret}:
        try:
            found.add(check_siret(text).value)
        except InvalidSiret:
            continue  # The line's own verdict says it.
    return found

"""The choice of a trade as a learner finds it: one piece of page, shown by the block and by the page of its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.official_time import official_day, official_zone
from openedx_utop.organizations.api import (
    CompanyMatch,
    FactsStatus,
    Situation,
    company_of,
    employer_of,
    situation_of,
)
from openedx_utop.sectors.changes import api as changes
from openedx_utop.sectors.choices import learner_sector
from openedx_utop.sectors.levels.choices import held_level, level_history
from openedx_utop.sectors.levels.reading import offer_of
from openedx_utop.sectors.levels.rules import effective
from openedx_utop.sectors.proposals import proposal
from openedx_utop.sectors.tree import offered_sectors

TEMPLATE = "openedx_utop/sectors/panel.html"


@dataclass(frozen=True)
class Said:
    """What the learner just sent, and what is answered to it.

    `done` and `refused` are sentences; the other errors stand beside the fields that they are about. `found` are the
    companies of that name, None if none was searched for.
    """

    done: str = ""
    refused: str = ""
    siret: str = ""
    siret_error: str = ""
    reason: str = ""
    reason_error: str = ""
    sector: str = ""
    level: str = ""
    company: str = ""
    postcode: str = ""
    search_error: str = ""
    found: tuple[CompanyMatch, ...] | None = None

    @property
    def is_refusal(self) -> bool:
        """Whether something was not accepted."""
        return bool(self.refused or self.siret_error or self.reason_error or self.search_error)


def choice_panel(
    user_id: int,
    course_key: CourseKey,
    *,
    now: datetime,
    said: Said = Said(),
    next_url: str = "",
    request: HttpRequest | None = None,
) -> str:
    """The panel as HTML; its forms carry a token against forgery if they are shown in answer to a request."""
    context = standing(user_id, course_key, now=now, said=said, next_url=next_url)
    return render_to_string(TEMPLATE, context, request)


def own_learner(block: Any) -> int | None:
    """The learner who looks at a block of theirs; None for staff, above all for those who look as a learner."""
    return platform().counted_learner(block)


def standing(user_id: int, course_key: CourseKey, *, now: datetime, said: Said, next_url: str) -> dict[str, Any]:
    """Where the learner stands: company, proposal, trade held, lock, requests, and how it came to this."""
    employer, held = employer_of(user_id), learner_sector(user_id, course_key)
    asked = changes.requests_of(user_id, course_key)
    offered, offer = offered_sectors(course_key), offer_of(course_key)
    told = held_level(user_id, course_key) if offer.is_on else None
    return {
        "course_key": course_key,
        "employer": employer,
        "company": company_of(user_id, now=now),
        "situation": situation_of(user_id),
        "situations": Situation.choices,
        "may_retry": FactsStatus.UNAVAILABLE,
        "proposal": proposal(user_id, course_key, now=now),
        "held": held,
        "offered": offered,
        "others": [sector for sector in offered if held is None or sector.slug != held.slug],
        "lock": changes.lock_of(course_key, today=official_day(now)),
        "waiting": next((each for each in asked if each.answer is None), None),
        "requests": asked,
        "levels": offer.levels,
        "level": effective(told, offer),
        "has_told_level": told is not None,
        "level_history": level_history(user_id, course_key) if offer.is_on else (),
        "history": changes.history_of(user_id, course_key),
        "said": said,
        "next": next_url,
        "stay": _page(course_key, next_url),
        "longest": changes.LONGEST_REASON,
        "zone": official_zone(),
    }


def _page(course_key: CourseKey, next_url: str) -> str:
    """The page of the choice, that still knows where to go afterwards."""
    page = reverse("openedx_utop:sector-choice", kwargs={"course_key": course_key})
    return f"{page}?{urlencode({'next': next_url})}" if next_url not in ("", page) else page

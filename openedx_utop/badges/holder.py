"""The learner's own page of badges: what each one proves, and every way to show it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from openedx_utop.attendance.api import MODALITIES
from openedx_utop.badges import api
from openedx_utop.badges.addresses import verification_address
from openedx_utop.badges.evidence import level_named
from openedx_utop.badges.expiry.api import Expired, expired
from openedx_utop.badges.qr import qr_code
from openedx_utop.badges.rules import cleaned
from openedx_utop.badges.validations.api import Given, given
from openedx_utop.compat import Person, platform
from openedx_utop.official_time import official_day
from openedx_utop.organizations.api import provider
from openedx_utop.visitors import visitor_id

LINKEDIN = "https://www.linkedin.com/profile/add"


@dataclass(frozen=True)
class HeldBadge:
    """A badge as its holder sees it. `level`: the learner's, in words; `trade`, `signed_level`: what the badge is of.

    `skills`: the names of frameworks, and of their skills.
    `modalities`: certified seconds by the name of each way of learning.
    """

    credential: api.CredentialFacts
    name: str
    issuer: str
    address: str
    figures: Mapping[str, Any]
    level: str
    is_graded: bool
    modules: int
    modalities: Mapping[str, int]
    linkedin: str
    criteria: str
    evidence: str
    trade: str
    signed_level: str
    skills: tuple[tuple[str, str], ...]
    expired: Expired | None
    validation: Given | None
    outdated: api.Outdated | None


@login_required
@never_cache
@require_safe
def my_badges(request: HttpRequest) -> HttpResponse:
    """The badges of the signed-in learner, last those revoked and not replaced; of those they refused, the award."""
    user_id, now = visitor_id(request), timezone.now()
    made = api.credentials_of(user_id)
    replaced = {each.award.uuid for each in made if not each.revocation}
    kept = [
        each for each in made if not each.revocation or not (each.revocation.by_holder or each.award.uuid in replaced)
    ]
    holder = platform().person(user_id)
    held = [held_badge(each, now=now, holder=holder) for each in kept]
    held.sort(key=lambda badge: badge.credential.revocation is not None)
    context = {
        "badges": held,
        "outdated": [each for each in held if each.outdated],
        "refused": api.refused_awards(user_id),
        "wants_badges": api.wants_badges(user_id),
    }
    return render(request, "openedx_utop/badges/mine.html", context)


@login_required
@never_cache
@require_safe
def print_badge(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One badge on one sheet of paper, for its holder, with the address where anyone checks it."""
    user_id = visitor_id(request)
    found = next((each for each in api.credentials_of(user_id) if each.uuid == uuid and not each.revocation), None)
    if found is None:
        raise Http404
    badge = held_badge(found, now=timezone.now())
    return render(request, "openedx_utop/badges/sheet.html", {"badge": badge, "qr": qr_code(badge.address)})


def held_badge(credential: api.CredentialFacts, *, now: datetime, holder: Person | None = None) -> HeldBadge:
    """What the signed text and the frozen figures say; `holder`: as the account is today."""
    document = json.loads(credential.document)
    figures, achievement = credential.award.evaluation, document["credentialSubject"]["achievement"]
    name, issuer = document["name"], document["issuer"]["name"]
    by_modality = figures.get("certified_by_modality", {})
    return HeldBadge(
        credential=credential,
        name=name,
        issuer=issuer,
        address=verification_address(credential.uuid),
        figures=figures,
        level=level_named(figures.get("level", "")),
        is_graded=any(module["possible"] for module in figures["path"]),
        modules=sum(module["is_complete"] for module in figures["path"]),
        modalities={str(MODALITIES[modality]): seconds for modality, seconds in by_modality.items() if seconds},
        linkedin=linkedin_address(credential, document),
        criteria=achievement["criteria"]["narrative"],
        evidence=" ".join(each["narrative"] for each in document["evidence"]),
        trade=achievement.get("specialization", ""),
        signed_level=", ".join(achievement.get("tag", ())),
        skills=tuple((each["targetFramework"], each["targetName"]) for each in achievement.get("alignment", ())),
        expired=expired(credential, now=now),
        validation=_validation(credential),
        outdated=api.outdated(credential, holder),
    )


def _validation(credential: api.CredentialFacts) -> Given | None:
    frozen = credential.award.evaluation.get("validation")
    return given(UUID(frozen["uuid"]), credential.award.user_id) if frozen else None


def linkedin_address(credential: api.CredentialFacts, document: Mapping[str, Any]) -> str:
    """The page of LinkedIn that adds a certification to one's profile, filled in from what was signed."""
    day = official_day(datetime.fromisoformat(document["validFrom"]))
    filled = {
        "startTask": "CERTIFICATION_NAME",
        "name": document["name"],
        **_organisation(credential, document["issuer"]["name"]),
        "issueYear": day.year,
        "issueMonth": day.month,
        "certUrl": verification_address(credential.uuid),
        "certId": credential.uuid,
        **_expiry(credential),
    }
    return f"{LINKEDIN}?{urlencode(filled)}"


def _organisation(credential: api.CredentialFacts, issuer: str) -> dict[str, str]:
    """Its page on LinkedIn, whose logo is then shown; else the name alone, as for who signed under another name."""
    today = provider(credential.award.action.provider_id)
    if today.linkedin_number and cleaned(today.name) == issuer:
        return {"organizationId": today.linkedin_number}
    return {"organizationName": issuer}


def _expiry(credential: api.CredentialFacts) -> dict[str, int]:
    if credential.expires_at is None:
        return {}
    day = official_day(credential.expires_at)
    return {"expirationYear": day.year, "expirationMonth": day.month}

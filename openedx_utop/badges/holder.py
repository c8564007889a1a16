"""The learner's own page of badges: what each one proves, and every way to show it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from openedx_utop.attendance.api import MODALITIES
from openedx_utop.badges import api
from openedx_utop.badges.addresses import verification_address
from openedx_utop.official_time import official_day

LINKEDIN = "https://www.linkedin.com/profile/add"


@dataclass(frozen=True)
class HeldBadge:
    """A badge as its holder sees it. `modalities`: certified seconds by the name of each way of learning."""

    credential: api.CredentialFacts
    name: str
    issuer: str
    address: str
    figures: Mapping[str, Any]
    is_graded: bool
    modules: int
    modalities: Mapping[str, int]
    linkedin: str


@login_required
@never_cache
@require_safe
def my_badges(request: HttpRequest) -> HttpResponse:
    """Every badge of the signed-in learner, revoked ones last."""
    held = [held_badge(each) for each in api.credentials_of(cast(int, request.user.pk))]
    held.sort(key=lambda badge: badge.credential.revocation is not None)
    return render(request, "openedx_utop/badges/mine.html", {"badges": held})


def held_badge(credential: api.CredentialFacts) -> HeldBadge:
    """What the signed text and the frozen figures say."""
    document = json.loads(credential.document)
    figures = credential.award.evaluation
    name, issuer = document["name"], document["issuer"]["name"]
    by_modality = figures.get("certified_by_modality", {})
    return HeldBadge(
        credential=credential,
        name=name,
        issuer=issuer,
        address=verification_address(credential.uuid),
        figures=figures,
        is_graded=any(module["possible"] for module in figures["path"]),
        modules=sum(module["is_complete"] for module in figures["path"]),
        modalities={str(MODALITIES[modality]): seconds for modality, seconds in by_modality.items() if seconds},
        linkedin=linkedin_address(credential, name, issuer),
    )


def linkedin_address(credential: api.CredentialFacts, name: str, issuer: str) -> str:
    """The page of LinkedIn that adds a certification to one's profile, filled in."""
    day = official_day(credential.award.awarded_at)
    filled = {
        "startTask": "CERTIFICATION_NAME",
        "name": name,
        "organizationName": issuer,
        "issueYear": day.year,
        "issueMonth": day.month,
        "certUrl": verification_address(credential.uuid),
        "certId": credential.uuid,
    }
    return f"{LINKEDIN}?{urlencode(filled)}"

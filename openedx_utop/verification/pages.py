"""The public page, and the same answer as JSON."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from openedx_utop.badges.api import SigningKeyInvalid, SigningKeyMissing
from openedx_utop.badges.qr import qr_code
from openedx_utop.verification import api

PROBLEM = "application/problem+json"


@never_cache
@require_safe
def verify(request: HttpRequest, uuid: str) -> HttpResponse:
    """Whether a badge or a certificate is authentic, for whoever holds its link; nobody has to sign in."""
    try:
        found = _verification(uuid)
    except (SigningKeyMissing, SigningKeyInvalid):
        response = _not_now(request)
    else:
        response = _answer(request, found) if found else _unknown(request)
    patch_vary_headers(response, ["Accept"])
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Robots-Tag"] = "noindex"
    return response


def _verification(text: str) -> api.Verification | None:
    """None for what was never issued here, a malformed identifier included."""
    try:
        uuid = UUID(text)
    except ValueError:
        return None
    if str(uuid) != text.lower():
        return None
    found = api.verify(uuid, now=timezone.now())
    return None if found.status == api.Status.UNKNOWN else found


def _wants_json(request: HttpRequest) -> bool:
    if "format" in request.GET:
        return request.GET["format"] == "json"
    named = {f"{accepted.main_type}/{accepted.sub_type}" for accepted in request.accepted_types}
    return "application/json" in named and "text/html" not in named


def _answer(request: HttpRequest, found: api.Verification) -> HttpResponse:
    address = _address(found.uuid)
    if _wants_json(request):
        return JsonResponse(_plain(found, address))
    context = {"verification": found, "shown": found.shown, "address": address, "qr": qr_code(address)}
    return render(request, f"openedx_utop/verification/{_template(found)}.html", context)


def _address(uuid: UUID) -> str:
    return f"{settings.LMS_ROOT_URL.rstrip('/')}{reverse('openedx_utop:verify', args=[uuid])}"


def _template(found: api.Verification) -> str:
    return str(found.kind) if found.status == api.Status.AUTHENTIC else str(found.status)


def _plain(found: api.Verification, address: str) -> dict[str, Any]:
    answer: dict[str, Any] = {**asdict(found), "address": address}
    if found.kind == api.Kind.CREDENTIAL:
        answer["credential"] = address.replace("/verify/", "/credentials/").rstrip("/")
    if found.successor:
        answer["successor"]["address"] = _address(found.successor.uuid)
    return answer


def _unknown(request: HttpRequest) -> HttpResponse:
    if _wants_json(request):
        detail = _("Nothing with this identifier was issued here.")
        return _problem(404, detail, verification=api.Status.UNKNOWN)
    return render(request, "openedx_utop/verification/unknown.html", status=404)


def _not_now(request: HttpRequest) -> HttpResponse:
    if _wants_json(request):
        return _problem(503, _("The platform cannot check signatures at the moment."))
    return render(request, "openedx_utop/verification/not_now.html", status=503)


def _problem(status: int, detail: str, **members: str) -> HttpResponse:
    problem = {"type": "about:blank", "status": status, "detail": detail, **members}
    return JsonResponse(problem, status=status, content_type=PROBLEM)

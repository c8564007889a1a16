"""Badges over HTTP: for wallets and verifiers, which ask for JSON, and for people, who are led to the page."""

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from openedx_utop.badges import api
from openedx_utop.badges.negotiation import acceptable_type, preferred_type

HTML = "text/html"
PROBLEM = "application/problem+json"
SIGNED_TYPES = ("application/vc", "application/vc+ld+json", "application/ld+json", "application/json")
# What asks for the token: its registered names, and the one that Open Badges use.
TOKEN_TYPES = ("application/vc+jwt", "application/jwt", "text/plain")
PICTURE_TYPES = ("image/png", "image/svg+xml")
HOSTED_TYPES = ("application/ld+json", "application/json")
ACHIEVEMENT_TYPES = ("application/ld+json", "application/json", HTML)
# What the standard lets verifiers assume of a list that says nothing.
STATUS_SECONDS = 300
PICTURE_SECONDS = 365 * 24 * 3600
FOR_MACHINES = ("application/json", "application/ld+json", "application/did+json")

View = Callable[Concatenate[HttpRequest, ...], HttpResponse]


class NotHere(Exception):
    """Nothing answers at this address."""


NOT_HERE = (
    NotHere,
    api.UnknownCredential,
    api.UnknownAchievement,
    api.UnknownIssuer,
    api.UnknownPicture,
    api.UnknownStatusList,
)


def public(view: View) -> View:
    """For anyone with the link, scripts of other sites included, and for no search engine."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, **arguments: str) -> HttpResponse:
        try:
            response = view(request, **arguments)
        except NOT_HERE:
            response = _missing(request, _("No badge answers at this address."), "not_found")
        except api.BadgeHidden:
            response = _missing(request, _("The holder of this badge shows it to nobody."), "hidden")
        except (api.SigningKeyMissing, api.SigningKeyInvalid):
            response = _problem(503, _("This platform has no signing key yet."))
        response["Access-Control-Allow-Origin"] = "*"
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer


@public
def credential(request: HttpRequest, *, uuid: str) -> HttpResponse:
    """The signed credential, or for a browser its verification page."""
    found = api.served(_uuid(uuid))
    offered = (*SIGNED_TYPES, HTML, *(TOKEN_TYPES if found.token else ()), *PICTURE_TYPES)
    media_type = acceptable_type(request, offered)
    if media_type is None:
        response = _problem(406, _("This badge is offered as: {types}.").format(types=", ".join(offered)))
    elif media_type == HTML:
        response = HttpResponseRedirect(reverse("openedx_utop:verify", args=[found.uuid]))
    else:
        if not found.is_shown:
            _if_shown(request, api.credential(found.uuid))
        response = HttpResponse(_form(found, media_type), content_type=media_type)
    patch_vary_headers(response, ["Accept"])
    return response


def _form(found: api.ServedCredential, media_type: str) -> str | bytes:
    if media_type in TOKEN_TYPES:
        return found.token
    if media_type in PICTURE_TYPES:
        return api.credential_png(found.uuid) if media_type == "image/png" else api.credential_svg(found.uuid)
    return found.document


@public
def credential_json(request: HttpRequest, *, uuid: str) -> HttpResponse:
    """The signed credential as a file."""
    found = _if_shown(request, api.credential(_uuid(uuid)))
    return _file(found.document, "application/json", f"{_file_name(found)}.json")


@public
def credential_png(request: HttpRequest, *, uuid: str) -> HttpResponse:
    """The picture with the signed credential inside."""
    found = _if_shown(request, api.credential(_uuid(uuid)))
    return _file(api.credential_png(found.uuid), "image/png", f"{_file_name(found)}.png")


@public
def credential_svg(request: HttpRequest, *, uuid: str) -> HttpResponse:
    """The drawing with the signed credential inside."""
    found = _if_shown(request, api.credential(_uuid(uuid)))
    return _file(api.credential_svg(found.uuid), "image/svg+xml", f"{_file_name(found)}.svg")


@public
def credential_token(request: HttpRequest, *, uuid: str) -> HttpResponse:
    """The credential as a signed token: `.jws`, of the type that Open Badges ask for, or `.jwt`, of the registered one.

    Whoever names another of these types is given it.
    """
    found = _if_shown(request, api.credential(_uuid(uuid)))
    if not found.token:
        return _problem(404, _("This badge was issued without a token (VC-JWT); its signed file is there."))
    extension = request.path.rpartition(".")[2]
    own = "text/plain" if extension == "jws" else "application/vc+jwt"
    others = [each for each in TOKEN_TYPES if each != own]
    response = _file(found.token, preferred_type(request, (own, *others)), f"{_file_name(found)}.{extension}")
    patch_vary_headers(response, ["Accept"])
    return response


@public
def hosted_assertion(request: HttpRequest, *, uuid: str) -> HttpResponse:
    """The Open Badges 2.0 twin of a credential; gone once it is revoked."""
    found = api.credential(_uuid(uuid))
    # That it was revoked is for everyone to know, and all that is said then.
    found = found if found.revocation else _if_shown(request, found)
    return _hosted(request, api.hosted_assertion(found.uuid), status=410 if found.revocation else 200)


@public
def hosted_badge_class(request: HttpRequest, *, uuid: str) -> HttpResponse:
    """What a badge says today, in terms of Open Badges 2.0."""
    return _hosted(request, api.hosted_badge_class(_uuid(uuid)))


@public
def hosted_badge_version(request: HttpRequest, *, uuid: str, sha256: str) -> HttpResponse:
    """What a badge said when it was awarded, in terms of Open Badges 2.0."""
    return _hosted(request, api.hosted_badge_version(_uuid(uuid), sha256))


@public
def hosted_issuer(request: HttpRequest, *, number: str) -> HttpResponse:
    """A training provider, in terms of Open Badges 2.0."""
    return _hosted(request, api.hosted_issuer(_number(number)))


@public
def status_list(request: HttpRequest, *, uuid: str) -> HttpResponse:
    """The signed list in which verifiers look up what was revoked, as JSON, or as a token for those who ask for one."""
    found = api.served_list(_uuid(uuid))
    media_type = preferred_type(request, (*SIGNED_TYPES, *(TOKEN_TYPES if found.token else ())))
    response = HttpResponse(found.token if media_type in TOKEN_TYPES else found.document, content_type=media_type)
    patch_vary_headers(response, ["Accept"])
    patch_cache_control(response, public=True, max_age=STATUS_SECONDS)
    return response


@public
def achievement(request: HttpRequest, *, uuid: str) -> HttpResponse:
    """What a badge says."""
    identifier = _uuid(uuid)
    document = api.achievement_document(identifier)
    media_type = preferred_type(request, ACHIEVEMENT_TYPES)
    if media_type == HTML:
        context = {
            "achievement": document,
            "uuid": identifier,
            "endorsements": api.endorsements(document, now=timezone.now()),
        }
        response = render(request, "openedx_utop/badges/achievement.html", context)
    else:
        response = _json(document, media_type)
    patch_vary_headers(response, ["Accept"])
    return response


@public
def achievement_image(request: HttpRequest, *, uuid: str) -> HttpResponse:
    """The picture of a badge."""
    return HttpResponse(api.achievement_image(_uuid(uuid)), content_type="image/png")


@public
def picture(request: HttpRequest, *, sha256: str) -> HttpResponse:
    """A picture that was uploaded; its address stands for its content, for good."""
    response = HttpResponse(api.picture(sha256), content_type="image/png")
    patch_cache_control(response, public=True, max_age=PICTURE_SECONDS, immutable=True)
    return response


@public
def issuer(request: HttpRequest) -> HttpResponse:
    """The DID document that verifiers take the key from."""
    return _json(api.issuer_document(), "application/did+json")


@public
def issuer_keys(request: HttpRequest) -> HttpResponse:
    """The keys that tokens are signed with, for verifiers that know no DIDs."""
    return _json(api.issuer_jwks(), "application/jwk-set+json")


def _uuid(text: str) -> UUID:
    try:
        value = UUID(text)
    except ValueError as error:
        raise NotHere from error
    if str(value) != text.lower():
        raise NotHere
    return value


def _if_shown(request: HttpRequest, found: api.CredentialFacts) -> api.CredentialFacts:
    """The same, unless its holder shows it to nobody; raises BadgeHidden, except for the holder."""
    if not found.is_shown and request.user.pk != found.award.user_id:
        raise api.BadgeHidden(found.uuid)
    return found


def _number(text: str) -> int:
    # Nothing has a longer number, and the database would not take one.
    if not re.fullmatch(r"[1-9][0-9]{0,17}", text):
        raise NotHere
    return int(text)


def _hosted(request: HttpRequest, document: dict[str, Any], status: int = 200) -> HttpResponse:
    response = _json(document, preferred_type(request, HOSTED_TYPES))
    response.status_code = status
    patch_vary_headers(response, ["Accept"])
    return response


def _file_name(credential: api.CredentialFacts) -> str:
    return slugify(_("badge {title}").format(title=credential.award.achievement.name))[:80]


def _file(content: str | bytes, media_type: str, name: str) -> HttpResponse:
    # Inline: the same address serves as a picture in a page and, with a readable name, as a download.
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": f'inline; filename="{name}"'})


def _json(document: dict[str, Any], media_type: str) -> HttpResponse:
    return HttpResponse(json.dumps(document, ensure_ascii=False), content_type=media_type)


def _problem(status: int, detail: str) -> HttpResponse:
    response = _json({"type": "about:blank", "status": status, "detail": detail}, PROBLEM)
    response.status_code = status
    return response


def _missing(request: HttpRequest, detail: str, template: str) -> HttpResponse:
    if preferred_type(request, (*FOR_MACHINES, HTML)) == HTML:
        response = render(request, f"openedx_utop/badges/{template}.html", status=404)
    else:
        response = _problem(404, detail)
    patch_vary_headers(response, ["Accept"])
    return response

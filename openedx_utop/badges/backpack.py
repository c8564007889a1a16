"""A signed-in learner's badges for a wallet: the reading part of the Open Badges 3.0 API (§6.2)."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.dateparse import parse_datetime
from edx_rest_framework_extensions.auth.jwt.authentication import JwtAuthentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from openedx_utop.badges import api
from openedx_utop.badges.terms import CONTEXTS
from openedx_utop.compat import platform

LONGEST_PAGE = 100
SECRET = {"Cache-Control": "private, no-store"}
CODES = {
    HTTPStatus.BAD_REQUEST: "invaliddata",
    HTTPStatus.UNAUTHORIZED: "unauthorisedrequest",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.METHOD_NOT_ALLOWED: "invaliddata",
}


class BackpackView(APIView):
    """Signed in by the session or the platform's JWT; refusals are told as the standard has them."""

    authentication_classes = [JwtAuthentication, SessionAuthentication]
    permission_classes = [IsAuthenticated]
    renderer_classes = [JSONRenderer]
    schema = None

    def handle_exception(self, exc: Exception) -> Response:
        """An Imsx_StatusInfo; 500 is left to the platform."""
        response: Response = super().handle_exception(exc)
        if isinstance(exc, APIException):
            response.data = _status_info(response.status_code, str(exc.detail))
        return response


class CredentialsView(BackpackView):
    """`GET credentials`: those that are not revoked, the oldest first, as they were signed."""

    def get(self, request: Request) -> HttpResponse:
        """A page of them. `since`: issued after this instant."""
        found = _live(request.user.pk, _since(request))
        limit = _number(request, "limit", 1, LONGEST_PAGE, default=LONGEST_PAGE)
        offset = _number(request, "offset", 0, None, default=0)
        # Not read and written again: the text is what was signed.
        documents = ",".join(credential.document for credential in found[offset : offset + limit])
        body = f'{{"credential":[{documents}],"compactJwsString":[]}}'
        headers = {**SECRET, "X-Total-Count": str(len(found)), "Link": _links(request, len(found), limit, offset)}
        return HttpResponse(body, content_type="application/json", headers=headers)


class ProfileView(BackpackView):
    """`GET profile`: who the badges belong to."""

    def get(self, request: Request) -> Response:
        """The account's name and address."""
        person = platform().person(request.user.pk)
        if person is None:
            return Response(_status_info(HTTPStatus.NOT_FOUND, "No profile."), status=HTTPStatus.NOT_FOUND)
        profile = {
            "@context": CONTEXTS[1:],
            "id": f"mailto:{person.email}",
            "type": "Profile",
            "name": person.full_name,
            "email": person.email,
        }
        return Response(profile, headers=SECRET)


def _live(user_id: int, since: datetime | None) -> Sequence[api.CredentialFacts]:
    live = [each for each in api.credentials_of(user_id) if each.revocation is None]
    return [each for each in reversed(live) if since is None or each.issued_at > since]


def _since(request: Request) -> datetime | None:
    text = request.query_params.get("since")
    if text is None:
        return None
    try:
        instant = parse_datetime(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ValidationError("since: an instant with its time zone, as 2026-12-31T12:00:00Z")
    return instant


def _number(request: Request, name: str, least: int, most: int | None, *, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise ValidationError(f"{name}: a whole number, {least} or more")
    return int(text) if most is None else min(int(text), most)


def _links(request: Request, total: int, limit: int, offset: int) -> str:
    last = max(total - 1, 0) // limit * limit
    places = {"first": 0, "last": last}
    places |= {"next": offset + limit} if offset + limit < total else {}
    places |= {"prev": max(offset - limit, 0)} if offset else {}
    kept = {name: value for name, value in request.query_params.items() if name == "since"}
    address = request.build_absolute_uri(request.path)
    return ", ".join(
        f'<{address}?{urlencode({**kept, "limit": limit, "offset": place})}>; rel="{relation}"'
        for relation, place in places.items()
    )


def _status_info(status: int, description: str) -> dict[str, object]:
    return {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": description,
        "imsx_CodeMinor": {
            "imsx_codeMinorField": [
                {
                    "imsx_codeMinorFieldName": "TargetEndSystem",
                    "imsx_codeMinorFieldValue": CODES.get(HTTPStatus(status), "unknownobject"),
                }
            ]
        },
    }

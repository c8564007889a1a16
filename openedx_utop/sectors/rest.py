"""The two addresses that the choice posts to, from a form or from a script."""

from dataclasses import asdict
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from openedx_utop.organizations import api as organizations
from openedx_utop.problems import problem
from openedx_utop.sectors import api, pages, wire

REFUSALS: dict[type[api.SectorError], tuple[HTTPStatus, str]] = {
    wire.MalformedRequest: (HTTPStatus.BAD_REQUEST, "malformed-request"),
    wire.SignedOut: (HTTPStatus.UNAUTHORIZED, "signed-out"),
    wire.Masquerading: (HTTPStatus.FORBIDDEN, "masquerading"),
    wire.UnknownCourse: (HTTPStatus.NOT_FOUND, "unknown-course"),
    api.NotEnrolled: (HTTPStatus.FORBIDDEN, "not-enrolled"),
    api.UnknownSector: (HTTPStatus.BAD_REQUEST, "unknown-sector"),
    api.TrackUnavailable: (HTTPStatus.CONFLICT, "track-unavailable"),
    api.CohortsInUse: (HTTPStatus.CONFLICT, "cohorts-in-use"),
}


# Not in a transaction: the platform's own tasks, sent when the group changes, must see the change.
@never_cache
@require_POST
@transaction.non_atomic_requests
def choose(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Choose my sector in a course: `sector` is its slug, `next` where a form goes afterwards."""
    try:
        user_id = wire.learner(request, course_key)
        sent = wire.fields(request)
        sector = api.choose_sector(user_id, course_key, sent.get("sector", ""), chosen_by=user_id, now=timezone.now())
    except api.SectorError as refusal:
        return _refused(request, course_key, refusal)
    message = _("Your path is ready: the modules of your trade are open.")
    if wire.comes_from_script(request):
        return JsonResponse({"sector": _named(sector), "message": message})
    messages.success(request, message)
    return HttpResponseRedirect(wire.safe_next(request, course_key, sent.get("next", "")))


@never_cache
@require_POST
def declare_employer(request: HttpRequest) -> HttpResponse:
    """Say who I work for: `siret` as typed, `course` whose sectors are proposed in answer."""
    course_key = None
    try:
        sent = wire.fields(request)
        course_key = _course_key(sent.get("course", ""))
        return _declared(request, course_key, sent)
    except api.SectorError as refusal:
        return _refused(request, course_key, refusal)


def _course_key(text: str) -> CourseKey:
    try:
        return CourseKey.from_string(text)
    except InvalidKeyError as error:
        raise wire.UnknownCourse(wire.no_such_course()) from error


def _declared(request: HttpRequest, course_key: CourseKey, sent: dict[str, str]) -> HttpResponse:
    user_id, typed = wire.learner(request, course_key), sent.get("siret", "")
    try:
        employer = organizations.declare_employer(user_id, typed, now=timezone.now())
    except organizations.InvalidSiret as refusal:
        if wire.comes_from_script(request):
            return problem(HTTPStatus.BAD_REQUEST, "invalid-siret", str(refusal))
        return pages.render_choice(request, course_key, siret_typed=typed, siret_error=str(refusal))
    if not wire.comes_from_script(request):
        return HttpResponseRedirect(wire.safe_next(request, course_key, sent.get("next", "")))
    found = api.proposal(user_id, course_key, now=timezone.now())
    return JsonResponse(
        {
            "employer": {**asdict(employer), "warning": pages.checksum_sentence(employer)},
            "proposal": {
                "status": found.status,
                "message": found.message,
                "sector": _named(found.sector) if found.sector else None,
                "candidates": [_named(candidate) for candidate in found.candidates],
            },
        }
    )


def _refused(request: HttpRequest, course_key: CourseKey | None, refusal: api.SectorError) -> HttpResponse:
    status, kind = REFUSALS[type(refusal)]
    if wire.comes_from_script(request):
        return problem(status, kind, str(refusal))
    if course_key is None or status is HTTPStatus.NOT_FOUND:
        raise Http404(str(refusal))
    page = wire.safe_next(request, course_key, request.POST.get("next", ""))
    if status is HTTPStatus.UNAUTHORIZED:
        return redirect_to_login(page)
    messages.error(request, str(refusal))
    return HttpResponseRedirect(page)


def _named(sector: api.SectorFacts) -> dict[str, str]:
    return {"slug": sector.slug, "name": sector.name}

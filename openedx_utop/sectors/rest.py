"""The addresses that the choice posts to: from a form, from the panel's own script, or from a program."""

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

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
from openedx_utop.sectors.changes import api as changes
from openedx_utop.sectors.panel import Said, choice_panel

REFUSALS: dict[type[api.SectorError], tuple[HTTPStatus, str]] = {
    wire.MalformedRequest: (HTTPStatus.BAD_REQUEST, "malformed-request"),
    wire.SignedOut: (HTTPStatus.UNAUTHORIZED, "signed-out"),
    wire.Masquerading: (HTTPStatus.FORBIDDEN, "masquerading"),
    wire.UnknownCourse: (HTTPStatus.NOT_FOUND, "unknown-course"),
    api.NotEnrolled: (HTTPStatus.FORBIDDEN, "not-enrolled"),
    api.UnknownSector: (HTTPStatus.BAD_REQUEST, "unknown-sector"),
    api.UnknownLevel: (HTTPStatus.BAD_REQUEST, "unknown-level"),
    api.TrackUnavailable: (HTTPStatus.CONFLICT, "track-unavailable"),
    api.CohortsInUse: (HTTPStatus.CONFLICT, "cohorts-in-use"),
    api.SectorLocked: (HTTPStatus.CONFLICT, "sector-locked"),
    changes.RequestPending: (HTTPStatus.CONFLICT, "request-pending"),
    changes.NothingToAsk: (HTTPStatus.CONFLICT, "nothing-to-ask"),
    changes.ReasonMissing: (HTTPStatus.BAD_REQUEST, "reason-missing"),
    changes.UnknownRequest: (HTTPStatus.NOT_FOUND, "unknown-request"),
    changes.AlreadyAnswered: (HTTPStatus.CONFLICT, "already-answered"),
}

View = Callable[..., HttpResponse]


def answered(view: View) -> View:
    """A POST whose refusals are told in the way that was asked in: a problem, the panel, or a message and a page."""

    @never_cache
    @require_POST
    @wraps(view)
    def posted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except api.SectorError as refusal:
            return _refused(request, kwargs.get("course_key"), refusal)

    return posted


# Not in a transaction: the platform's own tasks, sent when the group changes, must see the change.
@transaction.non_atomic_requests
@answered
def choose(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Choose my sector in a course, and my level if it has levels: `sector` and `level` are slugs, `next` is where a
    form goes afterwards.
    """
    user_id, sent = wire.learner(request, course_key), wire.fields(request)
    sector = api.choose_sector(
        user_id,
        course_key,
        sent.get("sector", ""),
        chosen_by=user_id,
        now=timezone.now(),
        level=sent.get("level"),
    )
    message = _("Your path is ready: the modules of your trade are open.")
    told = {"sector": _named(sector), "level": api.learner_level(user_id, course_key)}
    return _done(request, course_key, sent, message, told)


@answered
def ask(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Ask for another sector or level after the lock date: their slugs, and `reason` for the adviser."""
    user_id, sent = wire.learner(request, course_key), wire.fields(request)
    slug, level, reason = (sent.get(name, "") for name in ("sector", "level", "reason"))
    try:
        asked = changes.ask(user_id, course_key, slug, reason=reason, now=timezone.now(), level=level)
    except changes.ReasonMissing as refusal:
        if wire.comes_from_script(request):
            raise
        said = Said(sector=slug, level=level, reason=reason, reason_error=str(refusal))
        return _corrected(request, course_key, said)
    message = _("Your request is sent. The answer will appear here.")
    told = {"request": str(asked.uuid), "sector": _named(asked.sector), "level": asked.level}
    return _done(request, course_key, sent, message, told)


@answered
def withdraw(request: HttpRequest, course_key: CourseKey, uuid: UUID) -> HttpResponse:
    """Take a request back."""
    user_id, sent = wire.learner(request, course_key), wire.fields(request)
    changes.withdraw(uuid, user_id=user_id, now=timezone.now())
    return _done(request, course_key, sent, _("Your request is withdrawn."), {"request": str(uuid)})


# Not in a transaction: the register may be slow, and nothing waits for it but this request.
@transaction.non_atomic_requests
@answered
def declare_employer(request: HttpRequest) -> HttpResponse:
    """Say who I work for: `siret` as typed, `course` whose sectors are proposed in answer."""
    return _about_company(request, _declared)


@transaction.non_atomic_requests
@answered
def find_company(request: HttpRequest) -> HttpResponse:
    """Search for my company: `company` is its name, `postcode` where it is; `course` is where the answer is shown."""
    return _about_company(request, _found)


@answered
def work_for_nobody(request: HttpRequest) -> HttpResponse:
    """Say that I have no company: `situation` is why; `course` is where the answer is shown."""
    return _about_company(request, _without_company)


def _about_company(
    request: HttpRequest, answer: Callable[[HttpRequest, CourseKey, dict[str, str]], HttpResponse]
) -> HttpResponse:
    """The course stands in the body, and a refusal has to know it."""
    sent = wire.fields(request)
    course_key = _course_key(sent.get("course", ""))
    try:
        return answer(request, course_key, sent)
    except api.SectorError as refusal:
        return _refused(request, course_key, refusal)


def _course_key(text: str) -> CourseKey:
    try:
        return CourseKey.from_string(text)
    except InvalidKeyError as error:
        raise wire.UnknownCourse(wire.no_such_course()) from error


def _declared(request: HttpRequest, course_key: CourseKey, sent: dict[str, str]) -> HttpResponse:
    user_id, typed, now = wire.learner(request, course_key), sent.get("siret", ""), timezone.now()
    try:
        employer = organizations.declare_employer(user_id, typed, now=now)
    except organizations.InvalidSiret as refusal:
        if wire.comes_from_script(request):
            return problem(HTTPStatus.BAD_REQUEST, "invalid-siret", str(refusal))
        return _corrected(request, course_key, Said(siret=typed, siret_error=str(refusal)))
    found, company = api.proposal(user_id, course_key, now=now), organizations.company_of(user_id, now=now)
    told = {
        "employer": {**asdict(employer), "warning": " ".join(company.warnings) if company else ""},
        "proposal": {
            "status": found.status,
            "message": found.message,
            "sector": _named(found.sector) if found.sector else None,
            "candidates": [_named(candidate) for candidate in found.candidates],
        },
    }
    return _done(request, course_key, sent, "", told)


def _found(request: HttpRequest, course_key: CourseKey, sent: dict[str, str]) -> HttpResponse:
    wire.learner(request, course_key)
    name, postcode = sent.get("company", ""), sent.get("postcode", "")
    try:
        found = organizations.search_companies(name, postcode)
    except organizations.CompanySearchError as refusal:
        if wire.comes_from_script(request):
            return problem(HTTPStatus.BAD_REQUEST, "no-search", str(refusal))
        return _corrected(request, course_key, Said(company=name, postcode=postcode, search_error=str(refusal)))
    if wire.comes_from_script(request):
        return JsonResponse({"found": [asdict(company) for company in found]})
    return _shown(request, course_key, Said(company=name, postcode=postcode, found=found))


def _without_company(request: HttpRequest, course_key: CourseKey, sent: dict[str, str]) -> HttpResponse:
    user_id, situation = wire.learner(request, course_key), sent.get("situation", "")
    if situation not in organizations.Situation.values:
        raise wire.MalformedRequest(_("Say which of these situations is yours."))
    organizations.declare_without_company(user_id, organizations.Situation(situation), now=timezone.now())
    message = _("It is noted. Choose your trade in the list.")
    return _done(request, course_key, sent, message, {"situation": situation})


def _done(
    request: HttpRequest, course_key: CourseKey, sent: dict[str, str], message: str, told: dict[str, Any]
) -> HttpResponse:
    if wire.comes_from_script(request):
        return JsonResponse({**told, "message": message} if message else told)
    if wire.comes_from_panel(request):
        return _panel(request, course_key, Said(done=message))
    if message:
        messages.success(request, message)
    return HttpResponseRedirect(wire.safe_next(request, course_key, sent.get("next", "")))


def _corrected(request: HttpRequest, course_key: CourseKey, said: Said) -> HttpResponse:
    """The form again, with what was typed and the reason beside it."""
    return _shown(request, course_key, said, HTTPStatus.BAD_REQUEST)


def _shown(request: HttpRequest, course_key: CourseKey, said: Said, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    if wire.comes_from_panel(request):
        return _panel(request, course_key, said, status)
    return pages.render_choice(request, course_key, said)


def _panel(request: HttpRequest, course_key: CourseKey, said: Said, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    user_id = wire.learner(request, course_key)
    html = choice_panel(user_id, course_key, now=timezone.now(), said=said, request=request)
    return HttpResponse(html, status=status, headers={"Utop-Panel": "1"})


def _refused(request: HttpRequest, course_key: CourseKey | None, refusal: api.SectorError) -> HttpResponse:
    status, kind = REFUSALS[type(refusal)]
    if wire.comes_from_script(request):
        return problem(status, kind, str(refusal))
    if wire.comes_from_panel(request) and course_key is not None and status is HTTPStatus.CONFLICT:
        return _panel(request, course_key, Said(refused=str(refusal)), status)
    if wire.comes_from_panel(request):
        return HttpResponse(str(refusal), status=status, content_type="text/plain; charset=utf-8")
    if course_key is None or status is HTTPStatus.NOT_FOUND:
        raise Http404(str(refusal))
    page = wire.safe_next(request, course_key, request.POST.get("next", ""))
    if status is HTTPStatus.UNAUTHORIZED:
        return redirect_to_login(page)
    messages.error(request, str(refusal))
    return HttpResponseRedirect(page)


def _named(sector: api.SectorFacts) -> dict[str, str]:
    return {"slug": sector.slug, "name": sector.name}

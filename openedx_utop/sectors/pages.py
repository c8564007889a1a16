"""The choice of a trade as a page of its own, for those outside the course or without a script."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.organizations.api import EmployerFacts, employer_of
from openedx_utop.sectors import api, wire

TEMPLATE = "openedx_utop/sectors/choice.html"


@never_cache
@require_safe
@login_required
def choice_page(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """My company, the trade it leads to, and every trade offered in the course."""
    return render_choice(request, course_key)


def render_choice(
    request: HttpRequest, course_key: CourseKey, *, siret_typed: str = "", siret_error: str = ""
) -> HttpResponse:
    """The page; a SIRET that was refused stays in its field with the reason beside it."""
    course = platform().course(course_key)
    if course is None:
        raise Http404(wire.no_such_course())
    try:
        user_id = wire.learner(request, course_key)
    except api.SectorError as refusal:
        return render(request, TEMPLATE, {"course": course, "refusal": str(refusal)}, status=HTTPStatus.FORBIDDEN)
    employer = employer_of(user_id)
    proposal = api.proposal(user_id, course_key, now=timezone.now())
    context = {
        "course": course,
        "employer": employer,
        "checksum_warning": checksum_sentence(employer) if employer else "",
        "proposal": proposal,
        "held": api.learner_sector(user_id, course_key),
        "offered": api.offered_sectors(course_key),
        "preselected": request.GET.get("sector", ""),
        "next": wire.safe_next(request, course_key, request.GET.get("next", request.POST.get("next", ""))),
        "siret_typed": siret_typed,
        "siret_error": siret_error,
    }
    return render(request, TEMPLATE, context, status=HTTPStatus.BAD_REQUEST if siret_error else HTTPStatus.OK)


def checksum_sentence(employer: EmployerFacts) -> str:
    """What to check when the number's own control digits do not match; empty when they do."""
    if not employer.checksum_warning:
        return ""
    return _("The control digits of this SIRET do not match. It is recorded all the same: check it on your payslip.")

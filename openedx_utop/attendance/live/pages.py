"""The learner's pages: the sessions of a course, a place in one of them, and the signature, on a phone first."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.live import api
from openedx_utop.compat import platform
from openedx_utop.official_time import official_zone
from openedx_utop.visitors import visitor_id

STATUSES: dict[type[api.LiveError], HTTPStatus] = {
    api.WrongCode: HTTPStatus.BAD_REQUEST,
    api.TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
}


@login_required
@never_cache
@require_safe
def open_now(request: HttpRequest) -> HttpResponse:
    """`/utop/live/`: the half-days to sign at this moment, for those who do not scan."""
    own = api.open_now(visitor_id(request), now=timezone.now())
    return render(request, "openedx_utop/attendance/live/now.html", {"own": own, "zone": official_zone()})


@login_required
@never_cache
@require_safe
def own_sessions(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """The sessions of a course: those to come, and those signed."""
    user_id, course = visitor_id(request), platform().course(course_key)
    own = api.sessions_for(user_id, course_key, now=timezone.now())
    has_signed = any(slot.signed_at for each in own for slot in each.slots)
    if course is None or not (has_signed or platform().is_enrolled(user_id, course_key)):
        raise Http404
    context = {
        "course": course,
        "to_come": [each for each in own if not each.is_over],
        "past": [each for each in reversed(own) if each.is_over],
        "is_enrolled": platform().is_enrolled(user_id, course_key),
        "zone": official_zone(),
    }
    return render(request, "openedx_utop/attendance/live/own.html", context)


@login_required
@never_cache
@require_POST
def place(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """Take a place in a session, or give it up with `give_up`."""
    user_id, now = visitor_id(request), timezone.now()
    try:
        course_key = api.session(session_uuid).course_key
        if "give_up" in request.POST:
            api.withdraw(user_id, session_uuid, now=now)
            messages.success(request, _("Your place is free for somebody else."))
        else:
            api.register(user_id, session_uuid, now=now)
            messages.success(request, _("You have a place."))
    except api.UnknownSession as error:
        raise Http404 from error
    except api.LiveError as error:
        messages.error(request, str(error))
    return redirect("openedx_utop:live", course_key)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, slot_uuid: UUID) -> HttpResponse:
    """Sign a half-day with the code, which the address of the QR carries."""
    user_id, now = visitor_id(request), timezone.now()
    own = _own_slot(user_id, slot_uuid)
    if api.may_train(user_id, own[0].session.course_key, own[0].session.trainer_id):
        return redirect("openedx_utop:live-sheet", slot_uuid)
    if request.method != "POST":
        return _sign_page(request, own, code=request.GET.get("code", "")[:20])
    code = request.POST.get("code", "")[:20]
    try:
        api.sign_with_code(user_id, slot_uuid, code, now=now)
    except api.LiveError as error:
        answer = _sign_page(request, own, code=code, error=error)
        if isinstance(error, api.TooManyAttempts):
            answer["Retry-After"] = str(error.retry_after)
        return answer
    return HttpResponseRedirect(request.path)


def _own_slot(user_id: int, slot_uuid: UUID) -> tuple[api.OwnSession, api.OwnSlot]:
    """The half-day as an enrolled learner sees it, or its trainer; 404 for everybody else."""
    try:
        session = api.session_of_slot(slot_uuid)
    except api.UnknownSession as error:
        raise Http404 from error
    course_key = session.course_key
    if not (platform().is_enrolled(user_id, course_key) or api.may_train(user_id, course_key, session.trainer_id)):
        raise Http404
    own = api.sessions_for(user_id, course_key, now=timezone.now())
    return next((each, slot) for each in own for slot in each.slots if slot.uuid == slot_uuid)


def _sign_page(
    request: HttpRequest,
    own: tuple[api.OwnSession, api.OwnSlot],
    *,
    code: str,
    error: api.LiveError | None = None,
) -> HttpResponse:
    each, slot = own
    context = {"own": each, "slot": slot, "code": code, "error": error, "zone": official_zone()}
    status = STATUSES.get(type(error), HTTPStatus.CONFLICT) if error else HTTPStatus.OK
    return render(request, "openedx_utop/attendance/live/sign.html", context, status=status)

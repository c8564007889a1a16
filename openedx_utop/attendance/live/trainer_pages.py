"""The pages that plan sessions: for the course's staff, and for the trainer named in a session."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.live import api, forms
from openedx_utop.compat import Course, PathModule, platform
from openedx_utop.official_time import official_zone
from openedx_utop.visitors import visitor_id


@login_required
@never_cache
@require_safe
def sessions(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """The sessions of a course: all of them for its staff, their own for a trainer."""
    user_id = visitor_id(request)
    is_staff = platform().is_course_staff(user_id, course_key)
    every = api.sessions_of(course_key)
    found = [each for each in every if is_staff or each.trainer_id == user_id]
    course = platform().course(course_key)
    if course is None or not (is_staff or found):
        raise Http404
    people, now = platform().persons({each.trainer_id for each in found if each.trainer_id}), timezone.now()
    past = [each for each in reversed(found) if each.end <= now]
    held = [slot for each in past if not each.is_cancelled for slot in each.slots]
    context = {
        "course": course,
        "to_come": [(each, people.get(each.trainer_id or 0)) for each in found if each.end > now],
        "past": [(each, people.get(each.trainer_id or 0)) for each in past],
        "unsigned": sum(bool(slot.signed) and not slot.trainer_signed for slot in held),
        "is_staff": is_staff,
        "zone": official_zone(),
    }
    return render(request, "openedx_utop/attendance/live/sessions.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_session(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Enter a session; the staff's."""
    user_id = visitor_id(request)
    # The platform's own staff is staff of any course, even of one that is not there.
    if platform().course(course_key) is None or not platform().is_course_staff(user_id, course_key):
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = forms.SessionForm(course_key, _modules(user_id, course_key), sent)
    rows = forms.half_day_rows(sent)
    if sent is not None and form.is_valid() and rows.is_valid():
        try:
            api.plan_session(form.plan(forms.half_days(rows)), course_key=course_key, by=user_id, now=timezone.now())
        except api.BadPlan as error:
            _say(form, error)
        else:
            messages.success(request, _("The session is entered."))
            return redirect("openedx_utop:live_sessions", course_key)
    return _form_page(request, course_key, form, rows)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_session(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """Change a session while nothing of it is signed."""
    user_id, session = visitor_id(request), session_for_trainer(request, session_uuid)
    sent = request.POST if request.method == "POST" else None
    modules = _modules(user_id, session.course_key)
    form = forms.SessionForm(session.course_key, modules, sent, initial=forms.initial_of(session))
    rows = forms.half_day_rows(sent, session)
    if sent is not None and form.is_valid() and rows.is_valid():
        try:
            api.change_session(session_uuid, form.plan(forms.half_days(rows)), by=user_id, now=timezone.now())
        except api.BadPlan as error:
            _say(form, error)
        except api.SessionSettled as error:
            messages.error(request, str(error))
            return redirect("openedx_utop:live-session", session_uuid)
        else:
            messages.success(request, _("The session is changed."))
            return redirect("openedx_utop:live_sessions", session.course_key)
    return _form_page(request, session.course_key, form, rows, session)


@login_required
@never_cache
@require_POST
def cancel_session(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """Cancel a session, with a reason."""
    session = session_for_trainer(request, session_uuid)
    try:
        api.cancel_session(session_uuid, reason=entered(request, "reason"), by=visitor_id(request), now=timezone.now())
    except api.LiveError as error:
        messages.error(request, str(error))
        return redirect("openedx_utop:live-session", session_uuid)
    messages.success(request, _("The session is cancelled."))
    return redirect("openedx_utop:live_sessions", session.course_key)


def session_for_trainer(request: HttpRequest, session_uuid: UUID) -> api.Session:
    """The session, for its trainer and the course's staff; 404 for everybody else."""
    try:
        session = api.session(session_uuid)
    except api.UnknownSession as error:
        raise Http404 from error
    if not api.may_train(visitor_id(request), session.course_key, session.trainer_id):
        raise Http404
    return session


def course_of(course_key: CourseKey) -> Course:
    """The course, by its key if the host no longer knows it: what was signed outlives it."""
    return platform().course(course_key) or Course(course_key, str(course_key), "")


def entered(request: HttpRequest, field: str) -> str:
    """The text of a form's field; not every database takes the character NUL."""
    return request.POST.get(field, "").replace("\0", "").strip()


def _modules(user_id: int, course_key: CourseKey) -> list[PathModule]:
    return list(platform().learner_path(user_id, course_key))


def _say(form: forms.SessionForm, error: api.BadPlan) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error))


def _form_page(
    request: HttpRequest,
    course_key: CourseKey,
    form: forms.SessionForm,
    rows: "BaseFormSet[forms.HalfDayForm]",
    session: api.Session | None = None,
) -> HttpResponse:
    context = {"course": course_of(course_key), "form": form, "rows": rows, "session": session}
    return render(
        request,
        "openedx_utop/attendance/live/session_form.html",
        context,
        status=400 if form.errors or (rows.is_bound and not rows.is_valid()) else 200,
    )

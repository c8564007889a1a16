"""The page of whoever validates: who waits, who else, and what can still be withdrawn."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.badges.validations import api
from openedx_utop.badges.validations.forms import LONGEST, SomebodyForm, ValidationForm, WithdrawalForm
from openedx_utop.compat import Course, platform
from openedx_utop.official_time import official_day, official_zone
from openedx_utop.training.api import Action, action_for
from openedx_utop.visitors import visitor_id


@login_required
@never_cache
@require_safe
def validations(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Who waits, the longest first."""
    return _shown(request, _action(request, course_key))


@login_required
@never_cache
@require_POST
def validate(request: HttpRequest, course_key: CourseKey, user_id: int) -> HttpResponse:
    """Tick one of those who wait."""
    _action(request, course_key)
    form = ValidationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _first_error(form))
    else:
        _do(request, lambda by: _give(form, user_id, by), _("Validated. What follows is made by itself."))
    return redirect("openedx_utop:validations", course_key)


@login_required
@never_cache
@require_POST
def validate_somebody(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Tick a learner who is not in the list yet; what cannot be comes back in the form with the reason."""
    action = _action(request, course_key)
    form = _somebody(request, action, request.POST)
    if form.is_valid():
        person = platform().person_named(form.cleaned_data["person"])
        if person is None or not platform().is_enrolled(person.user_id, course_key):
            form.add_error("person", _("Nobody of that name is enrolled in the course."))
        elif _do(request, lambda by: _give(form, person.user_id, by), _("Validated. What follows is made by itself.")):
            return redirect("openedx_utop:validations", course_key)
    return _shown(request, action, form, status=400)


@login_required
@never_cache
@require_POST
def withdraw(request: HttpRequest, course_key: CourseKey, user_id: int) -> HttpResponse:
    """Take a validation back, with the reason."""
    _action(request, course_key)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, for whoever reads it later."))
    else:
        badge, reason, now = form.cleaned_data["achievement"], form.cleaned_data["reason"], timezone.now()
        _do(
            request,
            lambda by: api.withdraw(badge, user_id, reason=reason, by=by, now=now),
            _("The validation is withdrawn."),
        )
    return redirect("openedx_utop:validations", course_key)


def _action(request: HttpRequest, course_key: CourseKey) -> Action:
    """The course's action, for who validates anything in it; for everybody else the page does not exist."""
    action = action_for(course_key)
    if action is None or not api.validated_by(visitor_id(request), action):
        raise Http404(_("Course not found"))
    return action


def _give(form: ValidationForm, user_id: int, by: int) -> None:
    typed = form.cleaned_data
    api.validate(typed["achievement"], user_id, day=typed["day"], remark=typed["remark"], by=by, now=timezone.now())


def _do(request: HttpRequest, act: Callable[[int], None], done: str) -> bool:
    """Whether it could be done; what came of it is told on the next page."""
    try:
        act(visitor_id(request))
    except api.UnknownValidation as unknown:
        raise Http404(str(unknown)) from unknown
    except api.ValidationError as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True


def _somebody(request: HttpRequest, action: Action, data: object = None) -> SomebodyForm:
    mine = api.validated_by(visitor_id(request), action)
    badges = [(str(each.uuid), each.name) for each in mine]
    return SomebodyForm(badges, today=official_day(timezone.now()), data=data)


def _shown(request: HttpRequest, action: Action, form: SomebodyForm | None = None, status: int = 200) -> HttpResponse:
    by = visitor_id(request)
    waiting = api.waiting_for(by, action)
    context = {
        "action": action,
        "course": platform().course(action.course_key) or Course(action.course_key, action.title, ""),
        "waiting": waiting,
        "others": max(0, api.waiting_count(by, action) - len(waiting)),
        "standing": api.standing_for(by, action),
        "form": form or _somebody(request, action),
        "is_staff": platform().is_course_staff(by, action.course_key),
        "today": official_day(timezone.now()),
        "longest": LONGEST,
        "zone": official_zone(),
    }
    return render(request, "openedx_utop/badges/validations.html", context, status=status)


def _first_error(form: forms.Form) -> str:
    """The first of what is wrong, in words."""
    return next(str(error) for errors in form.errors.values() for error in errors)

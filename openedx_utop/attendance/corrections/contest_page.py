"""The learner's page: contest a figure, read the answers, and see every correction of one's own time."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.corrections import api
from openedx_utop.attendance.corrections.forms import ContestForm
from openedx_utop.attendance.corrections.pages import FOLDER, status_of
from openedx_utop.attendance.corrections.refusals import sentence
from openedx_utop.attendance.corrections.rows import Names, Titles, module_choices, titles
from openedx_utop.compat import Course, platform
from openedx_utop.visitors import visitor_id


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """The learner contests a figure, and reads the answers and the corrections of their time."""
    course, user_id = platform().course(course_key), visitor_id(request)
    if course is None or not api.is_of_course(user_id, course_key) or platform().is_masquerading(request, course_key):
        raise Http404
    modules = titles(user_id, course_key)
    choices = {"module": module_choices(modules)}
    if request.method != "POST":
        initial = {"module": request.GET.get("module", ""), "day": request.GET.get("day", "")}
        return _page(request, course, modules, ContestForm(choices=choices, initial=initial))
    form = ContestForm(request.POST, choices=choices)
    if form.is_valid() and _was_contested(course_key, user_id, form):
        messages.success(request, _("Your trainers will read your question; their answer will appear here."))
        return redirect("openedx_utop:contest", course_key)
    return _page(request, course, modules, form)


def _was_contested(course_key: CourseKey, user_id: int, form: ContestForm) -> bool:
    try:
        api.contest(
            user_id,
            course_key,
            day=form.cleaned_data["day"],
            module_key=form.module_key(),
            claimed_minutes=form.cleaned_data["claimed_minutes"],
            words=form.cleaned_data["words"],
            now=timezone.now(),
        )
    except api.CorrectionError as refusal:
        form.add_error(*sentence(refusal))
        return False
    return True


def _page(request: HttpRequest, course: Course, modules: Titles, form: ContestForm) -> HttpResponse:
    user_id = visitor_id(request)
    corrections, contests = api.corrections_of(user_id, course.key), api.contests_of(user_id, course.key)
    names = Names(*corrections, *contests, modules=modules)
    context = {
        "course": course,
        "form": form,
        "corrections": [names.correction(each, for_learner=True) for each in corrections],
        "contests": [names.contest(each) for each in contests],
        "for_learner": True,
    }
    return render(request, f"{FOLDER}/contest.html", context, status=status_of(form))

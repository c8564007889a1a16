"""The instructor's page: who is where."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from opaque_keys.edx.keys import CourseKey
from openedx_filters.learning.filters import InstructorDashboardRenderStarted

from demo import enrolment, progress
from demo.access import group_of, own_path
from demo.models import Course
from demo.navigation import outline_of
from demo.views.staff import require_staff


@dataclass(frozen=True)
class CourseOfTheFilter:
    """The course as the platform gives it to the filter: plugins read its `id`."""

    id: CourseKey


@login_required
def learners(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Each enrolled learner's cohort, completion and grade."""
    course = get_object_or_404(Course, course_key=course_key)
    require_staff(request, course_key)
    users = User.objects.filter(pk__in=enrolment.enrolled_learners(course_key)).order_by("last_name", "first_name")
    rows = [_row(user, course_key) for user in users]
    # .. filter_implemented_name: InstructorDashboardRenderStarted
    dashboard, _template = InstructorDashboardRenderStarted.run_filter(
        context={"course": CourseOfTheFilter(course_key), "sections": []}, template_name="demo/instructor.html"
    )
    sections = (dashboard or {}).get("sections", ())
    return render(request, "demo/instructor.html", {"course": course, "rows": rows, "sections": sections})


def _row(user: User, course_key: CourseKey) -> dict[str, object]:
    sections = outline_of(own_path(user, course_key), progress.completions(user.pk, course_key))
    modules = [module for section in sections for module in section.modules]
    return {
        "name": user.get_full_name(),
        "cohort": group_of(user.pk, course_key),
        "done": sum(module.is_complete for module in modules),
        "total": len(modules),
        "grade": progress.course_percent(user, course_key),
    }

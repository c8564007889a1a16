"""The instructor's page: who is where."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from opaque_keys.edx.keys import CourseKey

from demo import enrolment, progress
from demo.access import group_of, own_path
from demo.models import Course
from demo.navigation import outline_of
from demo.views.staff import require_staff


@login_required
def learners(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Each enrolled learner's cohort, completion and grade."""
    course = get_object_or_404(Course, course_key=course_key)
    require_staff(request, course_key)
    users = User.objects.filter(pk__in=enrolment.enrolled_learners(course_key)).order_by("last_name", "first_name")
    rows = [_row(user, course_key) for user in users]
    return render(request, "demo/instructor.html", {"course": course, "rows": rows})


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

"""Pages for the staff of a course."""

from django.http import Http404, HttpRequest
from opaque_keys.edx.keys import CourseKey

from demo.access import is_course_staff
from demo.views.signed_in import signed_in


def require_staff(request: HttpRequest, course_key: CourseKey) -> None:
    """For everybody else the page does not exist."""
    if not is_course_staff(signed_in(request), course_key):
        raise Http404

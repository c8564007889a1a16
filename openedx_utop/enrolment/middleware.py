"""A refusal that a page of the platform does not expect is a page with a sentence, not an error."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from openedx_filters.learning.filters import CourseEnrollmentStarted


class SeatMissing(CourseEnrollmentStarted.PreventEnrollment):
    """Somebody enrols themselves in a closed action without a seat; the message says what to do."""


class RefusalPage:
    """Shows our refusal where the platform lets it through, as its choice of a course mode does (`/course_modes/`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing on the way in or out."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The platform wraps what our filter step raised in an exception of its own; other errors are not ours."""
        refusal = exception if isinstance(exception, SeatMissing) else exception.__cause__
        if not isinstance(refusal, SeatMissing):
            return None
        return render(request, "openedx_utop/enrolment/refused.html", {"refusal": str(refusal)}, status=403)

"""Our refusals where the platform expects none: a page or an answer with a sentence, not an error."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from openedx_filters.learning.filters import CohortChangeRequested, CourseEnrollmentStarted


class SeatMissing(CourseEnrollmentStarted.PreventEnrollment):
    """Somebody enrols themselves in a closed action without a seat; the message says what to do."""


class OwnMove(CohortChangeRequested.PreventCohortChange):
    """A learner changes their trade around the product; the message says where it is done."""


class RefusalPage:
    """Shows our refusals where the platform lets them through: its choice of a course mode (`/course_modes/`), and the
    cohort asked for in its enrolment API.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing on the way in or out."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The platform wraps what our filter step raised in an exception of its own; other errors are not ours."""
        refusal = exception if isinstance(exception, (SeatMissing, OwnMove)) else exception.__cause__
        if isinstance(refusal, SeatMissing):
            return render(request, "openedx_utop/enrolment/refused.html", {"refusal": str(refusal)}, status=403)
        if isinstance(refusal, OwnMove):
            # As the enrolment API says its own refusals.
            return JsonResponse({"message": str(refusal), "localizedMessage": str(refusal)}, status=403)
        return None

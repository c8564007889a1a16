"""Units as bare pages, under the strictest policy, and a course page that frames one as the learning MFE does."""

from functools import wraps
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import include, path
from django.utils import timezone

from openedx_utop.attendance import api, rest
from tests.attendance.conftest import LEARNER, course_key, usage_key

PARAGRAPHS = "".join(f"<p id='p{rank}'>Paragraphe {rank}</p>" for rank in range(200))


# One status for each beat that the server has dealt with.
ANSWERED: list[int] = []
# The server's threads share one connection to the database in memory.
ONE_AT_A_TIME = Lock()


def strict(body: str) -> HttpResponse:
    response = HttpResponse(f"<!doctype html><html lang=fr><title>Unit</title><body>{body}</body></html>")
    response["Content-Security-Policy"] = "default-src 'self'; media-src 'self' data:"
    response.set_cookie("csrftoken", "a" * 32)
    return response


def unit(request: HttpRequest, name: str) -> HttpResponse:
    module = usage_key("first", "sequential", "module")
    block = usage_key("first", "vertical", name)
    tracker = {
        "lease": api.issue_lease(LEARNER, course_key(), module, block, now=timezone.now()),
        "media_seconds": settings.UTOP_MEDIA_PROMPT_SECONDS,
        "beat_seconds": settings.UTOP_BEAT_SECONDS,
        "idle_seconds": settings.UTOP_IDLE_SECONDS,
    }
    return strict(f"<div>{render_to_string('openedx_utop/attendance/tracker.html', tracker)}{PARAGRAPHS}</div>")


def course(request: HttpRequest) -> HttpResponse:
    return strict("<iframe src='/unit/first/' title=Unit scrolling=no width=600 height=9000></iframe>")


def elsewhere(request: HttpRequest) -> HttpResponse:
    return strict("<p>Between two units</p>")


@wraps(rest.beats_view)
def beats(request: HttpRequest) -> HttpResponse:
    with ONE_AT_A_TIME:
        answer = rest.beats_view(request)
        ANSWERED.append(answer.status_code)
    return answer


urlpatterns = [
    path("utop/api/v1/beats/", beats),
    path("unit/<slug:name>/", unit),
    path("course/", course),
    path("elsewhere/", elsewhere),
    path("", include("tests.urls")),
]

"""Units as bare pages, under the strictest policy, and a course page that frames one as the learning MFE does."""

from functools import wraps
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import include, path
from django.utils import timezone

import openedx_utop.urls
from openedx_utop.attendance import api, rest
from tests.attendance.conftest import LEARNER, course_key, usage_key

PARAGRAPHS = "".join(f"<p id='p{rank}'>Paragraphe {rank}</p>" for rank in range(200))
YOUTUBE = "https://www.youtube.com"

# One status for each beat that the server has dealt with.
ANSWERED: list[int] = []
# The server's threads share one connection to the database in memory.
ONE_AT_A_TIME = Lock()


def strict(body: str, frames: str = "'self'") -> HttpResponse:
    response = HttpResponse(f"<!doctype html><html lang=fr><title>Unit</title><body>{body}</body></html>")
    response["Content-Security-Policy"] = f"default-src 'self'; media-src 'self' data:; frame-src {frames}"
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
    film = f"<iframe title=Film src='{YOUTUBE}/embed/x?enablejsapi=1'></iframe>" if name == "film" else ""
    body = f"{film}{render_to_string('openedx_utop/attendance/tracker.html', tracker)}{PARAGRAPHS}"
    return strict(f"<div>{body}</div>", frames=YOUTUBE)


def sequence_from_elsewhere(request: HttpRequest) -> HttpResponse:
    """Two units in one page, whose static files are another host's, which lets nobody read them."""
    elsewhere = request.build_absolute_uri("/static/").replace("localhost", "127.0.0.1")
    both = unit(request, "first").content.decode() + unit(request, "second").content.decode()
    response = strict(both.replace('"/static/', f'"{elsewhere}'))
    response["Content-Security-Policy"] += f"; script-src {elsewhere}; style-src {elsewhere}"
    return response


def course(request: HttpRequest) -> HttpResponse:
    return strict("<iframe src='/unit/first/' title=Unit scrolling=no width=600 height=9000></iframe>")


def other_site(request: HttpRequest) -> HttpResponse:
    """The course page on a site of its own, its unit on the LMS's."""
    port = request.get_port()
    frame = f"<iframe src='http://localhost:{port}/unit/first/' title=Unit scrolling=no width=340 height=9000></iframe>"
    return strict(frame, frames=f"http://localhost:{port}")


def elsewhere(request: HttpRequest) -> HttpResponse:
    return strict("<p>Between two units</p>")


@wraps(rest.beats_view)
def beats(request: HttpRequest) -> HttpResponse:
    with ONE_AT_A_TIME:
        answer = rest.beats_view(request)
        ANSWERED.append(answer.status_code)
    return answer


# Under an address that is not answered in first position, so that the view above is.
product = [path("api/v1/beats/", beats, name="beats"), *openedx_utop.urls.urlpatterns]

urlpatterns = [
    path("behind/", include((product, "openedx_utop"), namespace="openedx_utop")),
    path("unit/<slug:name>/", unit),
    path("sequence-from-elsewhere/", sequence_from_elsewhere),
    path("course/", course),
    path("other-site/", other_site),
    path("elsewhere/", elsewhere),
    path("", include("tests.urls")),
]

"""Beats answered in first position, so that they do not pay for the platform's whole stack."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.urls import is_valid_path

from openedx_utop.attendance.answers import BEATS_PATH, answer_beat


class BeatsFirst:
    """Answers the beats path as its view does, before any other middleware; lets everything else through.

    What is skipped, a beat does not need: sessions and CSRF (the signed lease says who), hosts (no address is built),
    CORS (units are of the LMS's own origin), transactions around requests (the recorder opens its own).
    """

    sync_capable, async_capable = True, False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stays out where the operator says so, and where the plugin has no addresses (Studio)."""
        if not (settings.UTOP_BEATS_IN_FIRST_POSITION and is_valid_path(BEATS_PATH)):
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing here may use what the platform's middleware prepares or cleans up."""
        if request.path_info == BEATS_PATH:
            return answer_beat(request.META, request.read)
        return self.get_response(request)

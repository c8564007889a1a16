"""A WSGI application that answers beats and nothing else, without Django's request cycle, for large sites.

It runs with the LMS's settings, next to the LMS: docs/operators/intake.md.
"""

from collections.abc import Callable, Iterable
from http.client import responses
from typing import Any

import django
from django.apps import apps
from django.core.signals import request_finished, request_started
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

if not apps.ready:
    django.setup()

from openedx_utop.attendance.answers import BEATS_PATH, answer_beat, refused


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request; Django's signals around it have connections to databases and caches looked after."""
    request_started.send(sender=None, environ=environ)
    try:
        response = _answer(environ)
    finally:
        request_finished.send(sender=None)
    start_response(f"{response.status_code} {responses[response.status_code]}", list(response.items()))
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else response.content]


def _answer(environ: dict[str, Any]) -> HttpResponse:
    if environ.get("PATH_INFO") != BEATS_PATH:
        return refused(404, "not-found", _("Nothing but signs of life is answered here."), {})
    return answer_beat(environ, environ["wsgi.input"].read)

"""A WSGI application that answers beats and nothing else, without Django's request cycle, for large sites.

It runs with the LMS's settings, next to the LMS: docs/operators/intake.md.
"""

from collections.abc import Callable, Iterable
from http.client import responses
from typing import Any

import django
from django.apps import apps
from django.db import close_old_connections
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

if not apps.ready:
    django.setup()

from openedx_utop.attendance.answers import BEATS_PATH, answer_beat, refused


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request; a connection to the database lives as long as the settings say, and never after an error."""
    if environ.get("PATH_INFO") == BEATS_PATH:
        response = _answer(environ)
    else:
        response = refused(404, "not-found", _("Nothing but signs of life is answered here."), {})
    start_response(f"{response.status_code} {responses[response.status_code]}", list(response.items()))
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else response.content]


def _answer(environ: dict[str, Any]) -> HttpResponse:
    close_old_connections()
    try:
        return answer_beat(environ, environ["wsgi.input"].read)
    finally:
        close_old_connections()

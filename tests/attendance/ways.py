"""The ways in, each as a function that sends one request to the beats path."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import Client

BEATS = "/utop/api/v1/beats/"

Send = Callable[..., Any]


def through_django() -> Send:
    """The view or the first position, as the settings say."""
    client = Client()

    def send(method: str, body: bytes = b"", path: str = BEATS, **environ: Any) -> Any:
        return client.generic(method, path, body, content_type="text/plain", **environ)

    return send


@contextmanager
def connections_left_open() -> Iterator[None]:
    """As Django's own test client does: the test's transaction has to outlive the request."""
    around = (request_started, request_finished)
    for signal in around:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in around:
            signal.connect(close_old_connections)


class IntakeResponse(HttpResponse):
    """With what the other ways' responses have in tests."""

    def json(self) -> Any:
        return json.loads(self.content)


def through_intake() -> Send:
    """The intake, held to the letter of WSGI."""
    from openedx_utop.attendance.intake import application

    strict = validator(application)

    def send(method: str, body: bytes = b"", path: str = BEATS, **more: Any) -> Any:
        environ: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": BytesIO(body)}
        environ |= {"CONTENT_LENGTH": str(len(body)), "SCRIPT_NAME": "", "QUERY_STRING": "", **more}
        setup_testing_defaults(environ)
        told: list[Any] = []
        with connections_left_open():
            parts = strict(environ, lambda *start: told.extend(start))
        content = b"".join(parts)
        parts.close()
        return IntakeResponse(content, status=int(told[0].split()[0]), headers=dict(told[1]))

    return send


WAYS: dict[str, Callable[[], Send]] = {
    "first position": through_django,
    "view": through_django,
    "intake": through_intake,
}

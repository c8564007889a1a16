"""The ways in, each as a function that sends one request to the beats path."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpResponse
from django.test import Client

from openedx_utop.attendance.wire import MAX_BODY_BYTES

BEATS = "/utop/api/v1/beats/"
# Seconds until an answer that does not come is a failure.
PATIENCE = 20

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


def share(connection: BaseDatabaseWrapper) -> None:
    """Let this thread use the test's own connection, whose transaction nobody else sees."""
    connections[connection.alias] = connection


class IntakeResponse(HttpResponse):
    """With what the other ways' responses have in tests."""

    def json(self) -> Any:
        return json.loads(self.content)


def through_intake() -> Send:
    """The intake, each request on a loop of its own."""
    from openedx_utop.attendance.intake import Intake

    def send(method: str, body: bytes = b"", path: str = BEATS, **more: Any) -> Any:
        given = {"CONTENT_LENGTH": str(len(body)), **more}
        stream = given.pop("wsgi.input", BytesIO(body))
        scope = {"type": "http", "method": method, "path": path, "headers": list(asgi_headers(given))}
        told: list[Any] = []

        async def receive() -> Any:
            try:
                return {"type": "http.request", "body": stream.read(MAX_BODY_BYTES)}
            except OSError:
                return {"type": "http.disconnect"}

        async def tell(message: Any) -> None:
            told.append(message)

        connection = connections["default"]
        connection.inc_thread_sharing()
        try:
            with connections_left_open(), ThreadPoolExecutor(1, initializer=share, initargs=(connection,)) as threads:
                asyncio.run(asyncio.wait_for(Intake(threads)(scope, receive, tell), PATIENCE))
        finally:
            connection.dec_thread_sharing()
        start, end = told
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return IntakeResponse(end["body"], status=start["status"], headers=headers)

    return send


def asgi_headers(environ: Mapping[str, str]) -> Iterator[tuple[bytes, bytes]]:
    """As a server passes on what is named as in WSGI."""
    for name, value in environ.items():
        if value:
            yield name.removeprefix("HTTP_").lower().replace("_", "-").encode(), value.encode("latin-1")


WAYS: dict[str, Callable[[], Send]] = {
    "first position": through_django,
    "view": through_django,
    "intake": through_intake,
}

"""An ASGI application that answers beats and nothing else, without Django's request cycle, for large sites.

It runs with the LMS's settings, next to the LMS: docs/operators/intake.md.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import django
from django.apps import apps
from django.core.signals import request_finished, request_started
from django.utils import timezone

if not apps.ready:
    django.setup()

from openedx_utop.attendance import beats, wire
from openedx_utop.attendance.answers import BEATS_PATH, REFUSED, headers_of, refusal, told
from openedx_utop.attendance.data import BeatAnswer, MalformedBeat, NothingThere, Report

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Beats that wait for the database at the same time, in one process: their commits reach the disk together.
THREADS = 8


class Intake:
    """Beats that came in one turn of the loop go to Redis together; what has to wait for a database does in a thread.

    The loop itself waits for Redis: what comes meanwhile makes the next turn, so that turns grow with the load.
    """

    def __init__(self, threads: Executor) -> None:
        self._threads = threads
        self._came: list[tuple[Report, asyncio.Future[BeatAnswer | None]]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        status, named, content = await self._answer(scope, receive)
        headers = [(name.lower().encode(), value.encode()) for name, value in named.items()]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, Mapping[str, str], bytes]:
        try:
            if scope["path"] != BEATS_PATH:
                raise NothingThere
            body = await _body(receive, wire.declared_length(_meta(scope)))
            content = told(await self._record(beats.read_beat(body, now=timezone.now())))
        except REFUSED as error:
            refusing = refusal(error)
            return refusing.status_code, refusing.headers, refusing.content
        return 200, headers_of(content), content

    async def _record(self, report: Report) -> BeatAnswer:
        loop = asyncio.get_running_loop()
        if not self._came:
            loop.call_soon(self._record_together)
        future: asyncio.Future[BeatAnswer | None] = loop.create_future()
        self._came.append((report, future))
        answer = await future
        return await loop.run_in_executor(self._threads, _record, report) if answer is None else answer

    def _record_together(self) -> None:
        came, self._came = self._came, []
        outcomes: Sequence[BeatAnswer | Exception | None]
        try:
            outcomes = beats.record_together([report for report, _future in came])
        except Exception as fault:  # noqa: BLE001 - each request raises it, so that the server answers and logs it
            outcomes = [fault] * len(came)
        for (_report, future), outcome in zip(came, outcomes, strict=True):
            if future.cancelled():
                continue  # Whoever asked has gone; the beat counts.
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)


def _record(report: Report) -> BeatAnswer:
    """In a thread; Django's signals around it have its connection to the database looked after."""
    request_started.send(sender=None)
    try:
        return beats.record(report)
    finally:
        request_finished.send(sender=None)


def _meta(scope: Scope) -> dict[str, str]:
    """What is asked of a request, named as in WSGI."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    names = {"CONTENT_LENGTH": b"content-length", "HTTP_TRANSFER_ENCODING": b"transfer-encoding"}
    told = {name: headers[header] for name, header in names.items() if header in headers}
    return {"REQUEST_METHOD": scope["method"], **told}


async def _body(receive: Receive, length: int) -> bytes:
    """As much as was declared; the server sees to it that there is no more."""
    body = b""
    while len(body) < length:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise MalformedBeat(wire.CUT_SHORT)
        body += message["body"]
    return body


application = Intake(ThreadPoolExecutor(THREADS))

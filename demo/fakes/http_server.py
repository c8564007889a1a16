"""What the fake services share: a real HTTP server in a thread, which fails on demand."""

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, urlsplit


@dataclass
class Reply:
    """What a route answers."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def json_reply(status: int, body: Any, **headers: str) -> Reply:
    """A body in JSON."""
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})


@dataclass(frozen=True)
class Call:
    """A request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        """The fields of a form in the body."""
        return {name: values[-1] for name, values in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call. Lost: the connection closes without a byte, after acting or before."""

    status: int = 0
    lost: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    seconds: float = 0.0
    method: str = ""

    STORE_THEN_DROP: ClassVar[str] = "after"
    DROP_BEFORE_STORE: ClassVar[str] = "before"


class FakeService:
    """Routes are methods listed in `routes`: (method, pattern of the path, name). Use it as a context manager."""

    routes: ClassVar[tuple[tuple[str, str, str], ...]] = ()

    def __init__(self, port: int = 0) -> None:
        self.lock = threading.Lock()
        self.faults: deque[Fault] = deque()
        self.calls: list[Call] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Self:
        """Answer from now on, in a thread of its own."""
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def answer(self, call: Call) -> Reply | None:
        """The reply, or None for a connection that is to be closed without one."""
        self.calls.append(call)
        fault = self._fault(call)
        if fault is None:
            return self._routed(call)
        time.sleep(fault.seconds)
        if fault.lost == Fault.DROP_BEFORE_STORE:
            return None
        if fault.lost == Fault.STORE_THEN_DROP:
            self._routed(call)
            return None
        if fault.status:
            return Reply(fault.status, fault.body, dict(fault.headers))
        return self._routed(call)

    def _fault(self, call: Call) -> Fault | None:
        with self.lock:
            if self.faults and self.faults[0].method in {"", call.method}:
                return self.faults.popleft()
        return None

    def _routed(self, call: Call) -> Reply:
        for method, pattern, name in self.routes:
            found = re.fullmatch(pattern, call.path)
            if found and method == call.method:
                route: Callable[..., Reply] = getattr(self, name)
                return route(call, *found.groups())
        return json_reply(404, {"error": "not found"})


def _handler(service: FakeService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            reply = service.answer(Call(self.command, parts.path, query, dict(self.headers), body))
            if reply is None:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_DELETE = _serve  # noqa: N815 - the names that http.server asks for

        def log_message(self, *args: Any) -> None:
            """Say nothing: tests read the output."""

    return Handler

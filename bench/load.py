"""A client cheap enough to share the machine with the server that it loads: one thread, requests made beforehand."""

import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from selectors import EVENT_READ, DefaultSelector
from statistics import quantiles

HEAD_END = b"\r\n\r\n"


def post(path: str, body: bytes = b"") -> bytes:
    """A request, as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    )
    return head.encode() + b"\r\n" + body


@dataclass(frozen=True)
class Load:
    """What a server bore: answers per second, and the time within which 99 of 100 came, in seconds."""

    per_second: float
    p99: float


def load(port: int, shares: Sequence[Iterator[bytes]], *statuses: int, seconds: float) -> Load:
    """Send all shares at once, of each one request at a time; every answer must have one of these statuses.

    Until the time is over, or every share. Threads would spend more on waiting for each other than on the requests.
    """
    expected = {b" %d " % status for status in statuses}
    started, times = time.perf_counter(), list[float]()
    with DefaultSelector() as selector:
        for share in shares:
            _Line(port, share, selector).ask()
        while selector.get_map():
            is_over = time.perf_counter() > started + seconds
            for key, _events in selector.select():
                line: _Line = key.data
                if line.has_answer(expected):
                    times.append(time.perf_counter() - line.sent)
                    line.hang_up() if is_over else line.ask()
    return Load(len(times) / (time.perf_counter() - started), quantiles(times, n=100)[-1])


@dataclass
class _Line:
    """One request of a share after the other, over one connection where the server keeps it, as proxies do."""

    port: int
    share: Iterator[bytes]
    selector: DefaultSelector
    connection: socket.socket = field(init=False)
    is_open: bool = False
    sent: float = 0.0
    answer: bytes = b""

    def ask(self) -> None:
        """Send the next request, if there is one."""
        request = next(self.share, None)
        if request is None:
            self.hang_up()
            return
        self.sent, self.answer = time.perf_counter(), b""
        if not self.is_open:
            self.connection, self.is_open = socket.create_connection(("127.0.0.1", self.port)), True
            self.selector.register(self.connection, EVENT_READ, self)
        self.connection.sendall(request)

    def has_answer(self, expected: set[bytes]) -> bool:
        """Read what came; whether the answer is whole."""
        received = self.connection.recv(65536)
        self.answer += received
        head, end, body = self.answer.partition(HEAD_END)
        head = head.lower()
        _, has_body, rest = head.partition(b"content-length: ")
        if not end or len(body) < (int(rest.split(b"\r\n")[0]) if has_body else 0):
            if not received:
                raise RuntimeError("the server hung up")
            return False
        if self.answer[8:13] not in expected:  # HTTP/1.1 200 OK
            raise RuntimeError(self.answer.decode())
        if b"connection: close" in head:
            self.hang_up()
        return True

    def hang_up(self) -> None:
        """Close the connection, if there is one."""
        if self.is_open:
            self.selector.unregister(self.connection)
            self.connection.close()
            self.is_open = False

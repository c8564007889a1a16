"""A client cheap enough to share the machine with the server that it loads: plain sockets, requests made beforehand."""

import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
    """Send all shares at once, each request over a new connection; every answer must have one of these statuses.

    Until the time is over, or a share.
    """
    started, expected = time.perf_counter(), {b" %d " % status for status in statuses}
    with ThreadPoolExecutor(len(shares)) as pool:
        times = pool.map(lambda share: _exchange(port, share, expected, started + seconds), shares)
    every = [spent for share in times for spent in share]
    return Load(len(every) / (time.perf_counter() - started), quantiles(every, n=100)[-1])


def _exchange(port: int, requests: Iterator[bytes], expected: set[bytes], until: float) -> list[float]:
    times = []
    for request in requests:
        if (sent := time.perf_counter()) > until:
            break
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(request)
            answer = _answer(connection)
        if answer[8:13] not in expected:  # HTTP/1.1 200 OK
            raise RuntimeError(answer.decode())
        times.append(time.perf_counter() - sent)
    return times


def _answer(connection: socket.socket) -> bytes:
    answer = b""
    while HEAD_END not in answer:
        answer += _received(connection)
    head, _, body = answer.partition(HEAD_END)
    _, has_body, rest = head.lower().partition(b"content-length: ")
    length = int(rest.split(b"\r\n")[0]) if has_body else 0
    while len(body) < length:
        body += _received(connection)
    return head + HEAD_END + body


def _received(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    if not received:
        raise RuntimeError("the server hung up")
    return received

"""One small document from a server that a stranger named: over TLS, from a public address, soon, or not at all."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from openedx_utop.badges.endorsements.data import KeyNotFound

HTTPS: Final = 443
CONNECT_SECONDS: Final = 5
# For the whole answer, however slowly its bytes come.
ANSWER_SECONDS: Final = 10
MOST_BYTES: Final = 64 * 1024
HEADERS: Final = {"Accept": "application/did+json, application/vc, application/json", "User-Agent": "openedx-utop"}
# Addresses of version 6 that lead to one of version 4, which may be anyone's.
TRANSLATED: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


def fetched(host: str, port: int | None, path: str, *, most: int = MOST_BYTES) -> bytes:
    """The body that a server answers with, of so many bytes at most; raises KeyNotFound. Follows no redirection."""
    named = f"{host}:{port}" if port else host
    # Hosts that the operator trusts may be private, and do without TLS.
    is_trusted = named in settings.UTOP_PRIVATE_ENDORSERS
    try:
        with _connected(host, port or HTTPS, is_trusted=is_trusted) as wire:
            connection = HTTPConnection(host, port)
            # Already connected to the address that was checked: the name is not looked up again.
            connection.sock = wire
            until = time.monotonic() + ANSWER_SECONDS
            with _cut_after(ANSWER_SECONDS, wire):
                connection.request("GET", path, headers={"Host": named, **HEADERS})
                return _body(connection.getresponse(), most, until=until)
    except (OSError, HTTPException, ValueError) as error:
        raise KeyNotFound(_("{host} does not answer.").format(host=named)) from error


@contextmanager
def _cut_after(seconds: float, wire: socket.socket) -> Iterator[None]:
    """Hang up on a server that takes longer, be it with one byte of a header now and then."""

    def hang_up() -> None:
        with suppress(OSError):
            socket.socket.shutdown(wire, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _connected(host: str, port: int, *, is_trusted: bool) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not is_trusted and not all(map(is_public, addresses)):
        raise KeyNotFound(_("{host} is not a public server.").format(host=host))
    wire = socket.create_connection((addresses[0], port), timeout=CONNECT_SECONDS)
    if is_trusted:
        return wire
    try:
        return ssl.create_default_context().wrap_socket(wire, server_hostname=host)
    except OSError:
        wire.close()
        raise


def is_public(address: str) -> bool:
    """Whether an IP address is anyone's on the Internet, and no detour to one that is not."""
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return is_public(str(parsed.ipv4_mapped))
        if parsed.sixtofour or parsed.teredo or any(parsed in network for network in TRANSLATED):
            return False
    return parsed.is_global and not parsed.is_multicast


def _body(answer: HTTPResponse, most: int, *, until: float) -> bytes:
    if answer.status != 200:
        raise KeyNotFound(_("The endorser’s server answers {status}.").format(status=answer.status))
    body = b""
    while part := answer.read1(MOST_BYTES):
        body += part
        if len(body) > most:
            raise KeyNotFound(_("The endorser’s server answers with more than was asked for."))
    if time.monotonic() > until:
        raise KeyNotFound(_("The endorser’s server is too slow."))
    return body

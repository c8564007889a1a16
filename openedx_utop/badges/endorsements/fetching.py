"""One small document from a server that a stranger named: over TLS, from a public address, soon, or not at all."""

import socket
import ssl
import time
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
# Addresses of version 6 that lead to one of version 4, which may be anyone's.
TRANSLATED: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


def fetched(host: str, port: int | None, path: str) -> bytes:
    """The body that a server answers with; raises KeyNotFound. Redirections are not followed."""
    named = f"{host}:{port}" if port else host
    # Hosts that the operator trusts may be private, and do without TLS.
    is_trusted = named in settings.UTOP_PRIVATE_ENDORSERS
    try:
        with _connected(host, port or HTTPS, is_trusted=is_trusted) as wire:
            connection = HTTPConnection(host, port)
            # Already connected to the address that was checked: the name is not looked up again.
            connection.sock = wire
            headers = {"Host": named, "Accept": "application/did+json, application/json", "User-Agent": "openedx-utop"}
            connection.request("GET", path, headers=headers)
            return _body(connection.getresponse(), until=time.monotonic() + ANSWER_SECONDS)
    except (OSError, HTTPException) as error:
        raise KeyNotFound(_("{host} does not answer.").format(host=named)) from error


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


def _body(answer: HTTPResponse, *, until: float) -> bytes:
    if answer.status != 200:
        raise KeyNotFound(_("The endorser’s server answers {status}.").format(status=answer.status))
    body = b""
    while part := answer.read1(MOST_BYTES):
        body += part
        if len(body) > MOST_BYTES:
            raise KeyNotFound(_("The endorser’s server answers with more than a document of keys."))
        if time.monotonic() > until:
            raise KeyNotFound(_("The endorser’s server is too slow."))
    return body

"""Leases: signed permission to report presence, so that a beat needs neither session nor query for the user."""

import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256

from django.conf import settings

from openedx_utop.attendance.data import BadLease, ExpiredLease, Lease

# Another one when what is signed is written in another way.
SALT = "openedx_utop.attendance.lease.2"


def sign(lease: Lease) -> str:
    """The lease as signed text."""
    return renew(lease, lease.issued_at)


def renew(lease: Lease, issued_at: int) -> str:
    """The lease as if issued at this moment, as signed text: its fields with spaces between, which no key has."""
    idle = "" if lease.idle is None else f" {lease.idle}"
    text = f"{lease.user_id} {lease.course} {lease.module} {lease.unit} {issued_at}{idle}"
    return f"{text} {_signature(_keys()[0], text.encode()).decode()}"


def read(text: str) -> Lease:
    """The lease, however old; raises BadLease unless it was signed here."""
    try:
        fields, _, signature = text.encode().rpartition(b" ")
    except UnicodeEncodeError as error:
        raise BadLease from error
    if not any(hmac.compare_digest(_signature(key, fields), signature) for key in _keys()):
        raise BadLease
    user_id, course, module, unit, *instants = fields.decode().split(" ")
    return Lease(int(user_id), course, module, unit, *map(int, instants))


def _signature(key: bytes, fields: bytes) -> bytes:
    return urlsafe_b64encode(hmac.digest(key, fields, "sha256"))


def _keys() -> tuple[bytes, ...]:
    """What signs, then what signed until the site's key was changed."""
    return _derived(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=4)
def _derived(*secrets: str) -> tuple[bytes, ...]:
    # As django.core.signing does it at each signature, which takes longer than all else that is done to a lease.
    return tuple(sha256(f"{SALT}{secret}".encode()).digest() for secret in secrets)


def read_current(text: str, *, lifetime: int, now: int) -> Lease:
    """The lease, if it is not older than its lifetime (milliseconds)."""
    lease = read(text)
    if now - lease.issued_at > lifetime:
        raise ExpiredLease
    return lease

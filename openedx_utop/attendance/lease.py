"""Leases: signed permission to report presence, so that a beat needs neither session nor query for the user."""

from functools import lru_cache

from django.conf import settings
from django.core import signing

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
    return _signer().sign(text)


def read(text: str) -> Lease:
    """The lease, however old; raises BadLease unless it was signed here."""
    try:
        user_id, course, module, unit, *instants = _signer().unsign(text).split(" ")
    except (signing.BadSignature, UnicodeEncodeError) as error:
        raise BadLease from error
    return Lease(int(user_id), course, module, unit, *map(int, instants))


def _signer() -> signing.Signer:
    return _signer_with(settings.SECRET_KEY, tuple(settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _signer_with(key: str, fallbacks: tuple[str, ...]) -> signing.Signer:
    return signing.Signer(key=key, fallback_keys=[*fallbacks], salt=SALT)


def read_current(text: str, *, lifetime: int, now: int) -> Lease:
    """The lease, if it is not older than its lifetime (milliseconds)."""
    lease = read(text)
    if now - lease.issued_at > lifetime:
        raise ExpiredLease
    return lease

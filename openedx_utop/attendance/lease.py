"""Leases: signed permission to report presence, so that a beat needs neither session nor query for the user."""

from functools import lru_cache

from django.conf import settings
from django.core import signing
from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.attendance.data import BadLease, ExpiredLease, Lease

SALT = "openedx_utop.attendance.lease"


def sign(lease: Lease) -> str:
    """The lease as signed text."""
    fields: list[int | str] = [
        lease.user_id,
        str(lease.course_key),
        str(lease.module_key),
        str(lease.unit_key),
        lease.issued_at,
    ]
    if lease.idle is not None:
        fields.append(lease.idle)
    return _signer().sign_object(fields, compress=True)


def read(text: str) -> Lease:
    """The lease, however old; raises BadLease unless it was signed here."""
    if not text.isascii():
        raise BadLease
    try:
        user_id, course, module, unit, *instants = _signer().unsign_object(text)
    except signing.BadSignature as error:
        raise BadLease from error
    return Lease(user_id, _course_key(course), _usage_key(module), _usage_key(unit), *instants)


def _signer() -> signing.Signer:
    return _signer_with(settings.SECRET_KEY, tuple(settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=1)
def _signer_with(key: str, fallbacks: tuple[str, ...]) -> signing.Signer:
    return signing.Signer(key=key, fallback_keys=[*fallbacks], salt=SALT)


@lru_cache(maxsize=1024)
def _course_key(text: str) -> CourseKey:
    """Few are in use at a time, and reading one costs more than all the rest of a lease."""
    return CourseKey.from_string(text)


@lru_cache(maxsize=16384)
def _usage_key(text: str) -> UsageKey:
    return UsageKey.from_string(text)


def read_current(text: str, *, lifetime: int, now: int) -> Lease:
    """The lease, if it is not older than its lifetime (milliseconds)."""
    lease = read(text)
    if now - lease.issued_at > lifetime:
        raise ExpiredLease
    return lease

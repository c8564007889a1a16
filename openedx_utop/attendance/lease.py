"""Leases: signed permission to report presence, so that a beat needs neither session nor query for the user."""

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
    return signing.Signer(salt=SALT).sign_object(fields, compress=True)


def read(text: str) -> Lease:
    """The lease, however old; raises BadLease unless it was signed here."""
    if not text.isascii():
        raise BadLease
    try:
        user_id, course, module, unit, *instants = signing.Signer(salt=SALT).unsign_object(text)
    except signing.BadSignature as error:
        raise BadLease from error
    course_key, module_key, unit_key = (
        CourseKey.from_string(course),
        UsageKey.from_string(module),
        UsageKey.from_string(unit),
    )
    return Lease(user_id, course_key, module_key, unit_key, *instants)


def read_current(text: str, *, lifetime: int, now: int) -> Lease:
    """The lease, if it is not older than its lifetime (milliseconds)."""
    lease = read(text)
    if now - lease.issued_at > lifetime:
        raise ExpiredLease
    return lease

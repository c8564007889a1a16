"""Leases: signed permission to report presence, so that a beat needs neither session nor query for the user."""

from base64 import urlsafe_b64encode
from functools import lru_cache
from hmac import HMAC, compare_digest

from django.conf import settings
from django.utils.crypto import salted_hmac

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
    return f"{text}:{_signature(text, settings.SECRET_KEY)}"


def read(text: str) -> Lease:
    """The lease, however old; raises BadLease unless it was signed here."""
    signed, _, signature = text.rpartition(":")
    if not any(_is_signed(signed, signature, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)):
        raise BadLease
    user_id, course, module, unit, *instants = signed.split(" ")
    return Lease(int(user_id), course, module, unit, *map(int, instants))


def read_current(text: str, *, lifetime: int, now: int) -> Lease:
    """The lease, if it is not older than its lifetime (milliseconds)."""
    lease = read(text)
    if now - lease.issued_at > lifetime:
        raise ExpiredLease
    return lease


def _is_signed(text: str, signature: str, key: str | bytes) -> bool:
    try:
        return compare_digest(signature, _signature(text, key))
    except (TypeError, UnicodeEncodeError):  # No text of ours: it is not ASCII, or not Unicode.
        return False


def _signature(text: str, key: str | bytes) -> str:
    """As Django's `Signer` makes it, which derives the key anew for each and takes thrice as long."""
    mac = _keyed(key).copy()
    mac.update(text.encode())
    return urlsafe_b64encode(mac.digest()).decode().rstrip("=")


@lru_cache(maxsize=8)
def _keyed(key: str | bytes) -> HMAC:
    return salted_hmac(f"{SALT}signer", "", key, algorithm="sha256")

"""Leases: signed permission to report presence, so that a beat needs neither session nor query for the user."""

from functools import lru_cache
from hmac import HMAC

from django.conf import settings
from django.core import signing
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
    return _signer().sign(text)


def read(text: str) -> Lease:
    """The lease, however old; raises BadLease unless it was signed here."""
    try:
        user_id, course, module, unit, *instants = _signer().unsign(text).split(" ")
    except (signing.BadSignature, UnicodeEncodeError) as error:
        raise BadLease from error
    return Lease(int(user_id), course, module, unit, *map(int, instants))


class _Signer(signing.Signer):
    """Django's, and so are its signatures; it derives a key once, not at each signature, which takes twice as long."""

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        mac = _keyed(f"{SALT}signer", key or self.key, self.algorithm).copy()
        mac.update(value if isinstance(value, bytes) else value.encode())
        return signing.b64_encode(mac.digest()).decode()


@lru_cache(maxsize=8)
def _keyed(salt: str, secret: str | bytes, algorithm: str) -> HMAC:
    return salted_hmac(salt, "", secret, algorithm=algorithm)


def _signer() -> signing.Signer:
    return _signer_with(settings.SECRET_KEY, tuple(settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _signer_with(key: str, fallbacks: tuple[str, ...]) -> signing.Signer:
    return _Signer(key=key, fallback_keys=[*fallbacks], salt=SALT)


def read_current(text: str, *, lifetime: int, now: int) -> Lease:
    """The lease, if it is not older than its lifetime (milliseconds)."""
    lease = read(text)
    if now - lease.issued_at > lifetime:
        raise ExpiredLease
    return lease

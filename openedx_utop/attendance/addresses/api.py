"""The door of the addresses of connections."""

from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.addresses.data import AddressKeyMissing
from openedx_utop.attendance.addresses.models import ConnectionAddress

__all__ = ["AddressKeyMissing", "new_key", "opened", "record_address"]

# An address that has not changed is written again after this time, so that a long gap is not taken for one place.
SAME_CONNECTION = timedelta(hours=12)


def new_key() -> str:
    """A fresh secret for `UTOP_ADDRESS_KEYS`."""
    return Fernet.generate_key().decode()


def record_address(user_id: int, course_key: CourseKey, address: str, *, now: datetime) -> None:
    """Remember from where the learner opens a unit; once as long as it stays the same. Raises AddressKeyMissing."""
    box = _box()
    known = ConnectionAddress.objects.filter(user_id=user_id, course_key=course_key).order_by("-seen_at").first()
    if known and known.seen_at > now - SAME_CONNECTION and _opened(box, known.ciphertext) == address:
        return
    ciphertext = box.encrypt(address.encode()).decode()
    ConnectionAddress.objects.create(user_id=user_id, course_key=course_key, seen_at=now, ciphertext=ciphertext)


def opened(ciphertext: str) -> str | None:
    """The address, or None if no key of ours opens it. Raises AddressKeyMissing."""
    return _opened(_box(), ciphertext)


def _box() -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in settings.UTOP_ADDRESS_KEYS])
    except ValueError as error:
        raise AddressKeyMissing from error


def _opened(box: MultiFernet, ciphertext: str) -> str | None:
    try:
        return box.decrypt(ciphertext.encode()).decode()
    except InvalidToken:
        return None

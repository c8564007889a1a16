"""The secret of an invitation: made again from the invitation whenever it is sent, stored nowhere but in the link."""

import base64
import hmac
from hashlib import sha256
from uuid import UUID

from django.conf import settings

PURPOSE = b"openedx_utop.enrolment"


def token_of(invitation: UUID) -> str:
    """256 bits that only who has the installation's secret key can make."""
    return base64.urlsafe_b64encode(_keyed(b"invitation", invitation.bytes)).decode().rstrip("=")


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return sha256(token.encode()).hexdigest()


def email_hash(email: str) -> str:
    """By what a seat is found again once its address is erased; useless without the installation's secret key."""
    return _keyed(b"email", email.encode()).hex()


def _keyed(use: bytes, message: bytes) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), b"\0".join((PURPOSE, use, message)), sha256)

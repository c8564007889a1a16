"""What the operator has to know about the signing key."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from openedx_utop.badges.data import SigningKeyInvalid
from openedx_utop.badges.keys import signing_key

HINT = "Run `utop_create_key` and put the line that it prints into the platform's settings."


def check_signing_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Say that badges cannot be signed, and what to do."""
    if not settings.UTOP_SIGNING_KEY:
        return [Warning("UTOP_SIGNING_KEY is empty: no badge is issued.", hint=HINT, id="openedx_utop.W001")]
    try:
        signing_key()
    except SigningKeyInvalid:
        return [Error("UTOP_SIGNING_KEY is not the base64url text of 32 bytes.", hint=HINT, id="openedx_utop.E001")]
    return []

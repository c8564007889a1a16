"""What the operator has to know about the keys."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from openedx_utop.badges.data import TokenKeyInvalid
from openedx_utop.badges.keys import retired_jwks
from openedx_utop.badges.tokens import token_key
from openedx_utop.signing_keys import RetiredKeyInvalid, SigningKeyInvalid, retired_multikeys, signing_key

HINT = "Run `utop_create_key` and put the line that it prints into the platform's settings."
RSA_HINT = "Run `utop_create_key --jwt` and put the lines that it prints into the settings, or leave it empty."
RETIRED_HINT = "Write each as a public key, `z6Mk…` of /utop/did.json or RSA in PEM, or as the former secret key."


def check_signing_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Say that badges cannot be signed, or checked, and what to do."""
    return [*_current_key(), *_token_key(), *_retired_keys()]


def _current_key() -> list[CheckMessage]:
    if not settings.UTOP_SIGNING_KEY:
        return [
            Warning(
                "UTOP_SIGNING_KEY is empty: no badge is issued, no day of the journal sealed.",
                hint=HINT,
                id="openedx_utop.W001",
            )
        ]
    try:
        signing_key()
    except SigningKeyInvalid:
        return [Error("UTOP_SIGNING_KEY is not the base64url text of 32 bytes.", hint=HINT, id="openedx_utop.E001")]
    return []


def _token_key() -> list[CheckMessage]:
    try:
        token_key()
    except TokenKeyInvalid:
        text = "UTOP_JWT_SIGNING_KEY is not the PEM text of an RSA key of at least 2048 bits: no badge is issued."
        return [Error(text, hint=RSA_HINT, id="openedx_utop.E003")]
    return []


def _retired_keys() -> list[CheckMessage]:
    try:
        retired_multikeys()
        retired_jwks()
    except RetiredKeyInvalid:
        text = "An entry of UTOP_RETIRED_SIGNING_KEYS is no key: no badge can be checked."
        return [Error(text, hint=RETIRED_HINT, id="openedx_utop.E002")]
    return []

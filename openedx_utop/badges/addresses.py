"""Where badges answer on this installation: the same from the LMS, Studio and a worker. The paths are a contract."""

from uuid import UUID

from django.conf import settings

from openedx_utop.badges.keys import issuer_id


def issuer() -> str:
    """The did:web of this installation."""
    return issuer_id(settings.LMS_ROOT_URL)


def credential_address(uuid: UUID) -> str:
    """The absolute URL that is a credential's id."""
    return f"{_root()}/credentials/{uuid}"


def achievement_address(uuid: UUID) -> str:
    """The absolute URL that is an achievement's id."""
    return f"{_root()}/achievements/{uuid}"


def image_address(uuid: UUID) -> str:
    """The absolute URL of the picture of an achievement."""
    return f"{achievement_address(uuid)}.png"


def status_list_address(uuid: UUID) -> str:
    """The absolute URL that is a status list's id."""
    return f"{_root()}/status/{uuid}"


def _root() -> str:
    return f"{settings.LMS_ROOT_URL.rstrip('/')}/utop"

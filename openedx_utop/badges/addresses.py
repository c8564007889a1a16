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


def picture_address(sha256: str) -> str:
    """The absolute URL of a picture that was uploaded, by its content."""
    return f"{_root()}/pictures/{sha256}.png"


def status_list_address(uuid: UUID) -> str:
    """The absolute URL that is a status list's id."""
    return f"{_root()}/status/{uuid}"


def assertion_address(uuid: UUID) -> str:
    """The absolute URL that is the id of a credential's Open Badges 2.0 twin."""
    return f"{_root()}/assertions/{uuid}.json"


def badge_class_address(uuid: UUID) -> str:
    """The absolute URL that is the id of an achievement's Open Badges 2.0 twin."""
    return f"{_root()}/badge-classes/{uuid}.json"


def badge_version_address(uuid: UUID, sha256: str) -> str:
    """The absolute URL that is the id of the 2.0 twin of what an achievement said, by its content, for good."""
    return f"{_root()}/badge-classes/{uuid}/{sha256}.json"


def hosted_issuer_address(provider_id: int) -> str:
    """The absolute URL that is the id of a training provider in Open Badges 2.0."""
    return f"{_root()}/issuers/{provider_id}.json"


def verification_address(uuid: UUID) -> str:
    """The absolute URL of the page where anyone verifies a credential."""
    return f"{_root()}/verify/{uuid}/"


def is_ours(address: str) -> bool:
    """Whether a URL or a DID names something of this installation."""
    return address == issuer() or address.startswith(f"{_root()}/")


def _root() -> str:
    return f"{settings.LMS_ROOT_URL.rstrip('/')}/utop"

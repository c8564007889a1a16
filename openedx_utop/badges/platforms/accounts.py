"""The platforms that the operator named in the settings."""

from typing import Any, cast

from django.conf import settings
from django.utils.module_loading import import_string

from openedx_utop.badges.platforms.data import BadgePlatform, PlatformRefused


def named_platforms() -> tuple[str, ...]:
    """The names in UTOP_BADGE_PLATFORMS, in its order."""
    return tuple(settings.UTOP_BADGE_PLATFORMS)


def badge_platform(name: str) -> BadgePlatform:
    """The account of this name; raises PlatformRefused once it is in the settings no more."""
    account: dict[str, Any] | None = settings.UTOP_BADGE_PLATFORMS.get(name)
    if account is None:
        raise PlatformRefused(f"{name} is not in UTOP_BADGE_PLATFORMS")
    return cast(BadgePlatform, import_string(account["BACKEND"])(**account.get("OPTIONS", {})))

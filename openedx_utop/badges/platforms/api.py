"""The door to badge platforms."""

from openedx_utop.badges.platforms.accounts import badge_platform, named_platforms
from openedx_utop.badges.platforms.data import PlatformBadge, PlatformRefused, PlatformUnavailable
from openedx_utop.badges.platforms.outbox import (
    deliver,
    due,
    forget_learner,
    post_earlier,
    post_issues,
    post_revocation,
    try_again,
)

__all__ = [
    "PlatformBadge",
    "PlatformRefused",
    "PlatformUnavailable",
    "badge_platform",
    "deliver",
    "due",
    "forget_learner",
    "named_platforms",
    "post_earlier",
    "post_issues",
    "post_revocation",
    "try_again",
]

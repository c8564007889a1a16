"""What the operator has to know about the method's parameters."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

# Shorter, the warning would leave no time to read; longer, absences would count as reading.
SHORTEST_IDLE_SECONDS, LONGEST_IDLE_SECONDS = 60, 600


def check_idle_limits(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Say which silence is admitted for too short or too long."""
    return [
        Error(
            f"{name} is {getattr(settings, name)!r}, not a whole number of seconds"
            f" from {SHORTEST_IDLE_SECONDS} to {LONGEST_IDLE_SECONDS}.",
            hint="Correct it in the platform's settings, or leave it out: the default is the published method's.",
            id="openedx_utop.E010",
        )
        for name in ("UTOP_IDLE_SECONDS", "UTOP_ACTIVITY_IDLE_SECONDS")
        if not _is_admissible(getattr(settings, name))
    ]


def _is_admissible(seconds: Any) -> bool:
    return type(seconds) is int and SHORTEST_IDLE_SECONDS <= seconds <= LONGEST_IDLE_SECONDS

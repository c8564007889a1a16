"""What the operator has to know about the method's parameters, and about the recorder."""

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

# Shorter, the warning would leave no time to read; longer, absences would count as reading.
SHORTEST_IDLE_SECONDS, LONGEST_IDLE_SECONDS = 60, 600
# Two of them may be lost.
BEATS_IN_SILENCE = 3


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


def check_beats(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Say so if beats come too seldom for the silence between them, or outlive their lease: time would be lost."""
    beat, silence, lease = settings.UTOP_BEAT_SECONDS, settings.UTOP_SILENCE_SECONDS, settings.UTOP_LEASE_SECONDS
    if 0 < BEATS_IN_SILENCE * beat <= silence <= lease:
        return []
    return [
        Error(
            f"UTOP_BEAT_SECONDS is {beat!r}, UTOP_SILENCE_SECONDS {silence!r}, UTOP_LEASE_SECONDS {lease!r}:"
            f" a silence has to last {BEATS_IN_SILENCE} beats, and a lease at least as long as a silence.",
            hint="Change them together, or leave them out: the defaults are the published method's.",
            id="openedx_utop.E012",
        )
    ]


def check_recorder(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Say what keeps the redis recorder, if it is the one, from being used."""
    if not settings.UTOP_RECORDER.endswith(".RedisRecorder"):
        return []
    if find_spec("redis") is None:
        hint = "Install openedx-utop[redis], or leave UTOP_RECORDER out."
        return [Error("The redis recorder needs the package redis.", hint=hint, id="openedx_utop.E011")]
    # Redis is an extra: who does without it cannot import this.
    from openedx_utop.attendance.backends.redis.checks import check_redis  # noqa: PLC0415

    return check_redis()


def _is_admissible(seconds: Any) -> bool:
    return type(seconds) is int and SHORTEST_IDLE_SECONDS <= seconds <= LONGEST_IDLE_SECONDS

"""What the operator has to know about the Redis that they gave the recorder."""

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from redis.exceptions import RedisError

from openedx_utop.attendance.backends.redis.server import UnsafeRedis, configured_redis, require_safe
from openedx_utop.attendance.backends.redis.unreadable import UNREADABLE, count_unreadable

HINT = (
    "Until then beats go straight to the database: time is counted, at a higher cost. Give UTOP_REDIS_URL a Redis whose"
    " maxmemory-policy is noeviction or begins with volatile-, as docs/operators/recorder.md says."
)
UNREADABLE_HINT = "docs/operators/recorder.md says how to look at them, and how to have them tried again."


def check_redis() -> list[CheckMessage]:
    """Say why Redis is not used, if it is asked for and is not, and what of it could not be stored."""
    try:
        redis = configured_redis(patience=settings.UTOP_REDIS_TIMEOUT_SECONDS)
        require_safe(redis)
        waiting = count_unreadable(redis)
    except UnsafeRedis as error:
        return [Warning(f"The redis recorder is not used: {error}.", hint=HINT, id="openedx_utop.W011")]
    except RedisError as error:
        return [Warning(f"Redis does not answer the redis recorder: {error}.", hint=HINT, id="openedx_utop.W012")]
    if not waiting:
        return []
    text = f"Entries of the beats' stream that could not be stored are set aside in {UNREADABLE}: {waiting}."
    return [Warning(text, hint=UNREADABLE_HINT, id="openedx_utop.W013")]

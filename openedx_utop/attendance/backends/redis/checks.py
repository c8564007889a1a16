"""What the operator has to know about the Redis that they gave the recorder."""

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from redis.exceptions import RedisError

from openedx_utop.attendance.backends.redis.server import UnsafeRedis, configured_redis, require_safe

HINT = (
    "Until then beats go straight to the database: time is counted, at a higher cost. Give UTOP_REDIS_URL a Redis whose"
    " maxmemory-policy is noeviction or begins with volatile-, as docs/operators/recorder.md says."
)


def check_redis() -> list[CheckMessage]:
    """Say why Redis is not used, if it is asked for and is not."""
    try:
        require_safe(configured_redis(patience=settings.UTOP_REDIS_TIMEOUT_SECONDS))
    except UnsafeRedis as error:
        return [Warning(f"The redis recorder is not used: {error}.", hint=HINT, id="openedx_utop.W011")]
    except RedisError as error:
        return [Warning(f"Redis does not answer the redis recorder: {error}.", hint=HINT, id="openedx_utop.W012")]
    return []

"""Redis as the operator gives it: how to reach it, and whether it may hold what was acknowledged to a learner."""

import logging
import time
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionLost
from redis.retry import Retry

# One hash tag: a cluster keeps everything on one node, where one script reaches it.
STREAM = "{utop}:beats"
GROUP = "drainers"

# Seconds. After a failure nobody waits for Redis again for this long.
REST = 5.0
# Seconds. How often it is asked again whether it evicts: an operator may change that under us.
TRUST = 60.0

logger = logging.getLogger(__name__)


class UnsafeRedis(RuntimeError):
    """This Redis may lose what it took, or there is none."""


def state_key(user_id: int) -> str:
    """Where a learner's running state is."""
    return f"{{utop}}:learner:{user_id}"


def configured_redis(*, patience: float) -> Redis:
    """The operator's Redis, waited for `patience` seconds; raises UnsafeRedis if none is set."""
    if not settings.UTOP_REDIS_URL:
        raise UnsafeRedis("UTOP_REDIS_URL is empty")
    return _connections(settings.UTOP_REDIS_URL, patience)


@lru_cache(maxsize=4)
def _connections(url: str, patience: float) -> Redis:
    """Connections kept open by this process; a connection that died while idle is made anew, once."""
    retry = Retry(NoBackoff(), 1, supported_errors=(ConnectionLost,))
    return Redis.from_url(url, socket_timeout=patience, socket_connect_timeout=patience, retry=retry)


def require_safe(redis: Redis) -> None:
    """Raise UnsafeRedis if this server may throw away the stream to make room."""
    memory = cast("dict[str, Any]", redis.info("memory"))
    if int(memory["maxmemory"]) and str(memory["maxmemory_policy"]).startswith("allkeys"):
        raise UnsafeRedis(
            f"Redis evicts any key when its memory is full (maxmemory-policy {memory['maxmemory_policy']})"
        )


class Circuit:
    """Whether this process counts on Redis at the moment: not for a while after a failure."""

    def __init__(self) -> None:
        self._resting_until = self._trusted_until = 0.0

    def redis(self) -> Redis | None:
        """Redis, known to be safe; None while it rests. Raises what Redis raises, or UnsafeRedis."""
        now = time.monotonic()
        if now < self._resting_until:
            return None
        redis = configured_redis(patience=settings.UTOP_REDIS_TIMEOUT_SECONDS)
        if now >= self._trusted_until:
            require_safe(redis)
            self._trusted_until = now + TRUST
        return redis

    def rest(self, reason: Exception) -> None:
        """Leave Redis alone for a while; it is looked at anew afterwards."""
        self._resting_until, self._trusted_until = time.monotonic() + REST, 0.0
        logger.warning("Beats go straight to the database for %.0f s: %s", REST, reason)

    def reset(self) -> None:
        """Forget what was known of Redis."""
        self._resting_until = self._trusted_until = 0.0


circuit = Circuit()

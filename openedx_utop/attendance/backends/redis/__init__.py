"""The recorder that decides in Redis and stores later, in batches."""

from openedx_utop.attendance.backends.redis.recorder import RedisRecorder

__all__ = ["RedisRecorder"]

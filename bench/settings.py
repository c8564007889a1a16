"""The tests' settings, with what a server under load has: connections that stay open and a broker."""

import os

from celery import Celery

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

ROOT_URLCONF = "bench.urls"
DATABASES["default"]["CONN_MAX_AGE"] = 60
if "UTOP_BENCH_SQLITE" in os.environ:
    # Without it, two threads that turn a read into a write refuse each other.
    DATABASES["default"].update(NAME=os.environ["UTOP_BENCH_SQLITE"], OPTIONS={"transaction_mode": "IMMEDIATE"})

if "UTOP_BENCH_BARE" in os.environ:
    MIDDLEWARE = []
elif "UTOP_BENCH_VIEW" in os.environ:
    UTOP_BEATS_IN_FIRST_POSITION = False

if "UTOP_BENCH_REDIS" in os.environ:
    UTOP_RECORDER = "openedx_utop.attendance.backends.redis.RedisRecorder"
    UTOP_REDIS_URL = os.environ["UTOP_BENCH_REDIS"]

# A site's cache holds more than the 300 entries that this one has by default.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}}

# It takes the messages and nobody reads them.
Celery("bench", broker=os.environ.get("UTOP_BENCH_BROKER", "memory://")).set_default()

if "UTOP_BENCH_REGISTER" in os.environ:
    UTOP_COMPANY_REGISTER_URL = os.environ["UTOP_BENCH_REGISTER"]
    UTOP_COMPANY_REGISTER_RATE = 1_000_000

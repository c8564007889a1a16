"""What every process of the site begins with; imported by the one that they are forked from."""

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.services.site"
django.setup()

from openedx_utop.attendance import api, intake  # noqa: E402, F401
from openedx_utop.attendance.backends.redis import RedisRecorder  # noqa: E402, F401
from tests.attendance import conftest  # noqa: E402, F401

"""Settings of a site that signs badges and sends them on: the key and the platforms are in the environment."""

import json
import os

from tests.services.site import *  # noqa: F403

UTOP_SIGNING_KEY = os.environ.get("UTOP_TEST_KEY", "")
UTOP_BADGE_PLATFORMS = json.loads(os.environ.get("UTOP_TEST_BADGE_PLATFORMS", "{}"))
UTOP_RECORDER = "openedx_utop.attendance.backends.direct.DirectRecorder"

"""Dictionaries and lists of the platform that the plugin adds to, without ever replacing them."""

from pathlib import Path
from typing import Any

UNIT_RENDERED = "org.openedx.learning.vertical_block.render.completed.v1"
TRACKER_STEP = "openedx_utop.pipeline.AddAttendanceTracker"
BEATS_FIRST = "openedx_utop.attendance.middleware.BeatsFirst"
LOCALE = Path(__file__).resolve().parent.parent / "conf" / "locale"


def merge_extension_points(settings: Any) -> None:
    """Add the filter steps, the middleware and the translations; calling it again changes nothing."""
    filters = settings.OPEN_EDX_FILTERS_CONFIG = dict(getattr(settings, "OPEN_EDX_FILTERS_CONFIG", None) or {})
    unit = filters[UNIT_RENDERED] = dict(filters.get(UNIT_RENDERED) or {"fail_silently": True})
    unit["pipeline"] = [*(step for step in unit.get("pipeline", ()) if step != TRACKER_STEP), TRACKER_STEP]

    # It steps aside by itself where UTOP_BEATS_IN_FIRST_POSITION, which may be set later than this runs, is off.
    middleware = getattr(settings, "MIDDLEWARE", ())
    settings.MIDDLEWARE = [BEATS_FIRST, *(name for name in middleware if name != BEATS_FIRST)]

    # Until the platform has derived its settings, LOCALE_PATHS is a placeholder; production comes after that.
    if isinstance(getattr(settings, "LOCALE_PATHS", None), (list, tuple)) and str(LOCALE) not in settings.LOCALE_PATHS:
        settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, str(LOCALE)]

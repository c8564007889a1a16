"""Dictionaries and lists of the platform that the plugin adds to, without ever replacing them."""

from pathlib import Path
from typing import Any

UNIT_RENDERED = "org.openedx.learning.vertical_block.render.completed.v1"
TRACKER_STEP = "openedx_utop.pipeline.AddAttendanceTracker"
DASHBOARD_RENDERED = "org.openedx.learning.instructor.dashboard.render.started.v1"
STEERING_STEP = "openedx_utop.pipeline.AddSteeringSection"
COHORT_CHANGED = "org.openedx.learning.cohort.change.requested.v1"
COHORT_STEP = "openedx_utop.pipeline.RefuseOwnCohortChange"
ENROLMENT_STARTED = "org.openedx.learning.course.enrollment.started.v1"
SEAT_STEP = "openedx_utop.pipeline.RequireSeat"
BEATS_FIRST = "openedx_utop.attendance.middleware.BeatsFirst"
REFUSAL_PAGE = "openedx_utop.refusals.RefusalPage"
# The platform's own filters hits by the path of whoever searched first.
PLATFORM_SEARCH = "lms.lib.courseware_search.lms_result_processor.LmsSearchResultProcessor"
OWN_PATH_SEARCH = "openedx_utop.compat.search.OwnPathSearchResults"
# As `tracking` names them; of the events, those that `xapi` makes statements of.
STATEMENTS = (
    "openedx.utop.badge.awarded",
    "openedx.utop.badge.reissued",
    "openedx.utop.badge.renewed",
    "openedx.utop.badge.revoked",
    "openedx.utop.badge.refused",
    "openedx.utop.validation.given",
    "openedx.utop.validation.withdrawn",
    "openedx.utop.sector.chosen",
    "openedx.utop.sector.changed",
)
PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = PACKAGE / "conf" / "locale"
# The dashboard is of Mako, which looks in directories of its own.
DASHBOARD_TEMPLATES = PACKAGE / "mako"


def merge_extension_points(settings: Any) -> None:
    """Add the filter steps, the middleware and the translations; calling it again changes nothing."""
    filters = settings.OPEN_EDX_FILTERS_CONFIG = dict(getattr(settings, "OPEN_EDX_FILTERS_CONFIG", None) or {})
    _add_step(filters, UNIT_RENDERED, TRACKER_STEP)
    _add_step(filters, DASHBOARD_RENDERED, STEERING_STEP)
    _add_step(filters, COHORT_CHANGED, COHORT_STEP)
    _add_step(filters, ENROLMENT_STARTED, SEAT_STEP)

    # In place, for the template engines may hold this very list. Studio has no such dashboard, and often no such list.
    mako = getattr(settings, "MAKO_TEMPLATE_DIRS_BASE", None)
    if isinstance(mako, list) and DASHBOARD_TEMPLATES not in mako:
        mako.append(DASHBOARD_TEMPLATES)

    # The first steps aside by itself where UTOP_BEATS_IN_FIRST_POSITION, which may be set later than this runs, is off.
    middleware = (name for name in getattr(settings, "MIDDLEWARE", ()) if name not in {BEATS_FIRST, REFUSAL_PAGE})
    settings.MIDDLEWARE = [BEATS_FIRST, *middleware, REFUSAL_PAGE]

    # Whoever set another one keeps it.
    if getattr(settings, "SEARCH_RESULT_PROCESSOR", None) == PLATFORM_SEARCH:
        settings.SEARCH_RESULT_PROCESSOR = OWN_PATH_SEARCH

    _allow_statements(settings)

    # Until the platform has derived its settings, LOCALE_PATHS is a placeholder; production comes after that.
    if isinstance(getattr(settings, "LOCALE_PATHS", None), (list, tuple)) and str(LOCALE) not in settings.LOCALE_PATHS:
        settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, str(LOCALE)]


def _allow_statements(settings: Any) -> None:
    """Let event-routing-backends make statements of our events, be its settings made before ours or after."""
    allowed = settings.EVENT_TRACKING_BACKENDS_ALLOWED_XAPI_EVENTS = getattr(
        settings, "EVENT_TRACKING_BACKENDS_ALLOWED_XAPI_EVENTS", []
    )
    allowed += [event for event in STATEMENTS if event not in allowed]
    transformer = (getattr(settings, "EVENT_TRACKING_BACKENDS", None) or {}).get("event_transformer", {})
    for processor in transformer.get("OPTIONS", {}).get("processors", ()):
        if "whitelist" in processor["OPTIONS"]:
            processor["OPTIONS"]["whitelist"] = {*processor["OPTIONS"]["whitelist"], *STATEMENTS}
    if hasattr(settings, "EVENT_BUS_TRACKING_LOGS"):
        settings.EVENT_BUS_TRACKING_LOGS = {*settings.EVENT_BUS_TRACKING_LOGS, *STATEMENTS}


def _add_step(filters: dict[str, Any], name: str, step: str) -> None:
    configured = filters[name] = dict(filters.get(name) or {"fail_silently": True})
    configured["pipeline"] = [*(other for other in configured.get("pipeline", ()) if other != step), step]

"""Steps of the platform's filters. An error here leaves the page as it was, without us."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from openedx_filters import PipelineStep
from web_fragments.fragment import Fragment

from openedx_utop import api


class AddAttendanceTracker(PipelineStep):
    """Adds the presence script and a signed lease to a rendered unit."""

    def run_filter(self, block: Any, fragment: Fragment, context: Any, view: str) -> dict[str, Any]:
        """Only learners' own views count; every argument is returned."""
        unit = api.lease_for_unit(block, now=timezone.now()) if view == "student_view" else None
        if unit is not None:
            tracker = {
                "lease": unit.lease,
                "beat_seconds": settings.UTOP_BEAT_SECONDS,
                "idle_seconds": unit.idle_seconds,
                "media_seconds": settings.UTOP_MEDIA_PROMPT_SECONDS,
            }
            fragment.add_content(render_to_string("openedx_utop/attendance/tracker.html", tracker))
        return {"block": block, "fragment": fragment, "context": context, "view": view}

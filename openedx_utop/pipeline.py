"""Steps of the platform's filters. An error here leaves the page as it was, without us."""

import logging
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey
from openedx_filters import PipelineStep
from web_fragments.fragment import Fragment

from openedx_utop import api
from openedx_utop.refusals import OwnMove, SeatMissing
from openedx_utop.settings.extension_points import DASHBOARD_TEMPLATES

logger = logging.getLogger(__name__)

DASHBOARD = "openedx_utop/steering/dashboard.html"


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


class AddSteeringSection(PipelineStep):
    """Adds to the instructor's dashboard a section that leads to the learners who need attention."""

    def run_filter(self, context: dict[str, Any], template_name: str) -> dict[str, Any]:
        """Only in the courses that are training actions; every argument is returned."""
        course_key = context["course"].id
        counts = api.attention_counts(course_key, now=timezone.now()) if _finds_section_template() else None
        if counts is not None:
            numbers = {only.value: number for only, number in counts.items()}
            shown = {"course_key": course_key, "numbers": numbers}
            section = {
                "section_key": "utop_steering",
                "section_display_name": _("Training follow-up"),
                "template_path_prefix": "/openedx_utop/",
                "fragment": Fragment(render_to_string(DASHBOARD, shown)),
            }
            context = {**context, "sections": [*context["sections"], section]}
        return {"context": context, "template_name": template_name}


class RefuseOwnCohortChange(PipelineStep):
    """Keeps learners from changing their trade through the enrolment API, past its date and its record.

    The filter names nobody, and staff move learners, too: only what a learner asks for themself is refused.
    """

    def run_filter(self, current_membership: Any, target_cohort: Any) -> dict[str, Any]:
        """Raises OwnMove; every argument is returned."""
        if api.refuses_own_change(current_membership.user_id, current_membership.course_id):
            raise OwnMove(_("Change your trade on the page of the course."))
        return {"current_membership": current_membership, "target_cohort": target_cohort}


class RequireSeat(PipelineStep):
    """Keeps whoever enrols themselves out of a closed action in which they have no seat."""

    def run_filter(self, user: Any, course_key: CourseKey, mode: str | None) -> dict[str, Any]:
        """Every argument is returned. A look-up that fails lets the person in: a fault must refuse nobody."""
        try:
            sentence = api.enrolment_refusal(user.pk, course_key, now=timezone.now())
        except Exception:
            logger.exception("Whether somebody may enrol in %s could not be found out: they may.", course_key)
            sentence = None
        if sentence:
            raise SeatMissing(sentence)
        return {"user": user, "course_key": course_key, "mode": mode}


def _finds_section_template() -> bool:
    """The platform answers 500 to the whole dashboard if a section's template is not found."""
    return str(DASHBOARD_TEMPLATES) in map(str, getattr(settings, "MAKO_TEMPLATE_DIRS_BASE", ()))

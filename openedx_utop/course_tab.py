"""The course tab, a class that the platform's tab loader asks for."""

from typing import Any

from django.utils.translation import gettext_noop
from lms.djangoapps.courseware.tabs import EnrolledTab


class UtopTab(EnrolledTab):
    """« My time », in the courses that are training actions."""

    type = "utop"
    title = gettext_noop("My time")
    view_name = "openedx_utop:attendance"
    is_dynamic = True

    @classmethod
    def is_enabled(cls, course: Any, user: Any = None) -> bool:
        """For enrolled learners and staff, if the course is a training action."""
        from openedx_utop import api  # noqa: PLC0415

        return bool(super().is_enabled(course, user=user)) and api.action_for(course.id) is not None

"""The course tabs, classes that the platform's tab loader asks for."""

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
        """For enrolled learners, if the course is a training action; its staff has a tab of its own."""
        return bool(super().is_enabled(course, user=user)) and _is_action(course) and not _is_staff(course, user)


class SteeringTab(EnrolledTab):
    """« Follow-up », for the staff of the courses that are training actions."""

    type = "utop_steering"
    title = gettext_noop("Follow-up")
    view_name = "openedx_utop:steering"
    is_dynamic = True

    @classmethod
    def is_enabled(cls, course: Any, user: Any = None) -> bool:
        """For whoever the follow-up is open to."""
        return bool(super().is_enabled(course, user=user)) and _is_action(course) and _is_staff(course, user)


def _is_action(course: Any) -> bool:
    from openedx_utop import api  # noqa: PLC0415

    return api.action_for(course.id) is not None


def _is_staff(course: Any, user: Any) -> bool:
    from openedx_utop.compat import platform  # noqa: PLC0415

    return platform().is_course_staff(user.pk, course.id)

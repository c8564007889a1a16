"""Who looks at a page, and in what capacity."""

from typing import Any, Protocol

from django.http import HttpRequest
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat.accounts import account_rows
from openedx_utop.compat.enrolments import active_enrolments


class Viewers(Protocol):
    """Asked of every host."""

    def is_course_staff(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether the account may see the course as its staff does."""

    def staff_role(self, user_id: int, course_key: CourseKey) -> str:
        """In what capacity the account is staff of the course: `instructor` or `staff`; empty if it is not."""

    def is_masquerading(self, request: HttpRequest, course_key: CourseKey) -> bool:
        """Whether a staff member is looking at the course as someone else."""

    def group_looked_as(self, course_key: CourseKey) -> tuple[int, int] | None:
        """Partition and id of the content group as whose learner the staff member who asks looks at the course."""

    def counted_learner(self, block: Any) -> int | None:
        """The user id whose time counts on this rendered unit; None for staff, masquerade, preview and visitors."""

    def client_address(self) -> str:
        """The IP address of who asks for the page that is being made; empty outside a request."""


class OpenEdxViewers:
    """Answered by the LMS and Studio."""

    def is_course_staff(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether `has_access` grants staff access."""
        from lms.djangoapps.courseware.access import has_access  # noqa: PLC0415

        user = account_rows().filter(pk=user_id).first()
        return user is not None and bool(has_access(user, "staff", course_key))

    def staff_role(self, user_id: int, course_key: CourseKey) -> str:
        """The highest of the accesses that `has_access` grants."""
        from lms.djangoapps.courseware.access import has_access  # noqa: PLC0415

        user = account_rows().filter(pk=user_id).first()
        roles = ("instructor", "staff") if user else ()
        return next((role for role in roles if has_access(user, role, course_key)), "")

    def is_masquerading(self, request: HttpRequest, course_key: CourseKey) -> bool:
        """Whether the session holds a masquerade for this course."""
        from lms.djangoapps.courseware.masquerade import MASQUERADE_SETTINGS_KEY  # noqa: PLC0415

        return course_key in request.session.get(MASQUERADE_SETTINGS_KEY, {})

    def group_looked_as(self, course_key: CourseKey) -> tuple[int, int] | None:
        """From the masquerade in the session of the request; one as a given learner names no group."""
        from crum import get_current_request  # noqa: PLC0415
        from lms.djangoapps.courseware.masquerade import MASQUERADE_SETTINGS_KEY  # noqa: PLC0415

        session = getattr(get_current_request(), "session", {})
        masquerade = session.get(MASQUERADE_SETTINGS_KEY, {}).get(course_key)
        if masquerade is None or masquerade.user_name or masquerade.group_id is None:
            return None
        return masquerade.user_partition_id, masquerade.group_id

    def counted_learner(self, block: Any) -> int | None:
        """Whose request it is; staff looking as a student are told by its session.

        Not the user service of the block's runtime: the modulestore lends one set of services to all threads, and in a
        server with threads it names whoever asked last.
        """
        from crum import get_current_request  # noqa: PLC0415

        course_key = block.scope_ids.usage_id.course_key
        request = get_current_request()
        user_id = request.user.pk if request is not None else None
        if user_id is None or self.is_masquerading(request, course_key):
            return None
        if self.is_course_staff(user_id, course_key):
            return None
        return int(user_id) if active_enrolments(course_key).filter(user_id=user_id).exists() else None

    def client_address(self) -> str:
        """As the platform's own middleware left it, after the proxies that the operator trusts."""
        from crum import get_current_request  # noqa: PLC0415

        request = get_current_request()
        return request.META.get("REMOTE_ADDR", "") if request else ""

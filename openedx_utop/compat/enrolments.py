"""Who is enrolled."""

from collections.abc import Sequence
from typing import Any, Protocol, cast

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat.accounts import account_rows

# The roles of a course to which `has_access` grants staff access.
STAFF_ROLES = ("instructor", "staff", "limited_staff")


class Enrolments(Protocol):
    """Asked of every host."""

    def is_enrolled(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether the learner has an active enrolment."""

    def enrolled_learners(self, course_key: CourseKey) -> Sequence[int]:
        """The user ids of the active enrolments."""

    def learners(self, course_key: CourseKey) -> QuerySet[Any]:
        """The accounts with an active enrolment that are not the course's staff, as a query: thousands of them are
        sorted and cut in the database. Its rows have `pk`, `username`, `email`, `full_name` and `enrolled_at`.
        """


class OpenEdxEnrolments:
    """Answered by the LMS and Studio."""

    def is_enrolled(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether an active CourseEnrollment exists."""
        return bool(active_enrolments(course_key).filter(user_id=user_id).exists())

    def enrolled_learners(self, course_key: CourseKey) -> Sequence[int]:
        """The user ids of the active CourseEnrollments."""
        return tuple(active_enrolments(course_key).order_by("user_id").values_list("user_id", flat=True))

    def learners(self, course_key: CourseKey) -> QuerySet[Any]:
        """Accounts joined to their active CourseEnrollment and to their profile, which has the name.

        Beta testers have a role in the course, too, and are learners.
        """
        from common.djangoapps.student.models import CourseAccessRole  # noqa: PLC0415

        staff = CourseAccessRole.objects.filter(course_id=course_key, role__in=STAFF_ROLES).values("user_id")
        enrolled = account_rows().filter(courseenrollment__course_id=course_key, courseenrollment__is_active=True)
        return cast(
            "QuerySet[Any]",
            enrolled.exclude(is_staff=True)
            .exclude(pk__in=staff)
            .annotate(
                full_name=Coalesce("profile__name", "username"),
                enrolled_at=Coalesce("courseenrollment__created", "date_joined"),
            ),
        )


def active_enrolments(course_key: CourseKey) -> Any:
    """The rows of the active CourseEnrollments."""
    from common.djangoapps.student.models import CourseEnrollment  # noqa: PLC0415

    return CourseEnrollment.objects.filter(course_id=course_key, is_active=True)

"""Who is enrolled."""

from collections.abc import Sequence
from typing import Any, Protocol, cast

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat.accounts import account_rows

# The roles of a course to which `has_access` grants staff access.
STAFF_ROLES = ("instructor", "staff", "limited_staff")


class CannotEnrol(Exception):
    """The host does not enrol this account, or does not let it go; the message is for them, and may be empty."""


class Enrolments(Protocol):
    """Asked of every host."""

    def enrol(self, user_id: int, course_key: CourseKey) -> None:
        """Enrol the account in the course's default mode; again, it changes nothing. Raises CannotEnrol."""

    def end_enrolment(self, user_id: int, course_key: CourseKey) -> None:
        """Have the account leave the course; what it did there stays. Again, it changes nothing. Raises CannotEnrol."""

    def is_invited(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether the course's staff invited the account's address in the host's own way."""

    def acting_user(self) -> int | None:
        """The account in whose request this happens; None outside a request, and for a visitor."""

    def is_enrolled(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether the learner has an active enrolment."""

    def enrolled_courses(self, user_id: int) -> frozenset[CourseKey]:
        """The courses in which the account has an active enrolment, in one query."""

    def enrolled_learners(self, course_key: CourseKey) -> Sequence[int]:
        """The user ids of the active enrolments."""

    def learners(self, course_key: CourseKey) -> QuerySet[Any]:
        """The accounts with an active enrolment that are not the course's staff, as a query: thousands of them are
        sorted and cut in the database. Its rows have `pk`, `username`, `email`, `full_name` and `enrolled_at`.
        """


class OpenEdxEnrolments:
    """Answered by the LMS and Studio."""

    def enrol(self, user_id: int, course_key: CourseKey) -> None:
        """By CourseEnrollment, whatever the dates of enrolment: the course's staff decided who comes."""
        from common.djangoapps.student.models import CourseEnrollment, CourseEnrollmentException  # noqa: PLC0415

        if self.is_enrolled(user_id, course_key):
            return
        try:
            CourseEnrollment.enroll(account_rows().get(pk=user_id), course_key)
        except CourseEnrollmentException as error:
            raise CannotEnrol(str(error)) from error

    def end_enrolment(self, user_id: int, course_key: CourseKey) -> None:
        """By CourseEnrollment, with its filter and events, and without a refund: a seat costs its holder nothing."""
        from common.djangoapps.student.models import CourseEnrollment, UnenrollmentNotAllowed  # noqa: PLC0415

        if not self.is_enrolled(user_id, course_key):
            return
        try:
            CourseEnrollment.unenroll(account_rows().get(pk=user_id), course_key, skip_refund=True)
        except UnenrollmentNotAllowed as error:
            raise CannotEnrol(str(error)) from error

    def is_invited(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether there is a CourseEnrollmentAllowed that the account can use."""
        from common.djangoapps.student.models import CourseEnrollmentAllowed  # noqa: PLC0415

        user = account_rows().get(pk=user_id)
        return bool(CourseEnrollmentAllowed.for_user(user).filter(course_id=course_key).exists())

    def acting_user(self) -> int | None:
        """Of the request in hand."""
        from crum import get_current_user  # noqa: PLC0415

        user = get_current_user()
        return user.pk if user is not None else None

    def is_enrolled(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether an active CourseEnrollment exists."""
        return bool(active_enrolments(course_key).filter(user_id=user_id).exists())

    def enrolled_courses(self, user_id: int) -> frozenset[CourseKey]:
        """Of the active CourseEnrollments."""
        from common.djangoapps.student.models import CourseEnrollment  # noqa: PLC0415

        enrolments = CourseEnrollment.objects.filter(user_id=user_id, is_active=True)
        return frozenset(enrolments.values_list("course_id", flat=True))

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

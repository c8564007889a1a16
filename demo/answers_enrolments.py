"""Answers about enrolling people."""

from crum import get_current_user
from django.contrib.auth.models import User
from opaque_keys.edx.keys import CourseKey

from demo import enrolment, models
from openedx_utop.compat import CannotEnrol


class EnrolmentAnswers:
    """From the host's own enrolments."""

    def enrol(self, user_id: int, course_key: CourseKey) -> None:
        """Through the filter, as by the button of the catalogue."""
        try:
            enrolment.enrol(User.objects.get(pk=user_id), models.Course.objects.get(course_key=course_key))
        except enrolment.EnrolmentRefused as error:
            raise CannotEnrol(str(error)) from error

    def end_enrolment(self, user_id: int, course_key: CourseKey) -> None:
        """The enrolment stays, and is no longer active."""
        enrolment.leave(user_id, course_key)

    def is_invited(self, user_id: int, course_key: CourseKey) -> bool:  # noqa: ARG002
        """This host has no invitations of its own."""
        return False

    def acting_user(self) -> int | None:
        """Of the request in hand."""
        user = get_current_user()
        return user.pk if user is not None else None

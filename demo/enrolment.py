"""Enrolments and cohorts, with the events that the platform sends."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, Trim
from opaque_keys.edx.keys import CourseKey
from openedx_events.learning.data import CohortData, CourseData, CourseEnrollmentData, UserData, UserPersonalData
from openedx_events.learning.signals import (
    COHORT_MEMBERSHIP_CHANGED,
    COURSE_ENROLLMENT_CREATED,
    SESSION_LOGIN_COMPLETED,
)
from openedx_filters.learning.filters import CourseEnrollmentStarted

from demo.models import CohortMembership, ContentGroup, Course, Enrollment


def is_enrolled(user_id: int, course_key: CourseKey) -> bool:
    """Whether the enrolment is there and active."""
    return Enrollment.objects.filter(user_id=user_id, course__course_key=course_key, is_active=True).exists()


def enrolled_courses(user_id: int) -> frozenset[CourseKey]:
    """The courses of the account's active enrolments."""
    rows = Enrollment.objects.filter(user_id=user_id, is_active=True).select_related("course")
    return frozenset(each.course.course_key for each in rows)


def enrolled_learners(course_key: CourseKey) -> Sequence[int]:
    """The user ids of the active enrolments, in order."""
    rows = Enrollment.objects.filter(course__course_key=course_key, is_active=True).order_by("user_id")
    return list(rows.values_list("user_id", flat=True))


def learners(course_key: CourseKey) -> QuerySet[Any]:
    """The enrolled accounts that do not teach the course, with their full names and the instants of enrolment."""
    enrolled = User.objects.filter(enrollments__course__course_key=course_key, enrollments__is_active=True)
    return enrolled.exclude(courses_taught__course_key=course_key).annotate(
        full_name=Trim(Concat("first_name", Value(" "), "last_name")), enrolled_at=F("enrollments__created")
    )


class EnrolmentRefused(Exception):
    """A step of the filter keeps the account out; the message is for the person."""


def enrol(user: User, course: Course) -> None:
    """Enrol the account, if the platform's filter lets it; a second call changes nothing. Raises EnrolmentRefused."""
    try:
        # .. filter_implemented_name: CourseEnrollmentStarted
        CourseEnrollmentStarted.run_filter(user=user, course_key=course.course_key, mode="honor")
    except CourseEnrollmentStarted.PreventEnrollment as refusal:
        raise EnrolmentRefused(str(refusal)) from refusal
    enrolment, created = Enrollment.objects.get_or_create(user=user, course=course)
    Enrollment.objects.filter(pk=enrolment.pk, is_active=False).update(is_active=True)
    if created:
        # .. event_implemented_name: COURSE_ENROLLMENT_CREATED
        COURSE_ENROLLMENT_CREATED.send_event(
            enrollment=CourseEnrollmentData(
                user=_user_data(user),
                course=CourseData(course_key=course.course_key, display_name=course.title),
                mode="honor",
                is_active=True,
                creation_date=enrolment.created,
            )
        )


def leave(user_id: int, course_key: CourseKey) -> None:
    """Have the learner leave the course; the row stays."""
    Enrollment.objects.filter(user_id=user_id, course__course_key=course_key).update(is_active=False)


def place(user: User, course_key: CourseKey, partition_id: int, group_id: int) -> None:
    """Move the learner into the group's cohort; a second call changes nothing."""
    group = ContentGroup.objects.get(course__course_key=course_key, partition_id=partition_id, group_id=group_id)
    known = CohortMembership.objects.filter(user=user, course=group.course).first()
    if known and known.group_id == group.pk:
        return
    # .. event_implemented_name: COHORT_MEMBERSHIP_CHANGED
    COHORT_MEMBERSHIP_CHANGED.send_event(
        cohort=CohortData(user=_user_data(user), course=CourseData(course_key=course_key), name=group.name)
    )
    CohortMembership.objects.update_or_create(user=user, course=group.course, defaults={"group": group})


def announce_login(user: User) -> None:
    """Tell that somebody signed in."""
    # .. event_implemented_name: SESSION_LOGIN_COMPLETED
    SESSION_LOGIN_COMPLETED.send_event(user=_user_data(user))


def _user_data(user: User) -> UserData:
    personal = UserPersonalData(username=user.username, email=user.email, name=user.get_full_name())
    return UserData(id=user.pk, is_active=user.is_active, pii=personal)

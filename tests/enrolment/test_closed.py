"""A closed action, at the platform's own filter."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from openedx_filters.learning.filters import CourseEnrollmentStarted

from openedx_utop.enrolment.api import Desk, accept
from tests.enrolment.conftest import COURSE, NOW
from tests.enrolment.test_invitations import token
from tests.enrolment.test_lists import apply

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea(action: Any, sign_up: Any, host: Any) -> User:
    """She enrols herself in an action that is closed."""
    action.enrolment_is_closed = True
    action.save()
    user: User = sign_up("lea")
    host.acting = user.pk
    return user


def enrol(user: User) -> None:
    found, key, mode = CourseEnrollmentStarted.run_filter(user=user, course_key=COURSE, mode=None)
    assert (found, key, mode) == (user, COURSE, None)


def test_whoever_has_no_seat_reads_what_to_do(lea: User) -> None:
    with pytest.raises(CourseEnrollmentStarted.PreventEnrollment, match=r"contact@example\.org"):
        enrol(lea)


def test_an_open_action_takes_everybody(lea: User, action: Any) -> None:
    action.enrolment_is_closed = False
    action.save()
    enrol(lea)


def test_a_course_that_is_no_action_is_left_alone(lea: User, action: Any) -> None:
    action.delete()
    enrol(lea)


def test_an_invitation_opens_it(lea: User, inn: Desk) -> None:
    apply(inn, b"lea@example.org")
    with pytest.raises(CourseEnrollmentStarted.PreventEnrollment):
        enrol(lea)
    accept(token(), lea.pk, confirms_address=False, now=NOW)
    enrol(lea)


def test_staff_enrol_whom_they_like(lea: User, adviser: User, host: Any) -> None:
    host.acting = adviser.pk
    enrol(lea)
    enrol(adviser)


def test_a_command_or_a_task_enrols_whom_it_likes(lea: User, host: Any) -> None:
    host.acting = None
    enrol(lea)


def test_account_activation_carries_out_the_staffs_invitations(lea: User, host: Any) -> None:
    """There the platform catches nothing: a refusal would leave the account inactive."""
    host.invited.add((lea.pk, COURSE))
    enrol(lea)


def test_who_is_enrolled_stays_so(lea: User, host: Any) -> None:
    host.enrolments.add((lea.pk, COURSE))
    enrol(lea)


def test_a_fault_of_ours_refuses_nobody(lea: User, host: Any) -> None:
    host.staff = None  # Asking who is staff fails from now on.
    enrol(lea)

"""Piped into the `shell` of an LMS: who may write a course's badges there; the accounts made for it are rolled back."""

import logging
import traceback
from uuid import uuid4

from common.djangoapps.student import roles
from django.contrib.auth import get_user_model
from django.db import transaction
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform

logging.disable(logging.CRITICAL)
MARK = uuid4().hex[:8]
KEY = CourseKey.from_string(f"course-v1:utop+{MARK}+1")


def is_author(role):
    with transaction.atomic():
        somebody = get_user_model().objects.create(username=f"utop-{MARK}", email=f"{MARK}@example.org")
        role(KEY).add_users(somebody)
        assert platform().is_course_staff(somebody.pk, KEY)
        told = platform().is_course_author(somebody.pk, KEY)
        transaction.set_rollback(True)
    return told


def staff_write_badges_in_the_lms_too():
    assert is_author(roles.CourseStaffRole)
    assert is_author(roles.CourseInstructorRole)


def limited_staff_write_none_as_in_studio():
    """In its own process the LMS grants them write access to the course."""
    assert not is_author(roles.CourseLimitedStaffRole)


for trap in (staff_write_badges_in_the_lms_too, limited_staff_write_none_as_in_studio):
    try:
        trap()
        print(f"TRAP {trap.__name__} ok")
    except Exception:  # noqa: BLE001 - each trap has its turn
        print(f"TRAP {trap.__name__} failed", traceback.format_exc().replace("\n", " | "))

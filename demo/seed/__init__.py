"""Fictitious data, sown once: everything that people did here went through the product's own doors."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from demo.models import Account, Course
from demo.olx import import_olx
from demo.seed.badges import sow_badges
from demo.seed.live import sow_sessions
from demo.seed.operator import sow_operator
from demo.seed.people import sow_people

COURSE = Path(__file__).resolve().parent.parent / "course"


def is_seeded() -> bool:
    """Whether the data are there, from this start or an earlier one."""
    return Account.objects.exists()


@transaction.atomic
def sow() -> None:
    """The course, the operator's data, the people and their past; all of it, or nothing."""
    now = timezone.now()
    course = Course.objects.get(course_key=import_olx(COURSE))
    sow_operator(course, today=timezone.localdate(now))
    sow_people(course, now=now)
    sow_sessions(course, now=now)
    sow_badges(course, now=now)

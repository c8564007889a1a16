"""Achievements of parts of the only action, and what learners do about them."""

from typing import Any

from openedx_utop.badges.models import Achievement
from openedx_utop.training.models import TrainingAction
from tests.badges.factories import COURSE


def key(number: int) -> str:
    """A subsection, as an achievement names it."""
    return str(COURSE.make_usage_key("sequential", f"module{number}"))


def part(*modules: int, **values: Any) -> Achievement:
    """The badge of these modules: completed, unless it is told otherwise."""
    return Achievement.objects.create(
        **{
            "action": TrainingAction.objects.get(course_key=COURSE),
            "is_whole": None,
            "modules": [key(number) for number in modules],
            "name": "Bloc 1",
            "description": "Une partie.",
            **values,
        }
    )

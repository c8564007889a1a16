"""What the course's author made of parts of the training: a block of competences, and a badge that a person validates.

Written in the author's editor, shown in the course by the author's block, validated on the trainer's page.
"""

import json
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import override
from webob import Request

from demo.access import LearnerView
from demo.models import Course
from demo.runtime import DemoRuntime
from demo.tree import CourseTree
from openedx_utop.badges.drawing.api import Drawing, Frame
from openedx_utop.badges.editing import api as editing
from openedx_utop.badges.editing.data import Draft, Unwritten
from openedx_utop.badges.models import Skill
from openedx_utop.badges.validations import api as validations
from openedx_utop.official_time import official_day
from openedx_utop.training.api import Conditions

AUTHOR, TRAINER, VALIDATED = "ada", "maud", "alix"
COLOUR, SECOND_COLOUR = "#0b5d57", "#ffd166"
# At the end of the block's last module.
BLOCK_SHOWN = "tronc_bloc"


def sow_badges(course: Course, *, now: datetime) -> None:
    """Two badges; whoever has done the rest waits for the trainer, who has seen one of them."""
    author, trainer = (User.objects.get(username=name) for name in (AUTHOR, TRAINER))
    _show(_keep(course, _block(course)), author, course)
    plan = _keep(course, _plan(course, trainer))
    validations.validate(
        plan,
        User.objects.get(username=VALIDATED).pk,
        day=official_day(now - timedelta(days=3)),
        remark="Plan présenté en quinze minutes : trois priorités chiffrées, un calendrier tenable.",
        by=trainer.pk,
        now=now,
    )


def _block(course: Course) -> Draft:
    return Draft(
        name="Protéger son entreprise en ligne",
        description="Applique le **RGPD** à l’échelle d’une petite entreprise et déjoue les fraudes courantes.",
        criteria="",
        level="beginner",
        validity_months=36,
        skills=_skills("4.1", "4.2"),
        drawing=Drawing("Protéger son entreprise", "shield", Frame.HEXAGON, COLOUR, SECOND_COLOUR, stars=1),
        modules=_modules(course, "tronc_07", "tronc_08"),
        conditions=Conditions(required_grade=60.0),
    )


def _plan(course: Course, trainer: User) -> Draft:
    return Draft(
        name="Bâtir son plan numérique",
        description="Tire d’un autodiagnostic **trois priorités tenables**, et sait les défendre devant son équipe.",
        criteria="",
        level="intermediate",
        skills=_skills("5.2", "5.4"),
        drawing=Drawing("Mon plan numérique", "chart", Frame.DISC, COLOUR, SECOND_COLOUR, stars=2),
        modules=_modules(course, "tronc_06"),
        conditions=Conditions(requires_validation=True, validator_id=trainer.pk),
    )


def _skills(*codes: str) -> tuple[int, ...]:
    return tuple(Skill.objects.filter(framework="DigComp 2.2", code__in=codes).values_list("pk", flat=True))


def _modules(course: Course, *names: str) -> tuple[str, ...]:
    return tuple(str(course.course_key.make_usage_key("sequential", name)) for name in names)


def _keep(course: Course, draft: Draft) -> UUID:
    seen = editing.badge(course.course_key, Unwritten.PART).seen
    with override(settings.LANGUAGE_CODE):
        return editing.keep(course.course_key, Unwritten.PART, draft, seen=seen)


def _show(badge: UUID, author: User, course: Course) -> None:
    """The author chooses it in the block."""
    view = LearnerView(CourseTree(course.course_key), None, is_staff=True)
    key = course.course_key.make_usage_key("utop_award", BLOCK_SHOWN)
    block = DemoRuntime(author, view, is_author=True).get_block(key)
    sent = {"values": {"display_name": "Le badge de ce bloc", "achievement": str(badge)}, "defaults": []}
    block.handle("submit_studio_edits", Request.blank("/", method="POST", body=json.dumps(sent).encode()))

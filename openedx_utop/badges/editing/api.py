"""The door of the editor of badges: what a course awards, a draft of it looked at, and kept."""

import json
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import asdict
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import override
from opaque_keys.edx.keys import CourseKey

from openedx_utop.badges import evidence, rules
from openedx_utop.badges.achievements import achievement_facts, keep_conditions, scope_problems, whole_achievement
from openedx_utop.badges.drawing.api import Drawing, Frame, Unreadable, drawn
from openedx_utop.badges.editing.data import (
    ChangedMeanwhile,
    Draft,
    Known,
    Look,
    NoAction,
    Refused,
    UnknownBadge,
    Unwritten,
    Which,
)
from openedx_utop.badges.editing.signing import SAMPLE, signed_away
from openedx_utop.badges.issuing import said_together
from openedx_utop.badges.models import Achievement, AchievementImage, Skill
from openedx_utop.badges.pictures import keep_picture, kept
from openedx_utop.sectors.models import Sector
from openedx_utop.training.api import Action, action_for, action_of
from openedx_utop.training.models import TrainingAction

__all__ = ["action_in", "badge", "badges_of", "keep", "look", "remove", "unsigned_parts"]

# What is asked of a part to begin with: its modules, nothing else.
NEW = Draft(name="", description="", criteria="")


def action_in(course_key: CourseKey) -> Action:
    """The course's training action. Raises NoAction."""
    action = action_for(course_key)
    if action is None:
        raise NoAction(_("This course is no training action yet. The operator declares it; it then awards badges."))
    return action


def badges_of(course_key: CourseKey) -> tuple[Known, ...]:
    """What the course awards, the whole action's badge first. Raises NoAction."""
    action = action_in(course_key)
    known = [_known(record, action) for record in _records(action).order_by("pk")]
    whole = [each for each in known if each.is_whole] or [_unwritten(action)]
    return (*whole, *(each for each in known if not each.is_whole))


def badge(course_key: CourseKey, which: Which) -> Known:
    """One badge. Raises NoAction and UnknownBadge."""
    action = action_in(course_key)
    if which is Unwritten.PART:
        return Known(which, NEW, 0, _state(NEW), is_whole=False)
    record = _record(action, which)
    return _known(record, action) if record else _unwritten(action)


def look(course_key: CourseKey, which: Which, draft: Draft) -> Look:
    """The draft as it would be signed and shown; nothing is kept. Raises NoAction, UnknownBadge and Refused."""
    with transaction.atomic():
        found = _written(course_key, which, draft)[1]
        transaction.set_rollback(True)
    return found


def keep(course_key: CourseKey, which: Which, draft: Draft, *, seen: str) -> UUID:
    """Write the badge, for what is issued from now on. `seen`: of the state that the author started from.

    Raises NoAction, UnknownBadge, Refused and ChangedMeanwhile.
    """
    with transaction.atomic():
        # One author at a time: the next one sees what this one wrote, or the first award.
        list(TrainingAction.objects.select_for_update().filter(course_key=course_key).values_list("pk"))
        if badge(course_key, which).seen != seen:
            raise ChangedMeanwhile(
                _("Somebody changed this badge since you opened the page. Look at what you would put in its place.")
            )
        return _written(course_key, which, draft)[0].uuid


def remove(course_key: CourseKey, uuid: UUID) -> None:
    """Take away the badge of a part that nobody holds. Raises NoAction, UnknownBadge and Refused."""
    record = _record(action_in(course_key), uuid)
    if record is None or record.is_whole:
        raise UnknownBadge(uuid)
    try:
        record.delete()
    except ProtectedError as held:
        raise Refused({"": _("Somebody holds this badge, so it stays.")}) from held


def unsigned_parts(record: Achievement, skills: Iterable[Skill]) -> dict[str, str]:
    """What of a row, saved or not, a signature would not cover, in words, by the name of the field; nothing is kept."""
    looked = copy(record)
    with transaction.atomic():
        looked.save()
        looked.skills.set(skills)
        problems = signed_away(_look(looked).document)
        transaction.set_rollback(True)
    return problems


def _written(course_key: CourseKey, which: Which, draft: Draft) -> tuple[Achievement, Look]:
    """The row with the draft in it, and what it says; refused if a signature would not cover all of it."""
    action = action_in(course_key)
    record = _described(_record(action, which) or _new_record(action, which), draft)
    problems = scope_problems(action, modules=draft.modules, conditions=draft.conditions) if not record.is_whole else {}
    if problems:
        raise Refused(problems)
    record.save()
    keep_conditions(record, draft.conditions)
    record.skills.set(draft.skills)
    found = _look(record)
    problems = signed_away(found.document)
    if problems:
        raise Refused(problems)
    return record, found


def _described(record: Achievement, draft: Draft) -> Achievement:
    record.name, record.description, record.criteria = draft.name, draft.description, draft.criteria
    record.level, record.validity_months = draft.level, draft.validity_months
    record.sector = Sector.objects.get(slug=draft.sector) if draft.sector else None
    record.image, record.drawing = _image(draft), asdict(draft.drawing) if draft.drawing else None
    record.modules = list(draft.modules)
    return record


def _records(action: Action) -> Any:
    return Achievement.objects.filter(action_id=action.action_id).select_related("action", "image", "sector")


def _record(action: Action, which: Which) -> Achievement | None:
    """None for one that nobody wrote yet."""
    if which is Unwritten.PART:
        return None
    if which is Unwritten.WHOLE:
        whole: Achievement | None = _records(action).filter(is_whole=True).first()
        return whole
    record: Achievement | None = _records(action).filter(uuid=which).first()
    if record is None:
        raise UnknownBadge(which)
    return record


def _new_record(action: Action, which: Which) -> Achievement:
    if which is Unwritten.WHOLE:
        return whole_achievement(action)
    return Achievement(action=TrainingAction.objects.get(pk=action.action_id), is_whole=None)


def _image(draft: Draft) -> AchievementImage | None:
    if draft.drawing:
        try:
            return keep_picture(drawn(draft.drawing))
        except Unreadable as error:
            raise Refused({"picture_text": str(error)}) from error
    return kept(AchievementImage.objects.get(sha256=draft.sha256)) if draft.sha256 else None


def _look(record: Achievement) -> Look:
    # As it is signed: in the language of the installation.
    with override(settings.LANGUAGE_CODE):
        issuer, achievement = said_together(action_of(record.action), record)
        return Look(rules.document_of(issuer, achievement, SAMPLE), record.validity_months)


def _known(record: Achievement, action: Action) -> Known:
    draft = Draft(
        name=record.name,
        description=record.description,
        criteria=record.criteria,
        level=record.level,
        sector=record.sector.slug if record.sector else "",
        validity_months=record.validity_months,
        skills=tuple(record.skills.values_list("pk", flat=True)),
        sha256=record.image.sha256 if record.image else "",
        drawing=_drawing(record.drawing) if record.drawing else None,
        modules=tuple(map(str, record.modules)),
        conditions=achievement_facts(record, action).conditions,
    )
    return Known(record.uuid, draft, record.awards.count(), _state(draft), is_whole=bool(record.is_whole))


def _drawing(kept: Mapping[str, Any]) -> Drawing:
    return Drawing(**{**kept, "frame": Frame(kept["frame"])})


def _unwritten(action: Action) -> Known:
    """The badge that is made by itself on the first award."""
    with override(settings.LANGUAGE_CODE):
        draft = Draft(action.title, evidence.description(action), "", conditions=action.conditions)
    return Known(Unwritten.WHOLE, draft, 0, _state(draft), is_whole=True)


def _state(draft: Draft) -> str:
    return sha256(json.dumps(asdict(draft), sort_keys=True).encode()).hexdigest()

"""The door of the editor of badges: what a course awards, a draft of it looked at, and kept."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from opaque_keys.edx.keys import CourseKey

from openedx_utop.badges import rules
from openedx_utop.badges.drawing.api import Drawing, Frame, Unreadable, drawn
from openedx_utop.badges.editing.data import ChangedMeanwhile, Draft, Known, Look, NoAction, Refused, UnknownBadge
from openedx_utop.badges.editing.signing import SAMPLE, signed_away
from openedx_utop.badges.issuing import achievement_said, issuer_said
from openedx_utop.badges.models import Achievement, AchievementImage
from openedx_utop.badges.pictures import keep_picture
from openedx_utop.sectors.models import Sector
from openedx_utop.training.api import Action, action_for

__all__ = ["action_in", "badge", "badges_of", "keep", "look"]


def action_in(course_key: CourseKey) -> Action:
    """The course's training action. Raises NoAction."""
    action = action_for(course_key)
    if action is None:
        raise NoAction(_("This course is no training action yet. The operator declares it; it then awards badges."))
    return action


def badges_of(course_key: CourseKey) -> tuple[Known, ...]:
    """What the course awards. Raises NoAction."""
    action = action_in(course_key)
    records = Achievement.objects.filter(action_id=action.action_id).select_related("image", "sector")
    return tuple(_known(record) for record in records) or (_unwritten(action),)


def badge(course_key: CourseKey, uuid: UUID | None) -> Known:
    """One badge; None: the whole action's. Raises NoAction and UnknownBadge."""
    action = action_in(course_key)
    record = _records(action, uuid).first()
    if record is None and uuid is not None:
        raise UnknownBadge(uuid)
    return _known(record) if record else _unwritten(action)


def look(course_key: CourseKey, uuid: UUID | None, draft: Draft) -> Look:
    """The draft as it would be signed and shown; nothing is kept. Raises NoAction, UnknownBadge and Refused."""
    with transaction.atomic():
        found = _written(course_key, uuid, draft)[1]
        transaction.set_rollback(True)
    return found


def keep(course_key: CourseKey, uuid: UUID | None, draft: Draft, *, seen: str) -> UUID:
    """Write the badge, for what is issued from now on. `seen`: of the state that the author started from.

    Raises NoAction, UnknownBadge, Refused and ChangedMeanwhile.
    """
    with transaction.atomic():
        # One author at a time: the next one sees what this one wrote.
        list(Achievement.objects.select_for_update().filter(action__course_key=course_key).values_list("pk"))
        if badge(course_key, uuid).seen != seen:
            raise ChangedMeanwhile(
                _("Somebody changed this badge since you opened the page. Look at what you would put in its place.")
            )
        return _written(course_key, uuid, draft)[0].uuid


def _written(course_key: CourseKey, uuid: UUID | None, draft: Draft) -> tuple[Achievement, Look]:
    """The row with the draft in it, and what it says; refused if a signature would not cover all of it."""
    action = action_in(course_key)
    record = _records(action, uuid).first() or _new_record(action, uuid)
    record.name, record.description, record.criteria = draft.name, draft.description, draft.criteria
    record.level, record.validity_months = draft.level, draft.validity_months
    record.sector = Sector.objects.get(slug=draft.sector) if draft.sector else None
    record.image, record.drawing = _image(draft), asdict(draft.drawing) if draft.drawing else None
    record.save()
    record.skills.set(draft.skills)
    found = _look(record, action)
    problems = signed_away(found.document)
    if problems:
        raise Refused(problems)
    return record, found


def _records(action: Action, uuid: UUID | None) -> Any:
    known = Achievement.objects.filter(action_id=action.action_id).select_related("action", "image", "sector")
    return known.filter(uuid=uuid) if uuid else known.filter(is_whole=True)


def _new_record(action: Action, uuid: UUID | None) -> Achievement:
    if uuid is not None:
        raise UnknownBadge(uuid)
    return Achievement(action_id=action.action_id)


def _image(draft: Draft) -> AchievementImage | None:
    if draft.drawing:
        try:
            return keep_picture(drawn(draft.drawing))
        except Unreadable as error:
            raise Refused({"picture_text": str(error)}) from error
    return AchievementImage.objects.get(sha256=draft.sha256) if draft.sha256 else None


def _look(record: Achievement, action: Action) -> Look:
    # As it is signed: in the language of the installation.
    with override(settings.LANGUAGE_CODE):
        issuer, achievement = issuer_said(action), achievement_said(record)
        return Look(rules.document_of(issuer, achievement, SAMPLE), record.validity_months)


def _known(record: Achievement) -> Known:
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
    )
    return Known(record.uuid, draft, record.awards.count(), _state(draft))


def _drawing(kept: Mapping[str, Any]) -> Drawing:
    return Drawing(**{**kept, "frame": Frame(kept["frame"])})


def _unwritten(action: Action) -> Known:
    """The badge that is made by itself on the first award."""
    with override(settings.LANGUAGE_CODE):
        draft = Draft(action.title, rules.description(action), "")
    return Known(None, draft, 0, _state(draft))


def _state(draft: Draft) -> str:
    return sha256(json.dumps(asdict(draft), sort_keys=True).encode()).hexdigest()

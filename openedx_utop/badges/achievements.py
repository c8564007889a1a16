"""What can be awarded in a training action: the whole of it, and what its author made of its parts."""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import override
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey

from openedx_utop.badges import criteria, evidence
from openedx_utop.badges.data import AchievementFacts, Scope
from openedx_utop.badges.models import Achievement
from openedx_utop.compat import platform
from openedx_utop.training.api import Action, Conditions, action_of
from openedx_utop.training.api import conditions_of as conditions_in


def achievements_of(action: Action) -> tuple[AchievementFacts, ...]:
    """The whole action's, then those of its parts in the order in which they were made; one query."""
    records = Achievement.objects.filter(action_id=action.action_id).select_related("sector").order_by("pk")
    known = [achievement_facts(record, action) for record in records]
    whole = [each for each in known if each.is_whole] or [_unwritten(action)]
    return (*whole, *(each for each in known if not each.is_whole))


def achievement_facts(record: Achievement, action: Action) -> AchievementFacts:
    """The facts of an achievement already read, with its action's, without another query."""
    return AchievementFacts(
        achievement_id=record.pk,
        uuid=record.uuid,
        scope=record.scope,
        name=record.name,
        modules=() if record.is_whole else _modules(record, action),
        conditions=action.conditions if record.is_whole else _own_conditions(record),
        sector=record.sector.slug if record.sector else "",
        trade=record.sector.name if record.sector else "",
        level=record.level,
    )


def whole_achievement(action: Action) -> Achievement:
    """The row of the whole action's achievement, written now in the installation's language if nobody did."""
    with override(settings.LANGUAGE_CODE):
        texts = {"name": action.title, "description": evidence.description(action)}
    known = Achievement.objects.select_related("action", "image", "sector")
    record, _is_new = known.get_or_create(action_id=action.action_id, is_whole=True, defaults=texts)
    return record


def module_titles(achievement: AchievementFacts, action: Action) -> tuple[str, ...]:
    """The titles of a part's modules, as the course has them today; what it no longer has is left out."""
    titles = platform().block_titles(action.course_key) if achievement.modules else {}
    return tuple(titles[key] for key in achievement.modules if key in titles)


def conditions_of(record: Achievement) -> Conditions:
    """What it takes; the whole action's are in the action's own columns."""
    return achievement_facts(record, action_of(record.action)).conditions


def keep_conditions(record: Achievement, conditions: Conditions) -> None:
    """Write them where they are read, and save the row: the action's for the whole, else the achievement's."""
    target = record.action if record.is_whole else record
    target.requires_completion = conditions.requires_completion
    target.required_grade = Decimal(str(conditions.required_grade))
    target.required_minutes = conditions.required_seconds // 60
    target.required_half_days = conditions.required_half_days
    target.requires_every_session = conditions.requires_every_session
    target.requires_validation = conditions.requires_validation
    target.validator_id = conditions.validator_id
    if not record.is_whole:
        record.grade_of_action = conditions.grade_of_action
        record.minutes_of_action = conditions.minutes_of_action
    target.save()


def scope_problems(action: Action, *, modules: Collection[str], conditions: Conditions) -> dict[str, str]:
    """What is wrong with a part and its conditions, in words, by the name of the field; nothing if all is well.

    Any learner's modules will do, whatever their trade: of a block, everybody has those that are theirs to do.
    """
    known = {str(key) for key in platform().block_titles(action.course_key)}
    return criteria.scope_problems(modules, known, conditions)


def _unwritten(action: Action) -> AchievementFacts:
    return AchievementFacts(None, None, Scope.ACTION, action.title, (), action.conditions)


def _own_conditions(record: Achievement) -> Conditions:
    return replace(
        conditions_in(record), grade_of_action=record.grade_of_action, minutes_of_action=record.minutes_of_action
    )


def _modules(record: Achievement, action: Action) -> tuple[UsageKey, ...]:
    found = (_key(text, action) for text in record.modules)
    return tuple(key for key in found if key)


def _key(text: Any, action: Action) -> UsageKey | None:
    """None for what is no key, which the forms refuse."""
    try:
        return UsageKey.from_string(text).map_into_course(action.course_key)
    except InvalidKeyError:
        return None

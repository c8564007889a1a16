"""Who validates what."""

from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.live.api import trains
from openedx_utop.badges.achievements import achievements_of, whole_achievement
from openedx_utop.badges.data import AchievementFacts
from openedx_utop.badges.models import Achievement
from openedx_utop.badges.validations.data import NotValidator, UnknownValidation
from openedx_utop.compat import platform
from openedx_utop.training.api import Action, action_for


def validated_by(validator_id: int, action: Action) -> tuple[AchievementFacts, ...]:
    """What this account may validate in an action; each has its row from now on."""
    asked = [each for each in achievements_of(action) if each.conditions.requires_validation]
    mine = [each for each in asked if _may_validate(validator_id, action.course_key, each)]
    if any(each.achievement_id is None for each in mine):
        whole_achievement(action)
        return validated_by(validator_id, action)
    return tuple(mine)


def check_validator(validator_id: int, user_id: int, record: Achievement) -> None:
    """Raises UnknownValidation where nothing is validated, NotValidator for others than who may, and for oneself."""
    action = action_for(record.action.course_key)
    mine = validated_by(validator_id, action) if action else ()
    if record.pk not in {each.achievement_id for each in mine}:
        raise UnknownValidation(_("You validate nothing here."))
    if user_id == validator_id:
        raise NotValidator(_("Nobody validates themselves: ask a colleague."))


def _may_validate(validator_id: int, course_key: CourseKey, achievement: AchievementFacts) -> bool:
    """The person named, as long as they train or belong to the course's staff; any of the staff if nobody is named."""
    named = achievement.conditions.validator_id
    if named not in {None, validator_id}:
        return False
    is_trainer = named is not None and trains(validator_id, course_key)
    return is_trainer or platform().is_course_staff(validator_id, course_key)

"""Each learner's level in a course: what was decided, by whom, when, how and why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.sectors.levels.data import Level, LevelFacts, UnknownLevel
from openedx_utop.sectors.levels.models import LevelChoice
from openedx_utop.sectors.levels.reading import offer_of
from openedx_utop.sectors.levels.rules import effective
from openedx_utop.sectors.models import ChoiceMethod

# Two clicks may ask for the same rank; more than a few at once is not a person.
ATTEMPTS = 5


@dataclass(frozen=True)
class LevelDecision:
    """Who says which learner is of which level, how, when and why."""

    user_id: int
    course_key: CourseKey
    level: Level
    method: ChoiceMethod
    chosen_by: int
    at: datetime
    reason: str = ""


def parsed_level(text: str) -> Level:
    """The level of this slug. Raises UnknownLevel."""
    try:
        return Level(text)
    except ValueError:
        raise UnknownLevel(_("There is no such level.")) from None


def offered_level(course_key: CourseKey, text: str) -> Level:
    """The level of this slug, if the course offers it. Raises UnknownLevel."""
    level = parsed_level(text)
    if level not in offer_of(course_key).levels:
        raise UnknownLevel(_("This course does not offer this level."))
    return level


def held_level(user_id: int, course_key: CourseKey) -> Level | None:
    """The level that was last decided, offered in the course or not; None if none was. One query."""
    held = _last(user_id, course_key)
    return Level(held.level) if held else None


def learner_level(user_id: int, course_key: CourseKey) -> Level | None:
    """The level by which the course treats the learner, the default if none was told; None without levels."""
    offer = offer_of(course_key)
    return effective(held_level(user_id, course_key), offer) if offer.is_on else None


def held_levels(course_key: CourseKey, user_ids: Collection[int]) -> dict[int, Level]:
    """The level last decided of each of these learners who has one; one query."""
    choices = LevelChoice.objects.filter(course_key=course_key, user_id__in=user_ids).order_by("rank")
    return {user_id: Level(level) for user_id, level in choices.values_list("user_id", "level")}


def learner_levels(course_key: CourseKey, user_ids: Collection[int]) -> dict[int, Level]:
    """The level by which the course treats each of these learners; empty without levels. Two queries, one without."""
    offer = offer_of(course_key)
    held = held_levels(course_key, user_ids) if offer.is_on else {}
    counted = {user_id: effective(held.get(user_id), offer) for user_id in user_ids}
    return {user_id: level for user_id, level in counted.items() if level is not None}


def of_level(learners: QuerySet[Any], course_key: CourseKey, level: Level) -> QuerySet[Any]:
    """Those of these learners, rows of accounts, whom the course treats by this level."""
    offer = offer_of(course_key)
    held = [each for each in Level if effective(each, offer) == level]
    choices = LevelChoice.objects.filter(course_key=course_key, user_id=OuterRef("pk")).order_by("-rank")
    found: QuerySet[Any] = learners.annotate(held_level=Subquery(choices.values("level")[:1]))
    told = Q(held_level__in=held)
    return found.filter(told | Q(held_level=None) if effective(None, offer) == level else told)


def record_level(decision: LevelDecision) -> bool:
    """Add the level after those before it; False if it says the same as the last.

    The unique rank settles a race, and whoever lost it looks again at what is held.
    """
    for attempt in range(1, ATTEMPTS + 1):
        held = _last(decision.user_id, decision.course_key)
        if held is not None and held.level == decision.level:
            return False
        if _is_saved(decision, held.rank + 1 if held else 1, is_last_attempt=attempt == ATTEMPTS):
            break
    return True


def level_history(user_id: int, course_key: CourseKey) -> tuple[LevelFacts, ...]:
    """Every decision about the learner's level in the course, the latest first."""
    choices = list(LevelChoice.objects.filter(user_id=user_id, course_key=course_key).order_by("rank"))
    others = {choice.chosen_by for choice in choices} - {user_id}
    people = platform().persons(others) if others else {}
    formers: list[Level | None] = [None, *(Level(choice.level) for choice in choices)]
    return tuple(
        LevelFacts(
            level=Level(choice.level),
            former=former,
            method=choice.method,
            method_name=choice.get_method_display(),
            chosen_by=choice.chosen_by,
            author_name=people[choice.chosen_by].full_name if choice.chosen_by in people else "",
            chosen_at=choice.chosen_at,
            reason=choice.reason,
        )
        for choice, former in reversed(list(zip(choices, formers, strict=False)))
    )


def forget_levels(user_id: int) -> None:
    """Erase what levels the learner was of."""
    LevelChoice.objects.filter(user_id=user_id).delete()


def _last(user_id: int, course_key: CourseKey) -> LevelChoice | None:
    return LevelChoice.objects.filter(user_id=user_id, course_key=course_key).order_by("rank").last()


def _is_saved(decision: LevelDecision, rank: int, *, is_last_attempt: bool) -> bool:
    """Whether the rank was free."""
    try:
        with transaction.atomic():
            LevelChoice.objects.create(
                user_id=decision.user_id,
                course_key=decision.course_key,
                rank=rank,
                level=decision.level,
                method=decision.method,
                chosen_by=decision.chosen_by,
                chosen_at=decision.at,
                reason=decision.reason,
            )
    except IntegrityError:
        if is_last_attempt:
            raise
        return False
    return True

"""Who waits for a validation, and what was validated and not awarded yet, for one person who validates."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from opaque_keys.edx.keys import CourseKey

from openedx_utop.badges.data import AchievementFacts
from openedx_utop.badges.models import Achievement, Award
from openedx_utop.badges.validations.data import Given, Standing, Waiting
from openedx_utop.badges.validations.ledger import standing
from openedx_utop.badges.validations.models import Awaited, Validation
from openedx_utop.badges.validations.rights import validated_by
from openedx_utop.compat import Person, platform
from openedx_utop.training.api import Action, action_of
from openedx_utop.training.models import TrainingAction

# A page of names: whoever has validated these sees the next.
SHOWN = 50


def waiting_for(validator_id: int, action: Action) -> tuple[Waiting, ...]:
    """The learners who lack but this person's validation, the longest wait first, no more than a page of them."""
    known = _by_number(validator_id, action)
    rows = list(_awaited(known)[:SHOWN])
    people = platform().persons({row.user_id for row in rows})
    return tuple(_waiting(row, people[row.user_id], known) for row in rows if row.user_id in people)


def waiting_count(validator_id: int, action: Action) -> int:
    """How many they are."""
    return _awaited(_by_number(validator_id, action)).count()


def standing_for(validator_id: int, action: Action) -> tuple[Standing, ...]:
    """What was validated and can still be withdrawn, the latest first, no more than a page of it."""
    known = _by_number(validator_id, action)
    awarded = Award.objects.filter(user_id=OuterRef("user_id"), achievement_id=OuterRef("achievement_id"))
    rows = Validation.objects.filter(~Exists(awarded), achievement_id__in=known).order_by("rank")
    found = sorted(standing(rows), key=lambda each: each.recorded_at, reverse=True)[:SHOWN]
    people = platform().persons({number for each in found for number in (each.user_id, each.recorded_by)})
    return tuple(
        Standing(
            each, _name(people, each.user_id), _name(people, each.recorded_by), *_badge(known[each.achievement_id])
        )
        for each in found
    )


def asked_of(user_id: int) -> tuple[CourseKey, ...]:
    """The courses in which this person is named to validate, and may."""
    parts = Q(achievements__is_whole=None, achievements__validator_id=user_id, achievements__requires_validation=True)
    whole = Q(validator_id=user_id, requires_validation=True)
    named = TrainingAction.objects.filter(parts | whole).distinct().order_by("pk")
    return tuple(record.course_key for record in named if validated_by(user_id, action_of(record)))


def given(uuid: UUID, user_id: int) -> Given | None:
    """A validation of this learner; None if there is none of that identifier."""
    row = Validation.objects.filter(uuid=uuid, user_id=user_id).first()
    people = platform().persons({row.recorded_by}) if row else {}
    return Given(_name(people, row.recorded_by), row.day, row.words) if row else None


def _by_number(validator_id: int, action: Action) -> dict[int, AchievementFacts]:
    return {each.achievement_id: each for each in validated_by(validator_id, action) if each.achievement_id}


def _awaited(known: Mapping[int, AchievementFacts]) -> QuerySet[Awaited]:
    return Awaited.objects.filter(achievement_id__in=known).order_by("since", "pk")


def _waiting(row: Awaited, person: Person, known: Mapping[int, AchievementFacts]) -> Waiting:
    return Waiting(
        row.user_id, person.full_name or person.username, person.username, *_badge(known[row.achievement_id]), row.since
    )


def _badge(achievement: AchievementFacts) -> tuple[UUID, str]:
    """Its identifier, which it has as soon as it has a number, and its name."""
    if achievement.uuid is None:
        raise Achievement.DoesNotExist
    return achievement.uuid, achievement.name


def _name(people: Mapping[int, Person], user_id: int) -> str:
    person = people.get(user_id)
    return (person.full_name or person.username) if person else ""

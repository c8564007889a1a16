"""Which validations stand: the last row of a learner and an achievement, if it was not a withdrawal."""

from collections.abc import Iterable

from openedx_utop.badges.validations.data import ValidationFacts
from openedx_utop.badges.validations.models import Validation


def standing_of(user_id: int, action_id: int) -> dict[int, ValidationFacts]:
    """The learner's in an action, by achievement; one query."""
    rows = Validation.objects.filter(user_id=user_id, achievement__action_id=action_id)
    return {each.achievement_id: each for each in standing(rows.order_by("rank"))}


def standing(rows: Iterable[Validation]) -> tuple[ValidationFacts, ...]:
    """Those that stand, of rows in order of rank."""
    last = {(row.user_id, row.achievement_id): row for row in rows}
    return tuple(facts(row) for row in last.values() if row.is_given)


def facts(row: Validation) -> ValidationFacts:
    """What others learn of a row."""
    return ValidationFacts(
        uuid=row.uuid,
        user_id=row.user_id,
        achievement_id=row.achievement_id,
        day=row.day,
        words=row.words,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
    )

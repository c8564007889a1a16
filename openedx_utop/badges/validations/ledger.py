"""Which validations stand: the last row of a learner and an achievement, if it was not a withdrawal."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from openedx_utop.badges.validations.data import ValidationFacts
from openedx_utop.badges.validations.models import Awaited, Validation


def standing_of(user_id: int, action_id: int) -> dict[int, ValidationFacts]:
    """The learner's in an action, by achievement; one query."""
    rows = Validation.objects.filter(user_id=user_id, achievement__action_id=action_id)
    return {each.achievement_id: each for each in standing(rows.order_by("rank"))}


def awaited_by(user_id: int, action_id: int) -> frozenset[int]:
    """The achievements of an action for which the learner waits to be validated; one query."""
    rows = Awaited.objects.filter(user_id=user_id, achievement__action_id=action_id)
    return frozenset(rows.values_list("achievement_id", flat=True))


def wait_for(user_id: int, achievement_id: int, *, now: datetime) -> None:
    """Put the learner in the list of whoever validates; a second time changes nothing."""
    Awaited.objects.get_or_create(user_id=user_id, achievement_id=achievement_id, defaults={"since": now})


def still_stands(user_id: int, achievement_id: int, validation: UUID) -> bool:
    """Whether nobody withdrew it meanwhile, nor will before the transaction ends."""
    last = last_row(user_id, achievement_id, lock=True)
    return last is not None and last.uuid == validation


def last_row(user_id: int, achievement_id: int, *, lock: bool = False) -> Validation | None:
    """The learner's last row; `lock`: held until the transaction ends, and as others left it."""
    rows = Validation.objects.filter(user_id=user_id, achievement_id=achievement_id).order_by("rank")
    found: Validation | None = (rows.select_for_update() if lock else rows).last()
    return found


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

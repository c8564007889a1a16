"""The door to learners' choices about badges."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Q

from openedx_utop.badges.choices.models import BadgeChoice

__all__ = ["decide", "is_refused", "reluctant", "wants_badges"]


def decide(user_id: int, award_id: int | None, *, is_wanted: bool, now: datetime) -> None:
    """Note a choice about the badge of one award (by its row), or about those of all awards to come."""
    BadgeChoice.objects.create(user_id=user_id, award_id=award_id, is_wanted=is_wanted, decided_at=now)


def is_refused(user_id: int, award_id: int, *, for_update: bool = False) -> bool:
    """Whether the learner refuses the badge of an award: what was said of it counts, then what was said of all.

    `for_update`: see what others committed since the transaction began.
    """
    about = BadgeChoice.objects.filter(Q(award_id=award_id) | Q(award=None), user_id=user_id)
    if for_update:
        about = about.select_for_update()
    last = about.order_by(F("award_id").desc(nulls_last=True), "-pk").first()
    return last is not None and not last.is_wanted


def reluctant(user_ids: Collection[int]) -> set[int]:
    """Those of these learners who ever refused a badge: of the others there is nothing to look up."""
    refusals = BadgeChoice.objects.filter(user_id__in=user_ids, is_wanted=False)
    return set(refusals.values_list("user_id", flat=True))


def wants_badges(user_id: int) -> bool:
    """Whether the learner wants the badges of awards to come; so it is until they say otherwise."""
    last = BadgeChoice.objects.filter(user_id=user_id, award=None).order_by("-pk").first()
    return last is None or last.is_wanted

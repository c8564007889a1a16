"""Where a learner's clock stood that was forgotten: what is stored says it."""

from collections.abc import Collection

from django.db.models import Max

from openedx_utop.attendance.models import Presence
from openedx_utop.attendance.summary import milliseconds


def last_ends(user_ids: Collection[int]) -> dict[int, int]:
    """Where the last presence of each of these learners ends; those who have none are left out."""
    found = Presence.objects.filter(user_id__in=user_ids).order_by().values_list("user_id").annotate(last=Max("end"))
    return {user_id: milliseconds(last) for user_id, last in found}

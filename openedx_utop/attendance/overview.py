"""Connection time of many learners at once, for pages that list them."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import DurationField, F, OuterRef, Subquery, Sum
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.models import Presence


def last_presence(course_key: CourseKey, learner: OuterRef) -> Subquery:
    """When a learner was last there, NULL for never, for use inside a query over learners."""
    presences = Presence.objects.filter(user_id=learner, course_key=course_key)
    return Subquery(presences.order_by("-end").values("end")[:1])


def connection_seconds(course_key: CourseKey, user_ids: Collection[int]) -> dict[int, int]:
    """The connection time, in whole seconds, of each of these learners that has any; one query."""
    length = Sum(F("end") - F("start"), output_field=DurationField())
    presences = Presence.objects.filter(course_key=course_key, user_id__in=user_ids)
    totals = presences.values("user_id").annotate(length=length).values_list("user_id", "length")
    return {user_id: total // timedelta(seconds=1) for user_id, total in totals}

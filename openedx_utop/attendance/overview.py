"""Connection time of many learners at once, for pages that list them."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import DurationField, F, OuterRef, QuerySet, Subquery, Sum
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.models import Presence


def last_presence(course_key: CourseKey, learner: OuterRef) -> Subquery:
    """When a learner was last there, NULL for never, for use inside a query over learners."""
    presences = Presence.objects.filter(user_id=learner, place__course_key=course_key)
    return Subquery(presences.order_by("-end").values("end")[:1])


def course_connection_seconds(course_key: CourseKey) -> dict[int, int]:
    """The connection time, in whole seconds, of everybody who has any in the course; one query."""
    return _totals(Presence.objects.filter(place__course_key=course_key))


def connection_seconds(course_key: CourseKey, user_ids: Collection[int]) -> dict[int, int]:
    """The connection time, in whole seconds, of each of these learners that has any; one query."""
    return _totals(Presence.objects.filter(place__course_key=course_key, user_id__in=user_ids))


def _totals(presences: QuerySet[Presence]) -> dict[int, int]:
    length = Sum(F("end") - F("start"), output_field=DurationField())
    totals = presences.values("user_id").annotate(length=length).values_list("user_id", "length")
    return {user_id: total // timedelta(seconds=1) for user_id, total in totals}

"""Connection time of many learners at once, for pages that list them."""

from datetime import timedelta

from django.db.models import DurationField, F, OuterRef, Subquery, Sum
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.models import Presence


def last_presence(course_key: CourseKey, learner: OuterRef) -> Subquery:
    """When a learner was last there, NULL for never, for use inside a query over learners."""
    presences = Presence.objects.filter(user_id=learner, place__course_key=course_key)
    return Subquery(presences.order_by("-end").values("end")[:1])


def course_connection_seconds(course_key: CourseKey) -> dict[int, int]:
    """The connection time, in whole seconds, of everybody who has any in the course; one query."""
    length = Sum(F("end") - F("start"), output_field=DurationField())
    presences = Presence.objects.filter(place__course_key=course_key)
    totals = presences.values("user_id").annotate(length=length).values_list("user_id", "length")
    return {user_id: total // timedelta(seconds=1) for user_id, total in totals}

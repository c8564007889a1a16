"""Connection time of many learners at once, for pages that list them."""

from datetime import timedelta

from django.db.models import DateTimeField, DurationField, F, Func, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Greatest, NullIf
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.live.api import last_attended
from openedx_utop.attendance.models import Presence
from openedx_utop.attendance.summary import EPOCH


def last_presence(course_key: CourseKey, learner: OuterRef) -> Func:
    """When a learner was last there, online or at a half-day, NULL for never, for use inside a query over learners."""
    presences = Presence.objects.filter(user_id=learner, place__course_key=course_key)
    online = Subquery(presences.order_by("-end").values("end")[:1])
    # Of NULL and an instant, some databases know no greater.
    never = Cast(Value(EPOCH), DateTimeField())
    return NullIf(Greatest(Coalesce(online, never), Coalesce(last_attended(course_key, learner), never)), never)


def course_connection_seconds(course_key: CourseKey) -> dict[int, int]:
    """The connection time, in whole seconds, of everybody who has any in the course; one query."""
    length = Sum(F("end") - F("start"), output_field=DurationField())
    presences = Presence.objects.filter(place__course_key=course_key)
    totals = presences.values("user_id").annotate(length=length).values_list("user_id", "length")
    return {user_id: total // timedelta(seconds=1) for user_id, total in totals}

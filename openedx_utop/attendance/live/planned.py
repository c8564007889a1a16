"""The live hours that were planned for a learner, as far as it is known which sessions are theirs."""

from collections import Counter

from django.db.models import Q
from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.attendance.live.models import LiveSlot


def planned_seconds(user_id: int, course_key: CourseKey) -> dict[tuple[str, UsageKey | None], int]:
    """Seconds by modality and module of the half-days they hold a place in or signed for, cancelled sessions aside."""
    theirs = Q(session__registrations__user_id=user_id) | Q(signatures__user_id=user_id)
    slots = LiveSlot.objects.filter(theirs, session__course_key=course_key, session__cancelled_at=None)
    planned: Counter[tuple[str, UsageKey | None]] = Counter()
    for slot in slots.select_related("session").distinct():
        planned[slot.session.modality, slot.session.module_key] += int((slot.end - slot.start).total_seconds())
    return dict(planned)

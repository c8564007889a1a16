"""The platform's own log of what learners do."""

from collections.abc import Mapping
from typing import Any, Protocol

from opaque_keys.edx.keys import CourseKey


class Tracking(Protocol):
    """Asked of every host."""

    def track(self, name: str, user_id: int, course_key: CourseKey, data: Mapping[str, Any]) -> None:
        """Note an event of a learner in a course; `data` is plain JSON."""


class OpenEdxTracking:
    """Answered by the LMS and Studio."""

    def track(self, name: str, user_id: int, course_key: CourseKey, data: Mapping[str, Any]) -> None:
        """With the context that the platform's own events have, whoever's request or task this is."""
        from eventtracking import tracker  # noqa: PLC0415 - each process configures it for itself

        context = {"user_id": user_id, "course_id": str(course_key), "org_id": course_key.org}
        with tracker.get_tracker().context(name, context):
            tracker.emit(name, dict(data))

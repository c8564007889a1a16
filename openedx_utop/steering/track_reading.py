"""The figures of a course's tracks, read in a number of queries that does not depend on its learners."""

from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.api import course_connection_seconds
from openedx_utop.compat import platform
from openedx_utop.sectors.api import offered_sectors
from openedx_utop.sectors.changes.api import tracks_followed
from openedx_utop.steering.progress import who_finished
from openedx_utop.steering.track_rules import TrackFigures, track_figures
from openedx_utop.training.api import action_for


def figures_of_tracks(course_key: CourseKey) -> tuple[TrackFigures, ...]:
    """Each track of the course, then the learners without one. The caller knows that the asker may see them."""
    return track_figures(
        [sector for sector in offered_sectors(course_key) if sector.parent is None],
        tracks_followed(course_key),
        learners=set(platform().learners(course_key).values_list("pk", flat=True)),
        finished=who_finished(course_key),
        seconds=course_connection_seconds(course_key),
    )


def tracks_for(asker: int, course_key: CourseKey) -> tuple[TrackFigures, ...] | None:
    """The same for the staff of a training action's course; None for everybody else."""
    is_followed = action_for(course_key) is not None and platform().is_course_staff(asker, course_key)
    return figures_of_tracks(course_key) if is_followed else None

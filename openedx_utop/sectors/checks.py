"""What the operator has to know about the courses that have tracks."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning
from django.db.utils import DatabaseError

from openedx_utop.compat import platform
from openedx_utop.sectors.tracks import tracked_courses

HINT = "Switch the flag `teams.content_groups_for_teams` off, for everyone or for these courses."


def check_teams_switch(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Say that a switch of the platform hides the modules of every trade from everybody."""
    if not databases:
        return []
    try:
        hidden = [str(course_key) for course_key in tracked_courses() if platform().hides_grouped_content(course_key)]
    except DatabaseError:
        return []  # Before the tables are there, no course has tracks.
    if not hidden:
        return []
    text = f"The platform hides whatever is restricted to a trade from everybody, in: {', '.join(hidden)}."
    return [Warning(text, hint=HINT, id="openedx_utop.W040")]

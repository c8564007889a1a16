"""What courses there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from opaque_keys.edx.keys import CourseKey, UsageKey


@dataclass(frozen=True)
class Course:
    """A course run."""

    key: CourseKey
    title: str
    url: str


class Courses(Protocol):
    """Asked of every host."""

    def course(self, course_key: CourseKey) -> Course | None:
        """The course run, or None if the host knows no such course."""

    def block_titles(self, course_key: CourseKey) -> Mapping[UsageKey, str]:
        """The titles of the published subsections and units; empty for a course that is gone."""

    def earlier_run(self, course_key: CourseKey) -> CourseKey | None:
        """The course run that this one was made from, if it is a re-run."""


class OpenEdxCourses:
    """Answered by the LMS and Studio."""

    def course(self, course_key: CourseKey) -> Course | None:
        """The course overview, with the learning MFE's address."""
        from openedx.core.djangoapps.content.course_overviews.api import get_course_overview_or_none  # noqa: PLC0415
        from openedx.features.course_experience.url_helpers import get_learning_mfe_home_url  # noqa: PLC0415

        overview = get_course_overview_or_none(course_key)
        if overview is None:
            return None
        return Course(course_key, overview.display_name_with_default, get_learning_mfe_home_url(course_key, "home"))

    def block_titles(self, course_key: CourseKey) -> Mapping[UsageKey, str]:
        """From the published branch."""
        from xmodule.modulestore import ModuleStoreEnum  # noqa: PLC0415
        from xmodule.modulestore.django import modulestore  # noqa: PLC0415

        store = modulestore()
        with store.branch_setting(ModuleStoreEnum.Branch.published_only, course_key):
            return {
                block.location: block.display_name or ""
                for category in ("sequential", "vertical")
                for block in store.get_items(course_key, qualifiers={"category": category})
            }

    def earlier_run(self, course_key: CourseKey) -> CourseKey | None:
        """From what Studio keeps about the re-run."""
        from common.djangoapps.course_action_state.models import CourseRerunState  # noqa: PLC0415

        runs = CourseRerunState.objects.filter(course_key=course_key)
        return cast("CourseKey | None", runs.values_list("source_course_key", flat=True).first())

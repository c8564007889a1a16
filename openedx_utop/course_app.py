"""The course's entries in Studio's “Pages and resources”, classes that the loader of course apps asks for."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.keys import CourseKey
from openedx.core.djangoapps.course_apps.plugins import CourseApp


class AuthorsPage(CourseApp):
    """An entry that leads to a page of ours: there is nothing to switch, the page says all. `page`: its name."""

    page: str
    documentation_links: dict[str, str] = {}

    @classmethod
    def set_enabled(cls, course_key: CourseKey, enabled: bool, user: Any) -> bool:  # noqa: ARG003
        """It stays as it is."""
        return bool(cls.is_enabled(course_key))

    @classmethod
    def get_allowed_operations(cls, course_key: CourseKey, user: Any = None) -> dict[str, bool]:  # noqa: ARG003
        """It is configured on its page, and not switched."""
        return {"enable": False, "configure": True}

    @classmethod
    def legacy_link(cls, course_key: CourseKey) -> str:
        """The page, in Studio; the LMS, which answers the same question, has none there."""
        try:
            return reverse(f"openedx_utop_studio:{cls.page}", kwargs={"course_key": course_key})
        except NoReverseMatch:
            return ""


class TracksCourseApp(AuthorsPage):
    """« Tracks », where sectors are known at all: it leads to the author's table."""

    app_id = "utop_tracks"
    name = _("Tracks by trade")
    description = _("Say in one table which trade sees which section, subsection and unit.")
    page = "authoring"

    @classmethod
    def is_available(cls, course_key: CourseKey) -> bool:  # noqa: ARG003
        """Where the operator has entered trades."""
        from openedx_utop import api  # noqa: PLC0415

        return bool(api.sectors())

    @classmethod
    def is_enabled(cls, course_key: CourseKey) -> bool:
        """Whether the course has a track."""
        from openedx_utop import api  # noqa: PLC0415

        return bool(api.offered_sectors(course_key))


class BadgesCourseApp(AuthorsPage):
    """« Badges », in courses that are training actions: it leads to their editor."""

    app_id = "utop_badges"
    name = _("Badges")
    description = _("Write the badges that this course awards, and draw their pictures.")
    page = "badges-of-course"

    @classmethod
    def is_available(cls, course_key: CourseKey) -> bool:
        """In the courses that are training actions."""
        from openedx_utop import api  # noqa: PLC0415

        return api.action_for(course_key) is not None

    @classmethod
    def is_enabled(cls, course_key: CourseKey) -> bool:
        """A training action awards a badge, whether somebody wrote it or not."""
        return cls.is_available(course_key)

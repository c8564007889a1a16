"""The only module that imports the platform: questions asked of it, answered in plain values.

The demo host answers the same questions from its own models (`UTOP_PLATFORM`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from opaque_keys.edx.keys import CourseKey, UsageKey


@dataclass(frozen=True)
class Person:
    """An account of the platform."""

    user_id: int
    username: str
    full_name: str
    email: str
    language: str


@dataclass(frozen=True)
class Course:
    """A course run."""

    key: CourseKey
    title: str
    url: str


@dataclass(frozen=True)
class ContentGroup:
    """A content group of the course's cohort partition."""

    partition_id: int
    group_id: int
    name: str


@dataclass(frozen=True)
class PathModule:
    """A subsection that a learner may see, and where they stand in it. Points are raw; nothing to grade: 0 of 0."""

    usage_key: UsageKey
    title: str
    section_title: str
    is_complete: bool
    completed_at: datetime | None
    earned: float
    possible: float


class Platform(Protocol):
    """What the product asks of its host."""

    def person(self, user_id: int) -> Person | None:
        """The account, or None once it is gone."""

    def course(self, course_key: CourseKey) -> Course | None:
        """The course run, or None if the host knows no such course."""

    def is_enrolled(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether the learner has an active enrolment."""

    def is_course_staff(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether the account may see the course as its staff does."""

    def is_masquerading(self, request: HttpRequest, course_key: CourseKey) -> bool:
        """Whether a staff member is looking at the course as someone else."""

    def counted_learner(self, block: Any) -> int | None:
        """The user id whose time counts on this rendered unit; None for staff, masquerade, preview and visitors."""

    def learner_path(self, user_id: int, course_key: CourseKey) -> Sequence[PathModule]:
        """The subsections of this learner's own path, in course order; what they may not see is absent."""

    def course_grade(self, user_id: int, course_key: CourseKey) -> float:
        """The learner's course grade in percent, over their own path."""

    def content_groups(self, course_key: CourseKey) -> Sequence[ContentGroup]:
        """The content groups that the author made; empty if none."""

    def group_of(self, user_id: int, course_key: CourseKey) -> ContentGroup | None:
        """The content group the learner is in; asking never assigns one."""

    def place_in_group(self, user_id: int, course_key: CourseKey, group: ContentGroup) -> None:
        """Move the learner into the cohort of this content group, made on first need; a second call changes nothing."""


@cache
def _platform(path: str) -> Platform:
    return cast(Platform, import_string(path)())


def platform() -> Platform:
    """The host named by `UTOP_PLATFORM`."""
    return _platform(settings.UTOP_PLATFORM)

"""The only place that imports the platform: questions asked of it, answered in plain values.

A module for each subject holds the questions, and the answers of the LMS and Studio. Imports of the platform are
lazy: each process lacks some of the other's modules. The demo host answers the same questions from its own models
(`UTOP_PLATFORM`).
"""

from functools import cache
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from openedx_utop.compat.accounts import Accounts, OpenEdxAccounts, Person
from openedx_utop.compat.authoring import AssignmentType, AuthoredBlock, AuthoredCourse, Authoring
from openedx_utop.compat.cohorts import Cohort, Cohorts, OpenEdxCohorts
from openedx_utop.compat.courses import Course, Courses, OpenEdxCourses
from openedx_utop.compat.enrolments import CannotEnrol, Enrolments, OpenEdxEnrolments
from openedx_utop.compat.groups import ContentGroup, Groups, OpenEdxGroups
from openedx_utop.compat.progress import OpenEdxProgress, PathModule, Progress
from openedx_utop.compat.studio import OpenEdxAuthoring
from openedx_utop.compat.tracking import OpenEdxTracking, Tracking
from openedx_utop.compat.viewers import OpenEdxViewers, Viewers

__all__ = [
    "AssignmentType",
    "AuthoredBlock",
    "AuthoredCourse",
    "CannotEnrol",
    "Cohort",
    "ContentGroup",
    "Course",
    "OpenEdxPlatform",
    "PathModule",
    "Person",
    "Platform",
    "platform",
]


class Platform(Accounts, Authoring, Cohorts, Courses, Enrolments, Groups, Progress, Tracking, Viewers, Protocol):
    """What the product asks of its host."""


class OpenEdxPlatform(
    OpenEdxAccounts,
    OpenEdxAuthoring,
    OpenEdxCohorts,
    OpenEdxCourses,
    OpenEdxEnrolments,
    OpenEdxGroups,
    OpenEdxProgress,
    OpenEdxTracking,
    OpenEdxViewers,
):
    """The LMS and Studio."""


@cache
def _platform(path: str) -> Platform:
    return cast(Platform, import_string(path)())


def platform() -> Platform:
    """The host named by `UTOP_PLATFORM`."""
    return _platform(settings.UTOP_PLATFORM)

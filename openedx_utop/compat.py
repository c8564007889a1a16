"""The only module that imports the platform: questions asked of it, answered in plain values.

The demo host answers the same questions from its own models (`UTOP_PLATFORM`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol, cast

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.module_loading import import_string
from opaque_keys.edx.keys import CourseKey, UsageKey

# The roles of a course to which `has_access` grants staff access.
STAFF_ROLES = ("instructor", "staff", "limited_staff")


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

    def persons(self, user_ids: Collection[int]) -> dict[int, Person]:
        """Those of these accounts that are there, in a constant number of queries."""

    def person_named(self, name: str) -> Person | None:
        """The account of this username or e-mail address; None if there is none, or more than one."""

    def course(self, course_key: CourseKey) -> Course | None:
        """The course run, or None if the host knows no such course."""

    def block_titles(self, course_key: CourseKey) -> Mapping[UsageKey, str]:
        """The titles of the published subsections and units; empty for a course that is gone."""

    def is_enrolled(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether the learner has an active enrolment."""

    def enrolled_learners(self, course_key: CourseKey) -> Sequence[int]:
        """The user ids of the active enrolments."""

    def learners(self, course_key: CourseKey) -> QuerySet[Any]:
        """The accounts with an active enrolment that are not the course's staff, as a query: thousands of them are
        sorted and cut in the database. Its rows have `pk`, `username`, `email`, `full_name` and `enrolled_at`.
        """

    def is_course_staff(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether the account may see the course as its staff does."""

    def staff_role(self, user_id: int, course_key: CourseKey) -> str:
        """In what capacity the account is staff of the course: `instructor` or `staff`; empty if it is not."""

    def is_masquerading(self, request: HttpRequest, course_key: CourseKey) -> bool:
        """Whether a staff member is looking at the course as someone else."""

    def counted_learner(self, block: Any) -> int | None:
        """The user id whose time counts on this rendered unit; None for staff, masquerade, preview and visitors."""

    def client_address(self) -> str:
        """The IP address of who asks for the page that is being made; empty outside a request."""

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


class OpenEdxPlatform:
    """The LMS and Studio. Imports are lazy: each process lacks some of the other's modules."""

    def person(self, user_id: int) -> Person | None:
        """The account with its profile's name and preferred language."""
        return self.persons([user_id]).get(user_id)

    def persons(self, user_ids: Collection[int]) -> dict[int, Person]:
        """The accounts with their profiles' names and preferred languages."""
        from openedx.core.djangoapps.user_api.models import UserPreference  # noqa: PLC0415

        preferences = UserPreference.objects.filter(user_id__in=user_ids, key="pref-lang")
        languages = dict(preferences.values_list("user_id", "value"))
        accounts = _accounts().select_related("profile").filter(pk__in=user_ids)
        return {user.pk: _person(user, languages.get(user.pk) or settings.LANGUAGE_CODE) for user in accounts}

    def person_named(self, name: str) -> Person | None:
        """By the exact username, else by the e-mail address in whatever case."""
        named = _accounts().filter(username=name) or _accounts().filter(email__iexact=name)
        return self.person(named[0].pk) if len(named) == 1 else None

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

    def is_enrolled(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether an active CourseEnrollment exists."""
        return bool(self._enrolments(course_key).filter(user_id=user_id).exists())

    def enrolled_learners(self, course_key: CourseKey) -> Sequence[int]:
        """The user ids of the active CourseEnrollments."""
        return tuple(self._enrolments(course_key).order_by("user_id").values_list("user_id", flat=True))

    def learners(self, course_key: CourseKey) -> QuerySet[Any]:
        """Accounts joined to their active CourseEnrollment and to their profile, which has the name.

        Beta testers have a role in the course, too, and are learners.
        """
        from common.djangoapps.student.models import CourseAccessRole  # noqa: PLC0415

        staff = CourseAccessRole.objects.filter(course_id=course_key, role__in=STAFF_ROLES).values("user_id")
        enrolled = _accounts().filter(courseenrollment__course_id=course_key, courseenrollment__is_active=True)
        return cast(
            "QuerySet[Any]",
            enrolled.exclude(is_staff=True)
            .exclude(pk__in=staff)
            .annotate(
                full_name=Coalesce("profile__name", "username"),
                enrolled_at=Coalesce("courseenrollment__created", "date_joined"),
            ),
        )

    @staticmethod
    def _enrolments(course_key: CourseKey) -> Any:
        from common.djangoapps.student.models import CourseEnrollment  # noqa: PLC0415

        return CourseEnrollment.objects.filter(course_id=course_key, is_active=True)

    def is_course_staff(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether `has_access` grants staff access."""
        from lms.djangoapps.courseware.access import has_access  # noqa: PLC0415

        user = _accounts().filter(pk=user_id).first()
        return user is not None and bool(has_access(user, "staff", course_key))

    def staff_role(self, user_id: int, course_key: CourseKey) -> str:
        """The highest of the accesses that `has_access` grants."""
        from lms.djangoapps.courseware.access import has_access  # noqa: PLC0415

        user = _accounts().filter(pk=user_id).first()
        roles = ("instructor", "staff") if user else ()
        return next((role for role in roles if has_access(user, role, course_key)), "")

    def is_masquerading(self, request: HttpRequest, course_key: CourseKey) -> bool:
        """Whether the session holds a masquerade for this course."""
        from lms.djangoapps.courseware.masquerade import MASQUERADE_SETTINGS_KEY  # noqa: PLC0415

        return course_key in request.session.get(MASQUERADE_SETTINGS_KEY, {})

    def counted_learner(self, block: Any) -> int | None:
        """From the runtime's user service; staff looking as a student are told by the session of the request."""
        from crum import get_current_request  # noqa: PLC0415

        attributes = block.runtime.service(block, "user").get_current_user().opt_attrs
        user_id = attributes.get("edx-platform.user_id")
        course_key = block.scope_ids.usage_id.course_key
        request = get_current_request()
        if not user_id or request is None or self.is_masquerading(request, course_key):
            return None
        if self.is_course_staff(user_id, course_key) or not self.is_enrolled(user_id, course_key):
            return None
        return int(user_id)

    def client_address(self) -> str:
        """As the platform's own middleware left it, after the proxies that the operator trusts."""
        from crum import get_current_request  # noqa: PLC0415

        request = get_current_request()
        return request.META.get("REMOTE_ADDR", "") if request else ""

    def learner_path(self, user_id: int, course_key: CourseKey) -> Sequence[PathModule]:
        """The transformed block structure holds only what this learner may see; empty subsections are dropped."""
        from completion.models import BlockCompletion  # noqa: PLC0415
        from lms.djangoapps.course_blocks.api import get_course_blocks  # noqa: PLC0415
        from lms.djangoapps.grades.models import PersistentSubsectionGrade  # noqa: PLC0415
        from xmodule.modulestore.django import modulestore  # noqa: PLC0415

        user = _accounts().get(pk=user_id)
        blocks = get_course_blocks(user, modulestore().make_course_usage_key(course_key), include_completion=True)
        grades = {
            grade.full_usage_key: grade for grade in PersistentSubsectionGrade.bulk_read_grades(user_id, course_key)
        }
        completed = dict(
            BlockCompletion.objects.filter(user_id=user_id, context_key=course_key, completion=1.0).values_list(
                "block_key", "modified"
            )
        )
        return tuple(_path_modules(blocks, grades, completed))

    def course_grade(self, user_id: int, course_key: CourseKey) -> float:
        """The persisted course grade, computed if there is none."""
        from lms.djangoapps.grades.api import CourseGradeFactory  # noqa: PLC0415

        user = _accounts().get(pk=user_id)
        return float(CourseGradeFactory().read(user, course_key=course_key).percent) * 100

    def content_groups(self, course_key: CourseKey) -> Sequence[ContentGroup]:
        """The groups of the course's cohort partition."""
        from xmodule.modulestore.django import modulestore  # noqa: PLC0415

        course = modulestore().get_course(course_key)
        return tuple(
            ContentGroup(partition.id, group.id, group.name)
            for partition in (course.user_partitions if course else ())
            if partition.scheme.name == "cohort"
            for group in partition.groups
        )

    def group_of(self, user_id: int, course_key: CourseKey) -> ContentGroup | None:
        """The group that the learner's cohort is linked to, read without assigning a cohort."""
        from openedx.core.djangoapps.course_groups.models import CohortMembership  # noqa: PLC0415

        link = CohortMembership.objects.filter(user_id=user_id, course_id=course_key).values_list(
            "course_user_group__courseusergrouppartitiongroup__partition_id",
            "course_user_group__courseusergrouppartitiongroup__group_id",
        )
        linked = {(group.partition_id, group.group_id): group for group in self.content_groups(course_key)}
        return linked.get(link.first())

    def place_in_group(self, user_id: int, course_key: CourseKey, group: ContentGroup) -> None:
        """Into the cohort linked to the group. Not to be called inside a transaction: the platform's recalculation
        of grades would start before the membership is seen.
        """
        from openedx.core.djangoapps.course_groups.cohorts import add_user_to_cohort  # noqa: PLC0415

        if self.group_of(user_id, course_key) == group:
            return
        add_user_to_cohort(_cohort_of(course_key, group), _accounts().get(pk=user_id))


def _accounts() -> Any:
    return get_user_model().objects


def _person(user: Any, language: str) -> Person:
    name = getattr(getattr(user, "profile", None), "name", "") or user.get_full_name() or user.username
    return Person(user.pk, user.username, name, user.email, language)


def _path_modules(
    blocks: Any, grades: dict[UsageKey, Any], completed: dict[UsageKey, datetime]
) -> Iterator[PathModule]:
    for chapter in blocks.get_children(blocks.root_block_usage_key):
        for key in blocks.get_children(chapter):
            leaves = [leaf for leaf in blocks.post_order_traversal(start_node=key) if not blocks.get_children(leaf)]
            if leaves == [key]:
                continue
            is_complete = bool(blocks.get_xblock_field(key, "complete"))
            instants = [completed[leaf] for leaf in leaves if leaf in completed]
            grade = grades.get(key)
            yield PathModule(
                usage_key=key,
                title=blocks.get_xblock_field(key, "display_name") or "",
                section_title=blocks.get_xblock_field(chapter, "display_name") or "",
                is_complete=is_complete,
                completed_at=max(instants) if is_complete and instants else None,
                earned=grade.earned_graded if grade else 0.0,
                possible=grade.possible_graded if grade else 0.0,
            )


def _cohort_of(course_key: CourseKey, group: ContentGroup) -> Any:
    """The manual cohort linked to a content group, found by its link because staff may rename it."""
    from openedx.core.djangoapps.course_groups import cohorts, models  # noqa: PLC0415
    from openedx.core.djangoapps.django_comment_common.models import CourseDiscussionSettings  # noqa: PLC0415

    # The forum's settings must exist before cohorts do, else the platform divides the forum by cohort.
    CourseDiscussionSettings.get(course_key)
    if not cohorts.is_course_cohorted(course_key):
        cohorts.set_course_cohorted(course_key, True)
    links = models.CourseUserGroupPartitionGroup.objects.select_related("course_user_group").filter(
        partition_id=group.partition_id, group_id=group.group_id, course_user_group__course_id=course_key
    )
    with transaction.atomic():
        link = links.first()
        if link is not None:
            return link.course_user_group
        cohort = cohorts.add_cohort(course_key, group.name, models.CourseCohort.MANUAL)
        models.CourseUserGroupPartitionGroup.objects.create(
            course_user_group=cohort, partition_id=group.partition_id, group_id=group.group_id
        )
        return cohort


@cache
def _platform(path: str) -> Platform:
    return cast(Platform, import_string(path)())


def platform() -> Platform:
    """The host named by `UTOP_PLATFORM`."""
    return _platform(settings.UTOP_PLATFORM)

"""What a course uses its cohorts for, ours among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Exists, OuterRef
from opaque_keys.edx.keys import CourseKey


@dataclass(frozen=True)
class Cohort:
    """A cohort of a course. `group`: partition and group id of the content group it is linked to, if any.

    `is_automatic`: the platform puts learners without a cohort into one of these, at random.
    """

    name: str
    group: tuple[int, int] | None
    is_automatic: bool
    is_populated: bool


class Cohorts(Protocol):
    """Asked of every host."""

    def is_cohorted(self, course_key: CourseKey) -> bool:
        """Whether the course uses cohorts."""

    def cohorts(self, course_key: CourseKey) -> Sequence[Cohort]:
        """Every cohort of the course, in use or not."""

    def cohort_of(self, user_id: int, course_key: CourseKey) -> Cohort | None:
        """The cohort the learner is in; asking never assigns one."""

    def cohort_members(self, course_key: CourseKey) -> Mapping[int, tuple[int, int] | None]:
        """The linked group of everybody who is in a cohort, enrolled or not, in one query."""

    def divides_discussions(self, course_key: CourseKey) -> bool:
        """Whether the course's forum is one per cohort, or would be once cohorts are on."""

    def gather_undecided(self, course_key: CourseKey, name: str, group: tuple[int, int] | None) -> None:
        """Turn cohorts on, with one automatic cohort for learners without a sector, linked to the group if given.

        An automatic cohort that is there is taken as it is; a second call changes nothing.
        """

    def recalculate_grades(self, user_id: int, course_key: CourseKey) -> None:
        """Have the learner's grades computed anew over their own path."""

    def hides_grouped_content(self, course_key: CourseKey) -> bool:
        """Whether a switch of the platform hides whatever is restricted to a cohort's group from everybody."""

    def asker(self) -> int | None:
        """The user id of who asks for what is being done: in a request, or in a task of the instructor's dashboard."""


class OpenEdxCohorts:
    """Answered by the LMS."""

    def is_cohorted(self, course_key: CourseKey) -> bool:
        """Read without creating settings."""
        from openedx.core.djangoapps.course_groups.models import CourseCohortsSettings  # noqa: PLC0415

        return bool(CourseCohortsSettings.objects.filter(course_id=course_key, is_cohorted=True).exists())

    def cohorts(self, course_key: CourseKey) -> Sequence[Cohort]:
        """Populated by the memberships that the platform obeys."""
        from openedx.core.djangoapps.course_groups.models import CohortMembership  # noqa: PLC0415

        members = CohortMembership.objects.filter(course_user_group=OuterRef("pk"))
        rows = _cohort_rows(course_key).annotate(is_populated=Exists(members)).order_by("name")
        return tuple(_cohort(row, is_populated=row.is_populated) for row in rows)

    def cohort_of(self, user_id: int, course_key: CourseKey) -> Cohort | None:
        """From the membership's row."""
        row = _cohort_rows(course_key).filter(cohortmembership__user_id=user_id).first()
        return _cohort(row, is_populated=True) if row else None

    def cohort_members(self, course_key: CourseKey) -> Mapping[int, tuple[int, int] | None]:
        """From the memberships and the links."""
        from openedx.core.djangoapps.course_groups.models import CohortMembership  # noqa: PLC0415

        link = "course_user_group__courseusergrouppartitiongroup__"
        rows = CohortMembership.objects.filter(course_id=course_key).values_list(
            "user_id", f"{link}partition_id", f"{link}group_id"
        )
        return {user_id: None if group is None else (partition, group) for user_id, partition, group in rows}

    def divides_discussions(self, course_key: CourseKey) -> bool:
        """Asking creates the forum's settings: made after cohorts are on, they would divide the forum."""
        from openedx.core.djangoapps.django_comment_common.models import CourseDiscussionSettings  # noqa: PLC0415

        division = CourseDiscussionSettings.get(course_key).division_scheme
        return bool(division == CourseDiscussionSettings.COHORT)

    def gather_undecided(self, course_key: CourseKey, name: str, group: tuple[int, int] | None) -> None:
        """Made before cohorts are on, or a visit in between would make the platform's own "Default Group"."""
        from openedx.core.djangoapps.course_groups import cohorts  # noqa: PLC0415
        from openedx.core.djangoapps.course_groups.models import CourseCohort  # noqa: PLC0415

        self.divides_discussions(course_key)
        cohorts.is_course_cohorted(course_key)  # Takes over what an old course keeps in its modulestore.
        automatic = _cohort_rows(course_key).filter(cohort__assignment_type=CourseCohort.RANDOM).first()
        gathered = automatic or add_cohort(course_key, name, CourseCohort.RANDOM)
        if group is not None:
            link_cohort(gathered, group)
        if not self.is_cohorted(course_key):
            cohorts.set_course_cohorted(course_key, True)

    def recalculate_grades(self, user_id: int, course_key: CourseKey) -> None:
        """By the platform's own task, in this process; it does nothing for a learner who has no grade yet."""
        from lms.djangoapps.grades.tasks import recalculate_course_and_subsection_grades_for_user  # noqa: PLC0415

        recalculate_course_and_subsection_grades_for_user(user_id=user_id, course_key=str(course_key))

    def hides_grouped_content(self, course_key: CourseKey) -> bool:
        """The flag `teams.content_groups_for_teams`, for everyone, an organisation or this course."""
        from openedx.core.lib.teams_config import CONTENT_GROUPS_FOR_TEAMS  # noqa: PLC0415

        return bool(CONTENT_GROUPS_FOR_TEAMS.is_enabled(course_key))

    def asker(self) -> int | None:
        """From the request, else from the row of the dashboard's task."""
        from celery import current_task  # noqa: PLC0415
        from crum import get_current_user  # noqa: PLC0415
        from lms.djangoapps.instructor_task.models import InstructorTask  # noqa: PLC0415

        user = get_current_user()
        if user is not None and user.is_authenticated:
            return int(user.pk)
        task_id = current_task.request.id if current_task else None
        started = InstructorTask.objects.filter(task_id=task_id).values_list("requester_id", flat=True)
        return started.first() if task_id else None


def _cohort_rows(course_key: CourseKey) -> Any:
    from openedx.core.djangoapps.course_groups.models import CourseUserGroup  # noqa: PLC0415

    rows = CourseUserGroup.objects.filter(course_id=course_key, group_type=CourseUserGroup.COHORT)
    return rows.select_related("cohort", "courseusergrouppartitiongroup")


def _cohort(row: Any, *, is_populated: bool) -> Cohort:
    link = getattr(row, "courseusergrouppartitiongroup", None)
    kind = getattr(row, "cohort", None)
    group = (link.partition_id, link.group_id) if link else None
    return Cohort(row.name, group, kind is not None and kind.assignment_type == kind.RANDOM, is_populated)


def linked_cohort(course_key: CourseKey, group: tuple[int, int], user_id: int) -> Any:
    """The row of the cohort linked to a content group, found by its link because staff may rename it; else None.

    Its `is_theirs`: whether this learner is in it.
    """
    from openedx.core.djangoapps.course_groups.models import CohortMembership  # noqa: PLC0415

    theirs = CohortMembership.objects.filter(course_user_group=OuterRef("pk"), user_id=user_id)
    link = {
        "courseusergrouppartitiongroup__partition_id": group[0],
        "courseusergrouppartitiongroup__group_id": group[1],
    }
    return _cohort_rows(course_key).filter(**link).annotate(is_theirs=Exists(theirs)).order_by("pk").first()


def add_cohort(course_key: CourseKey, name: str, assignment_type: str) -> Any:
    """A new cohort of this name, or the name and a number if another cohort has it: that one is not ours to take."""
    from openedx.core.djangoapps.course_groups import cohorts  # noqa: PLC0415

    taken = set(_cohort_rows(course_key).values_list("name", flat=True))
    numbered = (f"{name} ({number})" for number in range(2, len(taken) + 3))
    free = next(each for each in (name, *numbered) if each not in taken)
    return cohorts.add_cohort(course_key, free, assignment_type)


def link_cohort(cohort: Any, group: tuple[int, int]) -> None:
    """Link a cohort to a content group, unless it has a link."""
    from openedx.core.djangoapps.course_groups.models import CourseUserGroupPartitionGroup  # noqa: PLC0415

    partition_id, group_id = group
    CourseUserGroupPartitionGroup.objects.get_or_create(
        course_user_group=cohort, defaults={"partition_id": partition_id, "group_id": group_id}
    )

"""Content groups, and the cohorts that put learners in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat.accounts import account_rows
from openedx_utop.compat.cohorts import add_cohort, link_cohort, linked_cohort


@dataclass(frozen=True)
class ContentGroup:
    """A content group of the course's cohort partition."""

    partition_id: int
    group_id: int
    name: str


class Groups(Protocol):
    """Asked of every host."""

    def content_groups(self, course_key: CourseKey) -> Sequence[ContentGroup]:
        """The content groups that the author made; empty if none."""

    def group_of(self, user_id: int, course_key: CourseKey) -> ContentGroup | None:
        """The content group the learner is in; asking never assigns one."""

    def place_in_group(self, user_id: int, course_key: CourseKey, group: ContentGroup) -> None:
        """Move the learner into the cohort of this content group, made on first need; a second call changes nothing."""


class OpenEdxGroups:
    """Answered by the LMS and Studio."""

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
        from openedx.core.djangoapps.course_groups.models import CohortMembership  # noqa: PLC0415

        cohort = _cohort_of(course_key, (group.partition_id, group.group_id), group.name)
        members = CohortMembership.objects.filter(course_user_group=cohort, user_id=user_id)
        if members.exists():
            return
        try:
            add_user_to_cohort(cohort, account_rows().get(pk=user_id))
        except ValueError:
            # The platform refuses whoever is there already: their other click was quicker.
            if not members.exists():
                raise


def _cohort_of(course_key: CourseKey, group: tuple[int, int], name: str) -> Any:
    """The manual cohort linked to a content group, made with its link if there is none."""
    from openedx.core.djangoapps.course_groups.models import CourseCohort, CourseCohortsSettings  # noqa: PLC0415

    linked = linked_cohort(course_key, group)
    if linked is not None:
        return linked
    with transaction.atomic():
        # The first two learners of a trade may come at once: a second cohort of the group would split them.
        CourseCohortsSettings.objects.select_for_update().filter(course_id=course_key).first()
        linked = linked_cohort(course_key, group)
        if linked is not None:
            return linked
        cohort = add_cohort(course_key, name, CourseCohort.MANUAL)
        link_cohort(cohort, group)
        return cohort

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

    def place_in_group(self, user_id: int, course_key: CourseKey, group: ContentGroup) -> None:
        """Into the cohort linked to the group. Not to be called inside a transaction: the platform's recalculation
        of grades would start before the membership is seen.
        """
        from openedx.core.djangoapps.course_groups.cohorts import add_user_to_cohort  # noqa: PLC0415

        ids = (group.partition_id, group.group_id)
        cohort = linked_cohort(course_key, ids, user_id)
        if cohort is not None and cohort.is_theirs:
            return
        try:
            add_user_to_cohort(cohort or _first_cohort(course_key, group, user_id), account_rows().get(pk=user_id))
        except ValueError:
            # The platform refuses whoever is there already: their other click was quicker.
            cohort = linked_cohort(course_key, ids, user_id)
            if cohort is None or not cohort.is_theirs:
                raise


def _first_cohort(course_key: CourseKey, group: ContentGroup, user_id: int) -> Any:
    """A manual cohort with its link to a content group; the first two learners of a trade may come at once."""
    from openedx.core.djangoapps.course_groups.models import CourseCohort, CourseCohortsSettings  # noqa: PLC0415

    ids = (group.partition_id, group.group_id)
    with transaction.atomic():
        CourseCohortsSettings.objects.select_for_update().filter(course_id=course_key).first()
        linked = linked_cohort(course_key, ids, user_id)
        if linked is not None:
            return linked
        cohort = add_cohort(course_key, group.name, CourseCohort.MANUAL)
        link_cohort(cohort, ids)
        return cohort

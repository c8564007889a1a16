"""The host's cohorts: one for each content group, and none that serves another purpose."""

from collections.abc import Mapping, Sequence

from crum import get_current_user
from django.db.models import Exists, OuterRef
from opaque_keys.edx.keys import CourseKey

from demo.models import CohortMembership, ContentGroup
from openedx_utop.compat import Cohort


class DemoCohorts:
    """Whoever has not chosen is in no cohort here: the host puts nobody anywhere by itself."""

    def is_cohorted(self, course_key: CourseKey) -> bool:
        """As soon as there are content groups."""
        return ContentGroup.objects.filter(course__course_key=course_key).exists()

    def cohorts(self, course_key: CourseKey) -> Sequence[Cohort]:
        """As many as content groups."""
        members = CohortMembership.objects.filter(group=OuterRef("pk"))
        groups = ContentGroup.objects.filter(course__course_key=course_key).annotate(is_populated=Exists(members))
        return [_cohort(group, is_populated=group.is_populated) for group in groups]

    def cohort_of(self, user_id: int, course_key: CourseKey) -> Cohort | None:
        """That of the learner's content group."""
        group = ContentGroup.objects.filter(course__course_key=course_key, memberships__user_id=user_id).first()
        return _cohort(group, is_populated=True) if group else None

    def cohort_members(self, course_key: CourseKey) -> Mapping[int, tuple[int, int] | None]:
        """The group of each member."""
        rows = CohortMembership.objects.filter(course__course_key=course_key).select_related("group")
        return {row.user_id: (row.group.partition_id, row.group.group_id) for row in rows}

    def divides_discussions(self, course_key: CourseKey) -> bool:  # noqa: ARG002
        """This host has no forum."""
        return False

    def gather_undecided(self, course_key: CourseKey, name: str, group: tuple[int, int] | None) -> None:
        """Learners without a cohort need none here."""

    def recalculate_grades(self, user_id: int, course_key: CourseKey) -> None:
        """This host computes grades whenever they are read."""

    def hides_grouped_content(self, course_key: CourseKey) -> bool:  # noqa: ARG002
        """This host has no such switch."""
        return False

    def asker(self) -> int | None:
        """Who is signed in."""
        user = get_current_user()
        return int(user.pk) if user is not None and user.is_authenticated else None

    def earlier_run(self, course_key: CourseKey) -> CourseKey | None:  # noqa: ARG002
        """This host makes no re-runs."""
        return None


def _cohort(group: ContentGroup, *, is_populated: bool) -> Cohort:
    return Cohort(group.name, (group.partition_id, group.group_id), is_automatic=False, is_populated=is_populated)

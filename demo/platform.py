"""Answers to `openedx_utop.compat`'s questions from the host's own tables."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from crum import get_current_request
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from opaque_keys.edx.keys import CourseKey, UsageKey

from demo import access, enrolment, models, progress
from demo.answers_enrolments import EnrolmentAnswers
from demo.authoring import AuthoringAnswers
from demo.cohorts import DemoCohorts
from demo.tree import CourseTree
from openedx_utop.compat import ContentGroup, Course, PathModule, Person
from openedx_utop.compat.tracking import OpenEdxTracking


class DemoPlatform(EnrolmentAnswers, AuthoringAnswers, DemoCohorts, OpenEdxTracking):
    """The host as the product sees it."""

    def person(self, user_id: int) -> Person | None:
        """The account."""
        return self.persons([user_id]).get(user_id)

    def persons(self, user_ids: Collection[int]) -> dict[int, Person]:
        """The accounts; the host keeps no preferred language."""
        return {user.pk: _person(user) for user in User.objects.filter(pk__in=user_ids)}

    def person_named(self, name: str) -> Person | None:
        """By the username, else by the e-mail address."""
        named = User.objects.filter(username=name) or User.objects.filter(email__iexact=name)
        return _person(named[0]) if len(named) == 1 else None

    def address_before_retirement(self, user_id: int) -> str:  # noqa: ARG002
        """Nobody is retired here."""
        return ""

    def course(self, course_key: CourseKey) -> Course | None:
        """The course run and its outline page."""
        course = models.Course.objects.filter(course_key=course_key).first()
        if course is None:
            return None
        url = settings.LMS_ROOT_URL + reverse("demo:outline", args=[course_key])
        return Course(course_key, course.title, url)

    def block_titles(self, course_key: CourseKey) -> Mapping[UsageKey, str]:
        """What their authors called them."""
        nodes = CourseTree(course_key).nodes.values()
        return {node.key: node.title for node in nodes if node.block_type in {"sequential", "vertical"}}

    def is_enrolled(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether the enrolment is there and active."""
        return enrolment.is_enrolled(user_id, course_key)

    def enrolled_courses(self, user_id: int) -> frozenset[CourseKey]:
        """The courses of the active enrolments."""
        return enrolment.enrolled_courses(user_id)

    def enrolled_learners(self, course_key: CourseKey) -> Sequence[int]:
        """The user ids of the active enrolments."""
        return enrolment.enrolled_learners(course_key)

    def learners(self, course_key: CourseKey) -> QuerySet[Any]:
        """Accounts joined to their active enrolment."""
        return enrolment.learners(course_key)

    def is_course_staff(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether the account sees the course as its staff does."""
        user = User.objects.filter(pk=user_id).first()
        return user is not None and access.is_course_staff(user, course_key)

    def staff_role(self, user_id: int, course_key: CourseKey) -> str:
        """Superusers administer every course."""
        if User.objects.filter(pk=user_id, is_superuser=True).exists():
            return "instructor"
        return "staff" if self.is_course_staff(user_id, course_key) else ""

    def is_masquerading(self, request: HttpRequest, course_key: CourseKey) -> bool:  # noqa: ARG002
        """This host does not let staff look at a course as someone else."""
        return False

    def group_looked_as(self, course_key: CourseKey) -> tuple[int, int] | None:  # noqa: ARG002
        """Nor as a group."""
        return None

    def counted_learner(self, block: Any) -> int | None:
        """The enrolled learner who looks at the unit."""
        if block.runtime.is_author_mode:
            return None
        user_id: int = block.runtime.user.pk
        course_key = block.scope_ids.usage_id.course_key
        counts = not block.runtime.view.is_staff and self.is_enrolled(user_id, course_key)
        return user_id if counts else None

    def client_address(self) -> str:
        """Of the request in hand."""
        request = get_current_request()
        return str(request.META.get("REMOTE_ADDR", "")) if request else ""

    def learner_path(self, user_id: int, course_key: CourseKey) -> Sequence[PathModule]:
        """The subsections of the learner's own way."""
        view = access.own_path(User.objects.get(pk=user_id), course_key)
        return self._modules(view, user_id, course_key)

    def modules_tried(self, user_id: int, course_key: CourseKey) -> Sequence[PathModule]:
        """Of every subsection, as staff sees them."""
        view = access.whole_course(course_key)
        done, scored = progress.completions(user_id, course_key), progress.scores(user_id)
        nodes = {node.key: node for _section, subsections in view.sections() for node in subsections}
        return [
            module
            for module in self._modules(view, user_id, course_key)
            if any(leaf.key in done or leaf.key in scored for leaf in nodes[module.usage_key].leaves())
        ]

    def _modules(self, view: access.LearnerView, user_id: int, course_key: CourseKey) -> Sequence[PathModule]:
        done, scored = progress.completions(user_id, course_key), progress.scores(user_id)
        path = []
        for section, subsections in view.sections():
            for node in subsections:
                leaves = view.completable(node)
                is_complete = all(leaf.key in done for leaf in leaves)
                completed_at = max((done[leaf.key] for leaf in leaves), default=None) if is_complete else None
                earned, possible = progress.points(view, node, scored)
                path.append(
                    PathModule(node.key, node.title, section.title, is_complete, completed_at, earned, possible)
                )
        return path

    def course_grade(self, user_id: int, course_key: CourseKey) -> float:
        """By the course's grading policy."""
        return progress.course_percent(User.objects.get(pk=user_id), course_key)

    def content_groups(self, course_key: CourseKey) -> Sequence[ContentGroup]:
        """The groups of the course's policy."""
        groups = models.ContentGroup.objects.filter(course__course_key=course_key)
        return [ContentGroup(group.partition_id, group.group_id, group.name) for group in groups]

    def place_in_group(self, user_id: int, course_key: CourseKey, group: ContentGroup) -> None:
        """Move the learner into the cohort of the group."""
        enrolment.place(User.objects.get(pk=user_id), course_key, group.partition_id, group.group_id)


def _person(user: User) -> Person:
    name = user.get_full_name() or user.username
    return Person(user.pk, user.username, name, user.email, settings.LANGUAGE_CODE, is_active=user.is_active)

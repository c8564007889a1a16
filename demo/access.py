"""What one account may see of a course, and its own way through it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from opaque_keys.edx.keys import CourseKey

from demo.blocks import block_class, is_completable
from demo.models import CohortMembership, ContentGroup, Course
from demo.tree import CourseTree, Node


def is_course_staff(user: User, course_key: CourseKey) -> bool:
    """Superusers and the course's own staff."""
    return user.is_superuser or Course.objects.filter(course_key=course_key, staff=user).exists()


def group_of(user_id: int, course_key: CourseKey) -> ContentGroup | None:
    """The content group of the learner's cohort."""
    membership = CohortMembership.objects.filter(user_id=user_id, course__course_key=course_key)
    found = membership.select_related("group").first()
    return found.group if found else None


@dataclass(frozen=True)
class LearnerView:
    """A course as an account's groups let it be seen; staff see everything."""

    tree: CourseTree
    group: ContentGroup | None
    is_staff: bool

    def may_see(self, node: Node) -> bool:
        """Whether the block and all its ancestors are open to the account."""
        return self.is_staff or all(self._is_open(ancestor) for ancestor in node.lineage())

    def _is_open(self, node: Node) -> bool:
        mine = {self.group.partition_id: self.group.group_id} if self.group else {}
        return all(mine.get(partition) in allowed for partition, allowed in node.group_access.items())

    def sections(self) -> Iterator[tuple[Node, list[Node]]]:
        """The sections and their subsections on the learner's own path; what is left empty is dropped."""
        for section in self.tree.root.children:
            subsections = [node for node in section.children if self.units(node)]
            if subsections:
                yield section, subsections

    def units(self, subsection: Node) -> list[Node]:
        """The visible units of a subsection."""
        return [unit for unit in subsection.children if self.may_see(unit)]

    def completable(self, node: Node) -> list[Node]:
        """The blocks that the learner completes within a subsection or unit."""
        return [leaf for leaf in node.leaves() if self.may_see(leaf) and is_completable(block_class(leaf.block_type))]


def view_of(user: User, course_key: CourseKey) -> LearnerView:
    """The course as this account sees it."""
    group = group_of(user.pk, course_key)
    return LearnerView(CourseTree(course_key), group, is_course_staff(user, course_key))


def own_path(user: User, course_key: CourseKey) -> LearnerView:
    """The course as its learner goes through it, whatever else the account may see."""
    return LearnerView(CourseTree(course_key), group_of(user.pk, course_key), is_staff=False)


def whole_course(course_key: CourseKey) -> LearnerView:
    """The course with everybody's modules."""
    return LearnerView(CourseTree(course_key), None, is_staff=True)

"""The course as its author holds it: its draft tree, who may see what, and the content groups. Asked in Studio."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.compat.groups import ContentGroup


@dataclass(frozen=True)
class AuthoredBlock:
    """A section (level 1), subsection (2) or unit (3), in course order.

    `groups`: the content groups that its own setting admits, None for everybody. `assignment`: the type that it is
    graded as, empty if it is not. `is_hidden`: for staff alone. `is_pending`: holds changes that are not published.
    """

    key: UsageKey
    level: int
    title: str
    parent: UsageKey | None
    groups: frozenset[int] | None = None
    assignment: str = ""
    is_hidden: bool = False
    is_pending: bool = False


@dataclass(frozen=True)
class AssignmentType:
    """A line of the grading policy; `weight` is a share of the course grade, from 0 to 1."""

    name: str
    weight: float
    expected: int
    dropped: int


@dataclass(frozen=True)
class AuthoredCourse:
    """A course with the groups of the partition that cohorts are linked to; `url`: its outline in Studio."""

    title: str
    url: str
    groups: tuple[ContentGroup, ...]
    blocks: tuple[AuthoredBlock, ...]
    grading: tuple[AssignmentType, ...]


class Authoring(Protocol):
    """Asked of every host."""

    def is_course_author(self, user_id: int, course_key: CourseKey) -> bool:
        """Whether the account may edit the course in Studio."""

    def authored_course(self, course_key: CourseKey) -> AuthoredCourse | None:
        """The course as it would be published; None if there is no such course."""

    def restrict(
        self, course_key: CourseKey, access: Mapping[UsageKey, frozenset[int] | None], *, by: int
    ) -> frozenset[UsageKey]:
        """Admit these content groups to these blocks, None for everybody, leaving other partitions' settings alone.

        Live at once, but for units that hold other changes: those stay drafts, and are the answer.
        """

    def add_content_groups(self, course_key: CourseKey, names: Sequence[str], *, by: int) -> None:
        """Add groups to the partition that cohorts are linked to, which is made on first need."""

    def rename_content_group(self, course_key: CourseKey, group_id: int, name: str, *, by: int) -> None:
        """Give the group another name; it keeps its number, hence its content and its learners."""

    def learners_by_group(self, course_key: CourseKey) -> Mapping[int | None, frozenset[int]]:
        """The enrolled learners in each content group; under None those in none of them."""

    def learners_done(self, units: Collection[UsageKey]) -> Mapping[UsageKey, frozenset[int]]:
        """Who has completed all of each unit; units without anything to complete are absent."""

"""The in-memory host's Studio."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.compat import AuthoredCourse, ContentGroup


@dataclass
class AuthoringHost:
    """What the author works on, filled by the test."""

    authors: set[tuple[int, CourseKey]] = field(default_factory=set)
    authored: dict[CourseKey, AuthoredCourse] = field(default_factory=dict)
    members: dict[CourseKey, dict[int | None, frozenset[int]]] = field(default_factory=dict)
    done: dict[UsageKey, frozenset[int]] = field(default_factory=dict)

    def is_course_author(self, user_id: int, course_key: CourseKey) -> bool:
        return (user_id, course_key) in self.authors

    def authored_course(self, course_key: CourseKey) -> AuthoredCourse | None:
        return self.authored.get(course_key)

    def restrict(
        self, course_key: CourseKey, access: Mapping[UsageKey, frozenset[int] | None], *, by: int
    ) -> frozenset[UsageKey]:
        course = self.authored[course_key]
        blocks = tuple(
            replace(block, groups=access[block.key]) if block.key in access else block for block in course.blocks
        )
        self.authored[course_key] = replace(course, blocks=blocks)
        return frozenset(block.key for block in blocks if block.key in access and block.is_pending)

    def add_content_groups(self, course_key: CourseKey, names: Sequence[str], *, by: int) -> None:
        course = self.authored[course_key]
        first = max((group.group_id for group in course.groups), default=0) + 1
        added = tuple(ContentGroup(50, number, name) for number, name in enumerate(names, first))
        self._keep(course_key, (*course.groups, *added))

    def rename_content_group(self, course_key: CourseKey, group_id: int, name: str, *, by: int) -> None:
        groups = self.authored[course_key].groups
        self._keep(
            course_key, tuple(replace(each, name=name) if each.group_id == group_id else each for each in groups)
        )

    def learners_by_group(self, course_key: CourseKey) -> Mapping[int | None, frozenset[int]]:
        return self.members.get(course_key, {})

    def learners_done(self, units: Collection[UsageKey]) -> Mapping[UsageKey, frozenset[int]]:
        return {unit: self.done[unit] for unit in units if unit in self.done}

    def _keep(self, course_key: CourseKey, groups: tuple[ContentGroup, ...]) -> None:
        self.authored[course_key] = replace(self.authored[course_key], groups=groups)
        self.groups = {**self.groups, course_key: groups}

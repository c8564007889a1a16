"""Where a learner stands on their own path."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.compat.accounts import account_rows


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


class Progress(Protocol):
    """Asked of every host."""

    def learner_path(self, user_id: int, course_key: CourseKey) -> Sequence[PathModule]:
        """The subsections of this learner's own path, in course order; what they may not see is absent."""

    def modules_tried(self, user_id: int, course_key: CourseKey) -> Sequence[PathModule]:
        """The subsections in which this learner completed or earned something, whoever may see them, in course order:
        what they did on a path that they no longer follow stays.
        """

    def course_grade(self, user_id: int, course_key: CourseKey) -> float:
        """The learner's course grade in percent, over their own path."""


class OpenEdxProgress:
    """Answered by the LMS and Studio."""

    def learner_path(self, user_id: int, course_key: CourseKey) -> Sequence[PathModule]:
        """The transformed block structure holds only what this learner may see; empty subsections are dropped."""
        from lms.djangoapps.course_blocks.api import get_course_blocks  # noqa: PLC0415
        from xmodule.modulestore.django import modulestore  # noqa: PLC0415

        user = account_rows().get(pk=user_id)
        blocks = get_course_blocks(user, modulestore().make_course_usage_key(course_key), include_completion=True)
        results = Results.of(user_id, course_key)
        return tuple(
            _path_module(blocks, section, key, results, is_complete=bool(blocks.get_xblock_field(key, "complete")))
            for section, key in _subsections(blocks)
            if blocks.get_children(key)
        )

    def modules_tried(self, user_id: int, course_key: CourseKey) -> Sequence[PathModule]:
        """The collected block structure holds every subsection, before anybody's access is looked at."""
        from openedx.core.djangoapps.content.block_structure.api import get_course_in_cache  # noqa: PLC0415

        blocks, results = get_course_in_cache(course_key), Results.of(user_id, course_key)
        modules = (
            _path_module(blocks, section, key, results, is_complete=_is_all_complete(blocks, key, results))
            for section, key in _subsections(blocks)
        )
        return tuple(module for module in modules if results.has_any(blocks, module))

    def course_grade(self, user_id: int, course_key: CourseKey) -> float:
        """The persisted course grade, computed if there is none."""
        from lms.djangoapps.grades.api import CourseGradeFactory  # noqa: PLC0415

        user = account_rows().get(pk=user_id)
        return float(CourseGradeFactory().read(user, course_key=course_key).percent) * 100


@dataclass(frozen=True)
class Results:
    """When a learner completed each block of a course, and the grades stored of its subsections."""

    completed: dict[UsageKey, datetime]
    grades: dict[UsageKey, Any]

    @classmethod
    def of(cls, user_id: int, course_key: CourseKey) -> "Results":
        """Read in two queries."""
        from completion.models import BlockCompletion  # noqa: PLC0415
        from lms.djangoapps.grades.models import PersistentSubsectionGrade  # noqa: PLC0415

        completions = BlockCompletion.objects.filter(user_id=user_id, context_key=course_key, completion=1.0)
        grades = PersistentSubsectionGrade.bulk_read_grades(user_id, course_key)
        return cls(
            dict(completions.values_list("block_key", "modified")), {grade.full_usage_key: grade for grade in grades}
        )

    def has_any(self, blocks: Any, module: PathModule) -> bool:
        """Whether anything of the subsection was completed or earned."""
        return bool(module.earned) or any(leaf in self.completed for leaf in _leaves(blocks, module.usage_key))


def _subsections(blocks: Any) -> Iterator[tuple[UsageKey, UsageKey]]:
    """Each with its section, in course order."""
    for section in blocks.get_children(blocks.root_block_usage_key):
        for key in blocks.get_children(section):
            yield section, key


def _leaves(blocks: Any, key: UsageKey) -> list[UsageKey]:
    return [leaf for leaf in blocks.post_order_traversal(start_node=key) if not blocks.get_children(leaf)]


def _is_all_complete(blocks: Any, key: UsageKey, results: Results) -> bool:
    """Whether everything that can be completed in the subsection is."""
    modes = {leaf: blocks.get_xblock_field(leaf, "completion_mode") for leaf in _leaves(blocks, key)}
    to_complete = [leaf for leaf, mode in modes.items() if mode in (None, "completable")]
    return bool(to_complete) and all(leaf in results.completed for leaf in to_complete)


def _path_module(blocks: Any, section: UsageKey, key: UsageKey, results: Results, *, is_complete: bool) -> PathModule:
    instants = [results.completed[leaf] for leaf in _leaves(blocks, key) if leaf in results.completed]
    grade = results.grades.get(key)
    return PathModule(
        usage_key=key,
        title=blocks.get_xblock_field(key, "display_name") or "",
        section_title=blocks.get_xblock_field(section, "display_name") or "",
        is_complete=is_complete,
        completed_at=max(instants) if is_complete and instants else None,
        earned=grade.earned_graded if grade else 0.0,
        possible=grade.possible_graded if grade else 0.0,
    )

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

    def course_grade(self, user_id: int, course_key: CourseKey) -> float:
        """The learner's course grade in percent, over their own path."""


class OpenEdxProgress:
    """Answered by the LMS and Studio."""

    def learner_path(self, user_id: int, course_key: CourseKey) -> Sequence[PathModule]:
        """The transformed block structure holds only what this learner may see; empty subsections are dropped."""
        from completion.models import BlockCompletion  # noqa: PLC0415
        from lms.djangoapps.course_blocks.api import get_course_blocks  # noqa: PLC0415
        from lms.djangoapps.grades.models import PersistentSubsectionGrade  # noqa: PLC0415
        from xmodule.modulestore.django import modulestore  # noqa: PLC0415

        user = account_rows().get(pk=user_id)
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

        user = account_rows().get(pk=user_id)
        return float(CourseGradeFactory().read(user, course_key=course_key).percent) * 100


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

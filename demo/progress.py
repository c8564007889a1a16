"""Completion, points and the course grade over a learner's own path, with the events that the platform sends."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from completion.models import BlockCompletion
from django.contrib.auth.models import User
from opaque_keys.edx.keys import CourseKey, UsageKey
from openedx_events.learning.data import CourseData, PersistentCourseGradeData
from openedx_events.learning.signals import PERSISTENT_GRADE_SUMMARY_CHANGED
from xblock.core import XBlock

from demo.access import LearnerView, own_path
from demo.blocks import is_completable
from demo.models import Course, Score
from demo.tree import Node


def record_completion(user: User, key: UsageKey, completion: float) -> None:
    """Into the real completion table."""
    BlockCompletion.objects.submit_completion(user=user, block_key=key, completion=completion)


def record_grade(user: User, block: XBlock, value: float, max_value: float) -> None:
    """Keep the points, weighted as the author said; a scored block is a completed block."""
    key = block.scope_ids.usage_id
    earned, possible = weighted(value, max_value, getattr(block, "weight", None))
    Score.objects.update_or_create(user=user, usage_key=key, defaults={"earned": earned, "possible": possible})
    if is_completable(type(block)) and not getattr(block, "has_custom_completion", False):
        record_completion(user, key, 1.0)
    _send_grade(user, key.course_key)


def weighted(value: float, max_value: float, weight: float | None) -> tuple[float, float]:
    """Points and possible points, scaled to the block's weight if it has one."""
    if weight is None or not max_value:
        return value, max_value
    return value * weight / max_value, weight


def completions(user_id: int, course_key: CourseKey) -> dict[UsageKey, datetime]:
    """When each completed block was completed."""
    rows = BlockCompletion.objects.filter(user_id=user_id, context_key=course_key, completion=1.0)
    return dict(rows.values_list("block_key", "modified"))


def scores(user_id: int) -> dict[UsageKey, tuple[float, float]]:
    """Points and possible points of each scored block."""
    return {row.usage_key: (row.earned, row.possible) for row in Score.objects.filter(user_id=user_id)}


def points(view: LearnerView, node: Node, scored: dict[UsageKey, tuple[float, float]]) -> tuple[float, float]:
    """Points and possible points of what the learner may see of a subsection; what was never tried counts as zero."""
    earned = possible = 0.0
    for leaf in node.leaves():
        if leaf.row.max_score is not None and view.may_see(leaf):
            won, out_of = scored.get(leaf.key, (0.0, leaf.row.max_score))
            earned, possible = earned + won, possible + out_of
    return earned, possible


def course_percent(user: User, course_key: CourseKey) -> float:
    """The course grade in percent, by the grading policy, over the learner's own path."""
    view, scored = own_path(user, course_key), scores(user.pk)
    policy = Course.objects.values_list("grading_policy", flat=True).get(course_key=course_key)
    return round(sum(_weighted_share(rule, view, scored) for rule in policy.get("GRADER", ())) * 100, 2)


def _weighted_share(rule: dict[str, Any], view: LearnerView, scored: dict[UsageKey, tuple[float, float]]) -> float:
    graded = [
        points(view, node, scored)
        for _section, subsections in view.sections()
        for node in subsections
        if node.row.settings.get("graded") and node.row.settings.get("format") == rule["type"]
    ]
    return float(rule["weight"]) * mean_share(graded, int(rule["min_count"]), int(rule["drop_count"]))


def mean_share(graded: Iterable[tuple[float, float]], min_count: int, drop_count: int) -> float:
    """The mean of the assignments' shares; missing assignments count as zero, the lowest ones are dropped."""
    shares = sorted((earned / possible if possible else 0.0 for earned, possible in graded), reverse=True)
    shares += [0.0] * (min_count - len(shares))
    kept = shares[: len(shares) - drop_count] if drop_count else shares
    return sum(kept) / len(kept) if kept else 0.0


def _send_grade(user: User, course_key: CourseKey) -> None:
    percent = course_percent(user, course_key) / 100
    now = datetime.now(UTC)
    # .. event_implemented_name: PERSISTENT_GRADE_SUMMARY_CHANGED
    PERSISTENT_GRADE_SUMMARY_CHANGED.send_event(
        grade=PersistentCourseGradeData(
            user_id=user.pk,
            course=CourseData(course_key=course_key),
            course_edited_timestamp=now,
            course_version="",
            grading_policy_hash="",
            percent_grade=percent,
            letter_grade="",
            passed_timestamp=now,
        )
    )

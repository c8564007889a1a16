"""Keeping the table of progress in step with what learners complete."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.sectors.api import has_track
from openedx_utop.steering.data import ProgressFacts
from openedx_utop.steering.models import Progress
from openedx_utop.training.api import Action, Module, action_for, learner_modules


def remember_progress(user_id: int, course_key: CourseKey, *, now: datetime) -> ProgressFacts | None:
    """Look at the learner's own path and keep what is found; None if the course has no training action."""
    action = action_for(course_key)
    return _remember(user_id, action, now) if action else None


def rebuild_progress(course_key: CourseKey, *, now: datetime) -> int:
    """Look at the path of every enrolled learner of the course; how many there were."""
    action = action_for(course_key)
    learners = platform().enrolled_learners(course_key) if action else ()
    for user_id in learners:
        remember_progress(user_id, course_key, now=now)
    return len(learners)


def progress_of(course_key: CourseKey, user_ids: Collection[int]) -> dict[int, ProgressFacts]:
    """What is kept of each of these learners; one query."""
    records = Progress.objects.filter(course_key=course_key, user_id__in=user_ids)
    return {record.user_id: _facts(record) for record in records}


def who_finished(course_key: CourseKey) -> frozenset[int]:
    """The learners whose whole path is completed; one query."""
    finished = Progress.objects.filter(course_key=course_key, is_finished=True)
    return frozenset(finished.values_list("user_id", flat=True))


def forget_learner(user_id: int) -> None:
    """Erase what is kept of a learner."""
    Progress.objects.filter(user_id=user_id).delete()


def measured(path: Collection[Module], *, has_track: bool) -> ProgressFacts:
    """The figures of a path. Without a track it is only its common part, so it is not finished however complete."""
    done = [module for module in path if module.is_complete]
    realised = sum(module.estimated_seconds for module in done)
    estimated = sum(module.estimated_seconds for module in path)
    return ProgressFacts(
        modules_done=len(done),
        modules_total=len(path),
        realised_seconds=realised,
        estimated_seconds=estimated,
        share=realised / estimated if estimated else len(done) / max(1, len(path)),
        is_finished=has_track and len(done) == len(path) > 0,
    )


def _remember(user_id: int, action: Action, now: datetime) -> ProgressFacts:
    facts = measured(learner_modules(user_id, action), has_track=has_track(user_id, action.course_key))
    values = {**vars(facts), "looked_at": now}
    learner = {"user_id": user_id, "course_key": action.course_key}
    if not Progress.objects.filter(**learner).update(**values):
        try:
            with transaction.atomic():
                Progress.objects.create(**learner, **values)
        except IntegrityError:
            Progress.objects.filter(**learner).update(**values)
    return facts


def _facts(record: Progress) -> ProgressFacts:
    return ProgressFacts(
        modules_done=record.modules_done,
        modules_total=record.modules_total,
        realised_seconds=record.realised_seconds,
        estimated_seconds=record.estimated_seconds,
        share=record.share,
        is_finished=record.is_finished,
    )

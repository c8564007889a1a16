"""Where a learner stands in an action, with the time that the action's policy certifies."""

from collections.abc import Iterable, Iterator
from datetime import date

from openedx_utop.attendance.data import CourseTime
from openedx_utop.attendance.realised import Achieved, realised_by_modality, realised_rule
from openedx_utop.official_time import official_day
from openedx_utop.training.api import Action, Evaluation, Module, evaluate, learner_modules


def evaluated(user_id: int, action: Action, time: CourseTime, *, has_track: bool, today: date) -> Evaluation:
    """Every figure of the learner against the action's conditions; `today` says which rule fills the realised hours."""
    path = learner_modules(user_id, action)
    rule = realised_rule(time.policies, today)
    realised = realised_by_modality(achieved(path), time.portions, time.policies, rule)
    return evaluate(
        user_id,
        action,
        path,
        has_track=has_track,
        presence_seconds=time.total_seconds,
        certified_seconds=time.certified_seconds,
        realised_seconds=sum(realised.values()),
    )


def achieved(path: Iterable[Module]) -> Iterator[Achieved]:
    """The completed modules of a path."""
    for module in path:
        if module.is_complete:
            day = official_day(module.completed_at) if module.completed_at else None
            yield Achieved(module.usage_key, module.estimated_seconds, day)

"""The training domain's door."""

from datetime import date

from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.compat import PathModule, platform
from openedx_utop.official_time import official_day
from openedx_utop.training.data import (
    Action,
    Condition,
    Conditions,
    Estimates,
    Evaluation,
    Missing,
    Module,
    PolicyFacts,
    ReachesBack,
    RealisedRule,
    Sessions,
    Standing,
)
from openedx_utop.training.models import ConditionFields, TrainingAction
from openedx_utop.training.policies import (
    add_policy,
    date_facts,
    estimates,
    policies,
    policy_on,
    published_facts,
)
from openedx_utop.training.rules import grade_of, missing_conditions, missing_sessions

__all__ = [
    "Action",
    "Condition",
    "Conditions",
    "Estimates",
    "Evaluation",
    "Missing",
    "Module",
    "PolicyFacts",
    "ReachesBack",
    "RealisedRule",
    "Sessions",
    "Standing",
    "action_for",
    "action_of",
    "actions",
    "add_policy",
    "conditions_of",
    "date_facts",
    "estimated_seconds",
    "estimates",
    "grade_of",
    "learner_modules",
    "missing_conditions",
    "missing_sessions",
    "policies",
    "policy_on",
    "published_facts",
]


def action_for(course_key: CourseKey) -> Action | None:
    """The training action of a course run, if there is one."""
    record = TrainingAction.objects.filter(course_key=course_key).first()
    return action_of(record) if record else None


def action_of(record: TrainingAction) -> Action:
    """The facts of an action already read, without another query."""
    return Action(
        action_id=record.pk,
        course_key=record.course_key,
        provider_id=record.provider_id,
        title=record.title,
        nature=record.nature,
        objectives=record.objectives,
        starts_on=record.starts_on,
        ends_on=record.ends_on,
        conditions=conditions_of(record),
        is_closed=record.enrolment_is_closed,
        sector_locked_from=record.sector_locked_from,
        defaults_edition=record.defaults_edition,
    )


def conditions_of(record: ConditionFields) -> Conditions:
    """The conditions in the columns of an action; a part of one has more."""
    return Conditions(
        requires_completion=record.requires_completion,
        required_grade=float(record.required_grade),
        required_seconds=record.required_minutes * 60,
        required_half_days=record.required_half_days,
        requires_every_session=record.requires_every_session,
        requires_validation=record.requires_validation,
        validator_id=record.validator_id,
    )


def actions() -> tuple[Action, ...]:
    """Every training action, the latest first."""
    return tuple(action_of(record) for record in TrainingAction.objects.order_by("-starts_on", "pk"))


def learner_modules(user_id: int, action: Action, durations: Estimates | None = None) -> tuple[Module, ...]:
    """The modules of the learner's own path, in course order, with their estimated durations, read unless given.

    A module completed keeps the duration that was published that day.
    """
    known = durations or estimates(action)
    path = platform().learner_path(user_id, action.course_key)
    return tuple(_module(module, known.of(module.usage_key, _completed_on(module))) for module in path)


def estimated_seconds(module_key: UsageKey) -> int:
    """The published average duration of a module (D. 6313-3-1, 2°); 0 if its course is no training action."""
    record = TrainingAction.objects.filter(course_key=module_key.course_key).first()
    if record is None:
        return 0
    estimate = record.estimates.filter(usage_key=module_key).first()
    return (estimate.minutes if estimate else record.default_module_minutes) * 60


def _completed_on(module: PathModule) -> date | None:
    return official_day(module.completed_at) if module.completed_at else None


def _module(module: PathModule, seconds: int) -> Module:
    return Module(
        usage_key=module.usage_key,
        title=module.title,
        section_title=module.section_title,
        estimated_seconds=seconds,
        is_complete=module.is_complete,
        completed_at=module.completed_at,
        earned=module.earned,
        possible=module.possible,
    )

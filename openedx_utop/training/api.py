"""The training domain's door."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
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
from openedx_utop.training.models import AttendancePolicy, ConditionFields, TrainingAction
from openedx_utop.training.rules import (
    check_effective_from,
    grade_of,
    missing_conditions,
    missing_sessions,
    policy_in_force,
)

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
    "estimated_seconds",
    "estimates",
    "grade_of",
    "learner_modules",
    "missing_conditions",
    "missing_sessions",
    "policies",
    "policy_on",
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
    """The modules of the learner's own path, in course order, with their estimated durations, read unless given."""
    known = durations or estimates(action)
    path = platform().learner_path(user_id, action.course_key)
    return tuple(_module(module, known.of(module.usage_key)) for module in path)


def estimated_seconds(module_key: UsageKey) -> int:
    """The published average duration of a module (D. 6313-3-1, 2°); 0 if its course is no training action."""
    record = TrainingAction.objects.filter(course_key=module_key.course_key).first()
    if record is None:
        return 0
    estimate = record.estimates.filter(usage_key=module_key).first()
    return (estimate.minutes if estimate else record.default_module_minutes) * 60


def estimates(action: Action) -> Estimates:
    """The published average durations of every module, on anybody's path or not."""
    record = TrainingAction.objects.prefetch_related("estimates").get(pk=action.action_id)
    by_module = {estimate.usage_key: estimate.minutes * 60 for estimate in record.estimates.all()}
    return Estimates(record.default_module_minutes * 60, by_module)


def policies(action: Action) -> tuple[PolicyFacts, ...]:
    """Every version of the action's policy of attendance, from version 0, the defaults, to the newest."""
    defaults = PolicyFacts(contract_first=action.starts_on, contract_last=action.ends_on)
    written = AttendancePolicy.objects.filter(action_id=action.action_id).order_by("version")
    return (defaults, *(_policy(record, action) for record in written))


def policy_on(action: Action, day: date) -> PolicyFacts:
    """The version in force on a day of the official time zone."""
    return policy_in_force(policies(action), day)


def add_policy(
    action_id: int, terms: Mapping[str, Any], *, effective_from: date, by: int, now: datetime
) -> PolicyFacts:
    """Write a new version; `terms` are fields of the model, the rest are its defaults. Raises ReachesBack."""
    with transaction.atomic():
        # Locked, so that two operators at once write two versions.
        action = TrainingAction.objects.select_for_update().get(pk=action_id)
        latest = AttendancePolicy.objects.filter(action=action).order_by("version").last()
        check_effective_from(effective_from, is_first=latest is None, today=official_day(now))
        record = AttendancePolicy.objects.create(
            **terms,
            action=action,
            version=latest.version + 1 if latest else 1,
            effective_from=effective_from,
            created_at=now,
            created_by=by,
        )
    return _policy(record, action_of(action))


def _policy(record: AttendancePolicy, action: Action) -> PolicyFacts:
    return PolicyFacts(
        version=record.version,
        effective_from=record.effective_from,
        activity_factor=record.activity_factor,
        activity_minimum_seconds=record.activity_minimum_minutes * 60,
        day_limit_seconds=record.day_limit_minutes * 60,
        day_flag_seconds=record.day_flag_minutes * 60,
        contract_first=record.contract_first_day or action.starts_on,
        contract_last=record.contract_last_day or action.ends_on,
        realised_rule=RealisedRule(record.realised_rule),
        records_ip=record.records_ip,
    )


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

"""The training domain's door."""

from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.compat import PathModule, platform
from openedx_utop.training.data import Action, Condition, Evaluation, Missing, Module
from openedx_utop.training.models import TrainingAction
from openedx_utop.training.rules import missing_conditions

__all__ = [
    "Action",
    "Condition",
    "Evaluation",
    "Missing",
    "Module",
    "action_for",
    "action_of",
    "actions",
    "estimated_seconds",
    "evaluate",
    "learner_modules",
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
        requires_completion=record.requires_completion,
        required_grade=float(record.required_grade),
        required_seconds=record.required_minutes * 60,
    )


def actions() -> tuple[Action, ...]:
    """Every training action, the latest first."""
    return tuple(action_of(record) for record in TrainingAction.objects.order_by("-starts_on", "pk"))


def learner_modules(user_id: int, action: Action) -> tuple[Module, ...]:
    """The modules of the learner's own path, in course order, with their estimated durations."""
    record = TrainingAction.objects.prefetch_related("estimates").get(pk=action.action_id)
    minutes = {estimate.usage_key: estimate.minutes for estimate in record.estimates.all()}
    return tuple(
        _module(module, minutes.get(module.usage_key, record.default_module_minutes))
        for module in platform().learner_path(user_id, action.course_key)
    )


def estimated_seconds(module_key: UsageKey) -> int:
    """The published average duration of a module (D. 6313-3-1, 2°); 0 if its course is no training action."""
    record = TrainingAction.objects.filter(course_key=module_key.course_key).first()
    if record is None:
        return 0
    estimate = record.estimates.filter(usage_key=module_key).first()
    return (estimate.minutes if estimate else record.default_module_minutes) * 60


def evaluate(user_id: int, action: Action, *, has_track: bool, presence_seconds: int) -> Evaluation:
    """Where the learner stands, with the list of what is missing."""
    path = learner_modules(user_id, action)
    grade = platform().course_grade(user_id, action.course_key)
    missing = missing_conditions(action, path, has_track=has_track, grade=grade, presence_seconds=presence_seconds)
    return Evaluation(action, path, grade, presence_seconds, missing)


def _module(module: PathModule, minutes: int) -> Module:
    return Module(
        usage_key=module.usage_key,
        title=module.title,
        section_title=module.section_title,
        estimated_seconds=minutes * 60,
        is_complete=module.is_complete,
        completed_at=module.completed_at,
        earned=module.earned,
        possible=module.possible,
    )

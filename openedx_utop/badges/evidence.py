"""What an award keeps of its moment, and what of it a badge tells, in the active language."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openedx_utop.attendance.data import CourseTime
from openedx_utop.badges.data import AchievementFacts, Reached
from openedx_utop.badges.validations.data import ValidationFacts
from openedx_utop.sectors.data import SectorFacts
from openedx_utop.sectors.levels.data import Level as LearnerLevel
from openedx_utop.training.data import Action, Module

Json = dict[str, Any]


def frozen(
    reached: Reached, sector: SectorFacts | None, achievement: AchievementFacts, level: LearnerLevel | None = None
) -> Json:
    """The figures of an award as plain JSON: seconds, percent, points, ISO dates.

    `sector` and `level` are the learner's, the level where the course has some; `badge`: of which part,
    trade and level.
    `conditions`: those that held; `half_days` of live sessions and `validation`: where they were asked for.
    """
    evaluation, time = reached.evaluation, reached.time
    conditions, validation = evaluation.conditions, reached.validation
    return {
        "sector": {"slug": sector.slug, "name": sector.name} if sector else None,
        **({"level": level.value} if level else {}),
        "badge": {"scope": achievement.scope.value, "trade": achievement.trade, "level": achievement.level},
        "path": [_frozen_module(module) for module in evaluation.path],
        "grade": evaluation.grade,
        "estimated_seconds": evaluation.estimated_seconds,
        "realised_seconds": evaluation.realised_seconds,
        "presence_seconds": evaluation.presence_seconds,
        "certified_seconds": evaluation.certified_seconds,
        "certified_by_modality": time.by_modality,
        "capped_seconds": time.capped_seconds,
        # They are of a day as often as of a module.
        **({"corrections_seconds": time.corrections_seconds} if isinstance(time, CourseTime) else {}),
        "overlap_seconds": time.overlap_seconds,
        "policy_versions": list(time.policy_versions),
        "conditions": {name: value for name, value in asdict(conditions).items() if name != "validator_id"},
        **({"half_days": reached.sessions.half_days} if conditions.looks_at_sessions else {}),
        **({"validation": _frozen_validation(validation)} if validation else {}),
    }


def _frozen_validation(validation: ValidationFacts) -> Json:
    """The row has the rest: who validated is not the learner's to publish."""
    return {"uuid": str(validation.uuid), "day": validation.day.isoformat()}


def _frozen_module(module: Module) -> Json:
    completed_at = module.completed_at and module.completed_at.isoformat()
    return {**asdict(module), "usage_key": str(module.usage_key), "completed_at": completed_at}


def description(action: Action) -> str:
    """What the badge stands for, in the active language."""
    return action.objectives or _("Has completed the training “{title}”.").format(title=action.title)


def narrative(action: Action, evaluation: Mapping[str, Any], awarded_on: date) -> str:
    """What the learner did, in the active language; the three durations each with its name, never merged."""
    done = sum(module["is_complete"] for module in evaluation["path"])
    sentences = [
        _("Conditions fulfilled on {date}.").format(date=_day(awarded_on)),
        _("Training open from {start} to {end}.").format(start=_day(action.starts_on), end=_day(action.ends_on)),
        _("Sector: {sector}.").format(sector=evaluation["sector"]["name"]) if evaluation["sector"] else "",
        _("Level: {level}.").format(level=level_named(evaluation["level"])) if evaluation.get("level") else "",
        ngettext("{count} module completed.", "{count} modules completed.", done).format(count=done),
        _("Grade: {grade} %.").format(grade=decimal(evaluation["grade"])) if is_graded(evaluation) else "",
        _("Estimated duration: {time}.").format(time=duration(evaluation["estimated_seconds"])),
        _("Realised duration: {time}.").format(time=duration(evaluation["realised_seconds"])),
        _("Connection time: {time}.").format(time=duration(evaluation["presence_seconds"])),
        # Awards made before time was certified have no such figure.
        _("Certified time: {time}.").format(time=duration(evaluation["certified_seconds"]))
        if "certified_seconds" in evaluation
        else "",
        *_evidence_of_people(evaluation),
    ]
    return " ".join(filter(None, sentences))


def _evidence_of_people(evaluation: Mapping[str, Any]) -> Iterator[str]:
    """Where live sessions or a validation were asked for; who validated is not named."""
    if "half_days" in evaluation:
        count = evaluation["half_days"]
        words = ngettext(
            "{count} half-day of live sessions signed.", "{count} half-days of live sessions signed.", count
        )
        yield words.format(count=count)
    if "validation" in evaluation:
        day = date.fromisoformat(evaluation["validation"]["day"])
        yield _("Validated by the training team on {date}.").format(date=_day(day))


def level_named(level: str) -> str:
    """The learner's level, in the active language; as it was frozen if there is no longer such a level."""
    return str(dict(LearnerLevel.choices).get(level, level))


def is_graded(evaluation: Mapping[str, Any]) -> bool:
    """Whether the path had anything to grade."""
    return any(module["possible"] for module in evaluation["path"])


def _day(day: date) -> str:
    """The day in the active language: awards of one action name the same few."""
    return _written(day, get_language())


@lru_cache(maxsize=1024)
def _written(day: date, _language: str | None) -> str:
    return date_format(day)


def decimal(value: float) -> str:
    """At most two decimals, as the active language writes them."""
    return number_format(Decimal(plain(value)))


def plain(value: float) -> str:
    """At most two decimals, as JSON writes them: never an exponent, which implementations write differently."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def duration(seconds: int) -> str:
    """Hours and whole minutes, in the active language."""
    hours, minutes = divmod(seconds // 60, 60)
    return (_("{hours} h {minutes:02d} min") if hours else _("{minutes} min")).format(hours=hours, minutes=minutes)

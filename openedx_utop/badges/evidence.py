"""What an award keeps of its moment, and what of it a badge tells, in the active language."""

from collections.abc import Mapping
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

DURATIONS = ("estimated_seconds", "realised_seconds", "presence_seconds", "certified_seconds")
TOLD_IF_KNOWN = ("sector", "level", "certified_seconds", "validation")


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
    language = get_language()
    sector, level, validation = map(evaluation.get, ("sector", "level", "validation"))
    told = frozenset(name for name in TOLD_IF_KNOWN if evaluation.get(name) not in (None, ""))
    graded = is_graded(evaluation)
    done = sum(module["is_complete"] for module in evaluation["path"])
    wording = _wording(language, told, done, evaluation.get("half_days"), is_graded=graded)
    return wording.format(
        awarded_on=_day(awarded_on, language),
        start=_day(action.starts_on, language),
        end=_day(action.ends_on, language),
        sector=sector["name"] if sector else "",
        level=level_named(level) if level else "",
        grade=_decimal(plain(evaluation["grade"]), language) if graded else "",
        validated_on=_day(date.fromisoformat(validation["day"]), language) if validation else "",
        **{name: _minutes(evaluation.get(name, 0) // 60, language) for name in DURATIONS},
    )


@lru_cache(maxsize=256)
def _wording(_language: str | None, told: frozenset[str], done: int, half_days: int | None, *, is_graded: bool) -> str:
    """The sentences that awards of the same kind share, with the names of what each fills in."""
    sentences = [
        _("Conditions fulfilled on {date}.").format(date="{awarded_on}"),
        _("Training open from {start} to {end}."),
        _("Sector: {sector}.") if "sector" in told else "",
        _("Level: {level}.") if "level" in told else "",
        ngettext("{count} module completed.", "{count} modules completed.", done).format(count=done),
        _("Grade: {grade} %.") if is_graded else "",
        _("Estimated duration: {time}.").format(time="{estimated_seconds}"),
        _("Realised duration: {time}.").format(time="{realised_seconds}"),
        _("Connection time: {time}.").format(time="{presence_seconds}"),
        # Awards made before time was certified have no such figure.
        _("Certified time: {time}.").format(time="{certified_seconds}") if "certified_seconds" in told else "",
        "" if half_days is None else _sessions(half_days),
        # Who validated is not named.
        _("Validated by the training team on {date}.").format(date="{validated_on}") if "validation" in told else "",
    ]
    return " ".join(filter(None, sentences))


def _sessions(half_days: int) -> str:
    words = ngettext(
        "{count} half-day of live sessions signed.", "{count} half-days of live sessions signed.", half_days
    )
    return words.format(count=half_days)


def level_named(level: str) -> str:
    """The learner's level, in the active language; as it was frozen if there is no longer such a level."""
    return str(dict(LearnerLevel.choices).get(level, level))


def is_graded(evaluation: Mapping[str, Any]) -> bool:
    """Whether the path had anything to grade."""
    return any(module["possible"] for module in evaluation["path"])


@lru_cache(maxsize=1024)
def _day(day: date, _language: str | None) -> str:
    """The day in the active language: awards of one action name the same few."""
    return date_format(day)


def decimal(value: float) -> str:
    """At most two decimals, as the active language writes them."""
    return _decimal(plain(value), get_language())


@lru_cache(maxsize=1024)
def _decimal(text: str, _language: str | None) -> str:
    return number_format(Decimal(text))


def plain(value: float) -> str:
    """At most two decimals, as JSON writes them: never an exponent, which implementations write differently."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def duration(seconds: int) -> str:
    """Hours and whole minutes, in the active language."""
    return _minutes(seconds // 60, get_language())


@lru_cache(maxsize=4096)
def _minutes(count: int, _language: str | None) -> str:
    hours, minutes = divmod(count, 60)
    return (_("{hours} h {minutes:02d} min") if hours else _("{minutes} min")).format(hours=hours, minutes=minutes)

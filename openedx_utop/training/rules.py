"""When an action is fulfilled, and which policy holds on a day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Any, Protocol, TypeVar

from openedx_utop.training.data import (
    Condition,
    Conditions,
    Estimates,
    Missing,
    Module,
    PolicyFacts,
    ReachesBack,
    Sessions,
    Standing,
)


class _Numbered(Protocol):
    """A version as it is stored."""

    version: int
    effective_from: date


Version = TypeVar("Version", bound=_Numbered)


def policy_in_force(policies: Sequence[PolicyFacts], day: date) -> PolicyFacts:
    """The latest version, in order of their numbers, that has taken effect on the day."""
    in_force = (policy for policy in policies if policy.effective_from is None or policy.effective_from <= day)
    return max(in_force, key=lambda policy: policy.version)


def estimates_over_time(newest: Estimates, policies: Sequence[PolicyFacts]) -> Estimates:
    """The newest durations, with those before them until the days on which other versions took effect."""
    days = sorted({policy.effective_from for policy in policies if policy.effective_from})
    held = [policy_in_force(policies, day).estimates or newest for day in (date.min, *days[:-1])] if days else []
    changed = zip(days, held, [*held[1:], newest], strict=True) if days else ()
    return replace(newest, earlier=tuple((end, edition) for end, edition, following in changed if edition != following))


def reaches_back(before: Mapping[str, Any], after: Mapping[str, Any], today: date) -> bool:
    """Whether what an action publishes changed, and has days behind it that were counted with what was before."""
    return before != after and min(before["first"], after["first"]) < today.isoformat()


def still_to_come(versions: Sequence[Version], today: date) -> list[Version]:
    """The version in force today, then those that will replace it; in order of their numbers."""
    in_force = max(
        (each for each in versions if not each.version or each.effective_from <= today), key=attrgetter("version")
    )
    return [in_force, *(each for each in versions if each.version > in_force.version)]


def check_effective_from(effective_from: date, *, is_first: bool, today: date) -> None:
    """Raises ReachesBack for a version that would recount past days; the first one may cover the whole action."""
    if effective_from < today and not is_first:
        raise ReachesBack(effective_from)


def missing_conditions(conditions: Conditions, standing: Standing) -> tuple[Missing, ...]:
    """Every condition that does not hold yet.

    Without a track the path is only the common trunk, so nothing of the other modules is fulfilled however complete
    the trunk is.
    """
    return tuple(_missing(conditions, standing))


def _missing(conditions: Conditions, standing: Standing) -> Iterator[Missing]:
    if not standing.has_path:
        yield Missing(Condition.SECTOR, 0, 1)
    yield from _missing_modules(conditions, standing)
    yield from _missing_grade(conditions, standing)
    if standing.certified_seconds < conditions.required_seconds:
        yield Missing(Condition.TIME, standing.certified_seconds, conditions.required_seconds)
    yield from missing_sessions(conditions, standing.sessions)
    if conditions.requires_validation and not standing.is_validated:
        yield Missing(Condition.VALIDATION, 0, 1)


def _missing_modules(conditions: Conditions, standing: Standing) -> Iterator[Missing]:
    """A part none of whose modules is the learner's is never theirs, whatever else it asks for."""
    path = standing.path
    to_do = tuple(module for module in path if not module.is_complete) if conditions.requires_completion else ()
    if to_do or (not path and (conditions.requires_completion or standing.is_part)):
        yield Missing(Condition.MODULES, len(path) - len(to_do), len(path), to_do)


def _missing_grade(conditions: Conditions, standing: Standing) -> Iterator[Missing]:
    """The host knows nothing of the points of a module that was never tried: until then no grade is reached."""
    if not conditions.required_grade:
        return
    is_own = standing.is_part and not conditions.grade_of_action
    unknown = tuple(each for each in standing.path if is_own and not each.possible and not each.is_complete)
    if unknown or standing.grade < conditions.required_grade:
        yield Missing(Condition.GRADE, standing.grade, conditions.required_grade, unknown)


def missing_sessions(conditions: Conditions, sessions: Sessions) -> Iterator[Missing]:
    """What is missing of live sessions; where every one is asked for and none is planned yet, that one."""
    if sessions.half_days < conditions.required_half_days:
        yield Missing(Condition.LIVE, sessions.half_days, conditions.required_half_days)
    if conditions.requires_every_session and (sessions.attended < sessions.planned or not sessions.planned):
        yield Missing(Condition.SESSIONS, sessions.attended, sessions.planned)


def grade_of(path: Sequence[Module]) -> float:
    """The points of these modules in percent; 0 if there is nothing to earn."""
    possible = sum(module.possible for module in path)
    return sum(module.earned for module in path) / possible * 100 if possible else 0.0

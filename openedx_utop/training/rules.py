"""When an action is fulfilled, and which policy holds on a day."""

from collections.abc import Iterator, Sequence
from datetime import date

from openedx_utop.training.data import Action, Condition, Missing, Module, PolicyFacts, ReachesBack


def policy_in_force(policies: Sequence[PolicyFacts], day: date) -> PolicyFacts:
    """The latest version, in order of their numbers, that has taken effect on the day."""
    in_force = (policy for policy in policies if policy.effective_from is None or policy.effective_from <= day)
    return max(in_force, key=lambda policy: policy.version)


def check_effective_from(effective_from: date, *, is_first: bool, today: date) -> None:
    """Raises ReachesBack for a version that would recount past days; the first one may cover the whole action."""
    if effective_from < today and not is_first:
        raise ReachesBack(effective_from)


def missing_conditions(
    action: Action, path: Sequence[Module], *, has_track: bool, grade: float, certified_seconds: int
) -> tuple[Missing, ...]:
    """Every condition that does not hold yet; `grade` in percent.

    Without a track the path is only the common trunk, so the action is not fulfilled however complete the trunk is.
    """
    return tuple(_missing(action, path, has_track, grade, certified_seconds))


def _missing(
    action: Action, path: Sequence[Module], has_track: bool, grade: float, certified_seconds: int
) -> Iterator[Missing]:
    if not has_track:
        yield Missing(Condition.SECTOR, 0, 1)
    to_do = tuple(module for module in path if not module.is_complete)
    if action.requires_completion and (to_do or not path):
        yield Missing(Condition.MODULES, len(path) - len(to_do), len(path), to_do)
    if grade < action.required_grade:
        yield Missing(Condition.GRADE, grade, action.required_grade)
    if certified_seconds < action.required_seconds:
        yield Missing(Condition.TIME, certified_seconds, action.required_seconds)

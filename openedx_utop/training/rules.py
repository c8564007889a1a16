"""When an action is fulfilled."""

from collections.abc import Iterator, Sequence

from openedx_utop.training.data import Action, Condition, Missing, Module


def missing_conditions(
    action: Action, path: Sequence[Module], *, has_track: bool, grade: float, presence_seconds: int
) -> tuple[Missing, ...]:
    """Every condition that does not hold yet; `grade` in percent.

    Without a track the path is only the common trunk, so the action is not fulfilled however complete the trunk is.
    """
    return tuple(_missing(action, path, has_track, grade, presence_seconds))


def _missing(
    action: Action, path: Sequence[Module], has_track: bool, grade: float, presence_seconds: int
) -> Iterator[Missing]:
    if not has_track:
        yield Missing(Condition.SECTOR, 0, 1)
    to_do = tuple(module for module in path if not module.is_complete)
    if action.requires_completion and (to_do or not path):
        yield Missing(Condition.MODULES, len(path) - len(to_do), len(path), to_do)
    if grade < action.required_grade:
        yield Missing(Condition.GRADE, grade, action.required_grade)
    if presence_seconds < action.required_seconds:
        yield Missing(Condition.TIME, presence_seconds, action.required_seconds)

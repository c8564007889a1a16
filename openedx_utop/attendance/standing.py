"""What a learner has completed of their path, on which day."""

from collections.abc import Iterable, Iterator

from openedx_utop.attendance.realised import Achieved
from openedx_utop.official_time import official_day
from openedx_utop.training.api import Module


def achieved(path: Iterable[Module]) -> Iterator[Achieved]:
    """The completed modules of a path."""
    for module in path:
        if module.is_complete:
            day = official_day(module.completed_at) if module.completed_at else None
            yield Achieved(module.usage_key, module.estimated_seconds, day)

"""A figure and its goal."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured, as `domain.name`; the goal is a floor, or a ceiling where less is better."""

    name: str
    value: float
    goal: float
    less_is_better: bool = False

    @property
    def is_reached(self) -> bool:
        """Whether the goal is met."""
        return self.value <= self.goal if self.less_is_better else self.value >= self.goal

    def __str__(self) -> str:
        sign = "≤" if self.less_is_better else "≥"
        return f"{self.name:<44}{self.value:>8.2f}  {sign} {self.goal:<6.2f}{'ok' if self.is_reached else 'short'}"


def per_second(action: Callable[[], object], seconds: float = 2.0) -> float:
    """How often an action can be done in a second of processor time, whoever else is using the machine."""
    action()
    started, count = time.process_time(), 0
    while (elapsed := time.process_time() - started) < seconds:
        action()
        count += 1
    return count / elapsed

"""What is worth a look by a person: pure functions. A flag changes no figure and keeps nobody from anything."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from opaque_keys.edx.keys import UsageKey

from openedx_utop.attendance.record import Portion
from openedx_utop.training.data import Module, PolicyFacts
from openedx_utop.training.rules import policy_in_force

# Of the estimated duration of an activity that was completed.
FAST, SLOW = 0.3, 3


class Remark(StrEnum):
    """Why it is worth a look."""

    LONG_DAY = "long_day"
    FAST = "fast"
    SLOW = "slow"


@dataclass(frozen=True)
class Flag:
    """A day or a module « à vérifier »: the seconds recorded, and the seconds that they were compared with."""

    remark: Remark
    seconds: int
    compared_with: int
    day: date | None = None
    module: UsageKey | None = None


def day_flags(portions: Iterable[Portion], policies: Sequence[PolicyFacts]) -> tuple[Flag, ...]:
    """The days with more time recorded than the day's policy finds usual, certified or not."""
    days: Counter[date] = Counter()
    for portion in portions:
        days[portion.day] += portion.seconds
    usual = {day: policy_in_force(policies, day).day_flag_seconds for day in days} if policies else {}
    return tuple(
        Flag(Remark.LONG_DAY, days[day], limit, day=day) for day, limit in sorted(usual.items()) if days[day] > limit
    )


def module_flags(path: Iterable[Module], portions: Iterable[Portion]) -> tuple[Flag, ...]:
    """The modules completed in under 30 % of their estimated duration, and those that took over three times it."""
    spent: Counter[UsageKey | None] = Counter()
    for portion in portions:
        spent[portion.module] += portion.seconds
    return tuple(flag for module in path for flag in _module_flags(module, spent[module.usage_key]))


def _module_flags(module: Module, seconds: int) -> Iterator[Flag]:
    if module.is_complete and seconds < FAST * module.estimated_seconds:
        yield Flag(Remark.FAST, seconds, module.estimated_seconds, module=module.usage_key)
    if seconds > SLOW * module.estimated_seconds:
        yield Flag(Remark.SLOW, seconds, module.estimated_seconds, module=module.usage_key)

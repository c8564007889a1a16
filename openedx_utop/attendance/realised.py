"""The hours of the action recognised as done: pure functions, never merged with the connection time."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from opaque_keys.edx.keys import UsageKey

from openedx_utop.attendance.record import ONLINE, Portion
from openedx_utop.training.data import PolicyFacts, RealisedRule
from openedx_utop.training.rules import policy_in_force


@dataclass(frozen=True)
class Achieved:
    """A module completed, its estimated duration in seconds, and the day, where it is known."""

    module: UsageKey
    estimated_seconds: int
    completed_on: date | None


def realised_rule(policies: Sequence[PolicyFacts], day: date) -> RealisedRule:
    """What fills the duration box of a document of that day."""
    return policy_in_force(policies, day).realised_rule


def realised_by_modality(
    achieved: Iterable[Achieved], portions: Iterable[Portion], policies: Sequence[PolicyFacts], rule: RealisedRule
) -> Mapping[str, int]:
    """Seconds by modality: certified live hours as signed, and what is learnt online as the rule has it.

    A module with live hours adds only what its estimate has beyond them, one completed outside the contract nothing.
    """
    certified = [portion for portion in portions if portion.rule is None]
    hours: Counter[str] = Counter({ONLINE: 0})
    attended: Counter[UsageKey | None] = Counter()
    for portion in certified:
        hours[portion.modality] += portion.seconds
        attended[portion.module] += portion.seconds if portion.modality != ONLINE else 0
    estimated = sum(
        max(0, each.estimated_seconds - attended[each.module]) for each in achieved if _is_covered(each, policies)
    )
    connected = hours[ONLINE]
    of_rule = {
        RealisedRule.ESTIMATED: estimated,
        RealisedRule.CONNECTION: connected,
        RealisedRule.LOWER: min(estimated, connected),
    }
    return {**hours, ONLINE: of_rule[rule]}


def _is_covered(each: Achieved, policies: Sequence[PolicyFacts]) -> bool:
    day = each.completed_on
    return day is None or policy_in_force(policies, day).covers(day)

"""Who needs attention: expected progress, lateness and silence, without a clock or a database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import IntEnum

from openedx_utop.training.data import Action


class Attention(IntEnum):
    """How much a learner needs somebody, the most last."""

    FINISHED = 0
    ON_TRACK = 1
    BEHIND = 2
    INACTIVE = 3
    INACTIVE_AND_BEHIND = 4

    @property
    def is_inactive(self) -> bool:
        """Not seen for too long."""
        return self in INACTIVE

    @property
    def is_behind(self) -> bool:
        """Less done than was due."""
        return self in BEHIND


# What each adds to being on track.
BEHIND_WEIGHT, INACTIVE_WEIGHT = 1, 2
INACTIVE = frozenset({Attention.INACTIVE, Attention.INACTIVE_AND_BEHIND})
BEHIND = frozenset({Attention.BEHIND, Attention.INACTIVE_AND_BEHIND})


@dataclass(frozen=True)
class Standing:
    """What the rules look at in one learner; `share` of the path's estimated duration is done, from 0 to 1."""

    is_finished: bool
    share: float
    last_presence: datetime | None
    enrolled_at: datetime


@dataclass(frozen=True)
class Yardstick:
    """What the learners of one action are held against at one instant.

    `expected_share` is due if they go steadily, `due_share` was due when the days of grace began. Nobody is inactive
    who was seen, or who came, at `inactive_before` or later; `can_be_inactive` only once the action has run so long.
    Nobody is behind who came at `latecomer_since` or later.
    """

    expected_share: float
    due_share: float
    inactive_before: datetime
    can_be_inactive: bool
    latecomer_since: datetime


def expected_share(starts_on: date, ends_on: date, day: date) -> float:
    """The share of a path that a steady learner has behind them when this day begins."""
    days = (ends_on - starts_on).days + 1
    return min(1.0, max(0.0, (day - starts_on).days / days))


def yardstick(action: Action, *, now: datetime, zone: tzinfo, inactive_days: int, grace_days: int) -> Yardstick:
    """From the action's dates and the thresholds in force, in days."""
    today = now.astimezone(zone).date()
    inactive_before = now - timedelta(days=inactive_days)
    start = datetime.combine(action.starts_on, datetime.min.time(), tzinfo=zone)
    return Yardstick(
        expected_share=expected_share(action.starts_on, action.ends_on, today),
        due_share=expected_share(action.starts_on, action.ends_on, today - timedelta(days=grace_days)),
        inactive_before=inactive_before,
        can_be_inactive=start < inactive_before,
        latecomer_since=now - timedelta(days=grace_days),
    )


def attention(standing: Standing, against: Yardstick) -> Attention:
    """How much this learner needs somebody."""
    if standing.is_finished:
        return Attention.FINISHED
    seen = standing.last_presence or standing.enrolled_at
    is_inactive = against.can_be_inactive and seen < against.inactive_before
    is_behind = standing.enrolled_at < against.latecomer_since and standing.share < against.due_share
    return Attention(Attention.ON_TRACK + BEHIND_WEIGHT * is_behind + INACTIVE_WEIGHT * is_inactive)

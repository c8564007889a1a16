"""The steering domain's door."""

from openedx_utop.steering.data import (
    NO_SECTOR,
    Filter,
    LearnerRow,
    Order,
    ProgressFacts,
    Question,
    Roster,
)
from openedx_utop.steering.progress import forget_learner, rebuild_progress, remember_progress
from openedx_utop.steering.roster import attention_counts, learner_row, roster, whole_roster, yardstick_of
from openedx_utop.steering.rules import Attention, Yardstick

__all__ = [
    "NO_SECTOR",
    "Attention",
    "Filter",
    "LearnerRow",
    "Order",
    "ProgressFacts",
    "Question",
    "Roster",
    "Yardstick",
    "attention_counts",
    "forget_learner",
    "learner_row",
    "rebuild_progress",
    "remember_progress",
    "roster",
    "whole_roster",
    "yardstick_of",
]

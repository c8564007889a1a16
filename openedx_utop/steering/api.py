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
from openedx_utop.steering.track_reading import figures_of_tracks, tracks_for
from openedx_utop.steering.track_rules import TrackFigures

__all__ = [
    "NO_SECTOR",
    "Attention",
    "Filter",
    "LearnerRow",
    "Order",
    "ProgressFacts",
    "Question",
    "Roster",
    "TrackFigures",
    "Yardstick",
    "attention_counts",
    "figures_of_tracks",
    "forget_learner",
    "learner_row",
    "rebuild_progress",
    "remember_progress",
    "roster",
    "tracks_for",
    "whole_roster",
    "yardstick_of",
]

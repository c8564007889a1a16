"""What the steering domain says to others."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from openedx_utop.attendance.assistance.api import ContactFacts
from openedx_utop.sectors.api import Level, SectorFacts
from openedx_utop.steering.rules import Attention, Yardstick


class Filter(StrEnum):
    """Which learners of the action to list."""

    EVERYBODY = "everybody"
    INACTIVE = "inactive"
    BEHIND = "behind"
    ON_TRACK = "on_track"
    FINISHED = "finished"


class Order(StrEnum):
    """How to sort them."""

    ATTENTION = "attention"
    NAME = "name"
    PRESENCE = "presence"
    PROGRESS = "progress"


# In place of a slug: the learners who hold no sector.
NO_SECTOR = "-"


@dataclass(frozen=True)
class Question:
    """What somebody asks of the list. `text` is part of a name or address.

    `sector` is a slug, NO_SECTOR or empty; `level`: by which the course treats them, None for any.
    """

    only: Filter = Filter.EVERYBODY
    order: Order = Order.ATTENTION
    sector: str = ""
    level: Level | None = None
    text: str = ""


@dataclass(frozen=True)
class ProgressFacts:
    """How much of their own path a learner has done; durations are estimated ones, in seconds."""

    modules_done: int
    modules_total: int
    realised_seconds: int
    estimated_seconds: int
    share: float
    is_finished: bool


NOTHING_DONE = ProgressFacts(0, 0, 0, 0, 0.0, is_finished=False)


@dataclass(frozen=True)
class LearnerRow:
    """One learner of the list; `progress` as of the last completion, everything else as of now.

    `level`: by which the course treats them; None where it has no levels. `silent_days`: whole days since the last
    presence, online or at a half-day; None without one. `certified_seconds`: what the action certifies of connection
    time and live hours; `certified_live_seconds`: those of live hours among them.
    """

    user_id: int
    name: str
    email: str
    sector: SectorFacts | None
    level: Level | None
    last_presence: datetime | None
    silent_days: int | None
    connection_seconds: int
    certified_seconds: int
    certified_live_seconds: int
    progress: ProgressFacts
    attention: Attention
    last_contact: ContactFacts | None


@dataclass(frozen=True)
class Roster:
    """One page of the list, and how many learners each filter would list."""

    rows: tuple[LearnerRow, ...]
    counts: dict[Filter, int]
    page: int
    pages: int
    yardstick: Yardstick

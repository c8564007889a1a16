"""What others learn of a change of trade."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from opaque_keys.edx.keys import CourseKey

from openedx_utop.sectors.data import SectorError, SectorFacts
from openedx_utop.sectors.levels.data import Level


class RequestPending(SectorError):
    """A request of this learner waits for an answer."""


class NothingToAsk(SectorError):
    """The learner holds this sector already, holds none yet, or may still change by themselves."""


class ReasonMissing(SectorError):
    """A request, a refusal and an adviser's own change say why."""


class UnknownRequest(SectorError):
    """There is no such request, or not in this course."""


class AlreadyAnswered(SectorError):
    """A request is answered once."""


class NotAnAdviser(SectorError):
    """Only the course's staff decides, and never for themselves."""


@dataclass(frozen=True)
class Lock:
    """From which day on a change takes an adviser, None for never, and whether that day has come."""

    locked_from: date | None
    is_locked: bool


@dataclass(frozen=True)
class ChoiceFacts:
    """One decision about a learner's sector. `author_name` is empty for the learner and for accounts that are gone."""

    sector: SectorFacts
    former: SectorFacts | None
    method: str
    method_name: str
    chosen_by: int
    author_name: str
    chosen_at: datetime
    reason: str


@dataclass(frozen=True)
class AnswerFacts:
    """How a request ended, in whose words."""

    outcome: str
    reason: str
    answered_by: int
    author_name: str
    answered_at: datetime


@dataclass(frozen=True)
class RequestFacts:
    """A learner asks for another sector, or for another level; `answer` is None as long as it waits."""

    uuid: UUID
    user_id: int
    course_key: CourseKey
    sector: SectorFacts
    reason: str
    asked_at: datetime
    answer: AnswerFacts | None
    level: Level | None = None

    @property
    def wanted(self) -> str:
        """What is asked for, in words."""
        return f"{self.sector.name}, {self.level.label}" if self.level else self.sector.name

"""A decision about a learner's trade and level, and what it finds."""

from dataclasses import dataclass
from datetime import datetime

from opaque_keys.edx.keys import CourseKey

from openedx_utop.events.data import SectorData
from openedx_utop.sectors.levels.choices import LevelDecision
from openedx_utop.sectors.levels.data import Level
from openedx_utop.sectors.levels.rules import effective
from openedx_utop.sectors.models import ChoiceMethod, SectorChoice
from openedx_utop.sectors.track_table import TrackTable


@dataclass(frozen=True)
class Decision:
    """Who gives which learner which sector, how, when and why.

    `may_change`: a sector that is held may be replaced; a first choice always may be made. `level`: None leaves the
    learner's as it is.
    """

    user_id: int
    course_key: CourseKey
    slug: str
    method: ChoiceMethod
    chosen_by: int
    at: datetime
    reason: str = ""
    may_change: bool = True
    level: Level | None = None

    def row(self, sector_id: int) -> SectorChoice:
        """As it is recorded, but for its rank."""
        return SectorChoice(
            user_id=self.user_id,
            course_key=self.course_key,
            sector_id=sector_id,
            method=self.method,
            chosen_by=self.chosen_by,
            chosen_at=self.at,
            reason=self.reason,
        )

    def level_decision(self, level: Level) -> LevelDecision:
        """What of it is about the level, that no company leads to."""
        method = ChoiceMethod.LEARNER if self.method is ChoiceMethod.COMPANY else self.method
        return LevelDecision(
            self.user_id, self.course_key, level, method, self.chosen_by, at=self.at, reason=self.reason
        )

    def announcement(self, former: str, levels: tuple[Level | None, Level | None]) -> SectorData:
        """As others hear of it; `levels`: by which the learner counted, and counts."""
        return SectorData(
            user_id=self.user_id,
            course_key=self.course_key,
            sector=self.slug,
            former_sector=former,
            method=str(self.method),
            chosen_by=self.chosen_by,
            chosen_at=self.at,
            former_level=levels[0] or "",
            level=levels[1] or "",
        )


@dataclass(frozen=True)
class Before:
    """What a decision finds: the course's tracks, and the choices of sector and level that hold so far, if any."""

    table: TrackTable
    held: SectorChoice | None
    level: Level | None

    @property
    def counts_as(self) -> Level | None:
        """The level by which the course treats the learner."""
        return effective(self.level, self.table.levels.offer)

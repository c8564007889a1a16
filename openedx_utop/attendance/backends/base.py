"""What a recorder is: the storage between the rules and the presences."""

from collections.abc import Sequence
from typing import Protocol

from openedx_utop.attendance.data import Report
from openedx_utop.attendance.rules import Decision


class Recorder(Protocol):
    """Decides on a beat by the rules and writes what follows, in one atomic step per learner."""

    def record(self, report: Report) -> Decision:
        """Account for one beat; raises TooManyBeats or RecorderBusy."""

    def record_together(self, reports: Sequence[Report]) -> list[Decision | Exception | None]:
        """What came of each beat, or what `record` would raise; None where it has to be asked, for that may last."""

    def forget(self, user_id: int) -> None:
        """Forget the learner's running state; presences stay."""

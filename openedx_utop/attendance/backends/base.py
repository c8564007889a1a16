"""What a recorder is: the storage between the rules and the presences."""

from typing import Protocol

from openedx_utop.attendance.data import Lease
from openedx_utop.attendance.rules import Beat, Decision, Parameters


class Recorder(Protocol):
    """Decides on a beat by the rules and writes what follows, in one atomic step per learner."""

    def record(self, lease: Lease, client: str, beat: Beat, parameters: Parameters, *, now: int) -> Decision:
        """Account for one beat at `now` (milliseconds since 1970); raises TooManyBeats or RecorderBusy."""

    def forget(self, user_id: int) -> None:
        """Forget the learner's running state; presences stay."""

"""What an import of participants says."""

from dataclasses import dataclass, replace
from enum import StrEnum

from openedx_utop.attendance.live.data import Spans


class Verdict(StrEnum):
    """What becomes of a line of a list of participants. An account that is not enrolled is like none at all."""

    BY_EMAIL = "by_email"
    BY_NAME = "by_name"
    NOT_ENROLLED = "not_enrolled"
    AMBIGUOUS = "ambiguous"
    MALFORMED = "malformed"
    OUTSIDE = "outside"
    ALREADY_SIGNED = "already_signed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class ImportLine:
    """A line of the list, as written, with its verdict; `problem` says what a malformed one lacks."""

    line: int
    name: str
    email: str
    verdict: Verdict
    user_id: int | None
    span: tuple[int, int] | None
    problem: str = ""

    def with_verdict(self, verdict: Verdict) -> "ImportLine":
        """The same line, judged so."""
        return replace(self, verdict=verdict)


@dataclass(frozen=True)
class ImportReport:
    """Every line of a list, and what each learner recognised attended of the half-day."""

    lines: tuple[ImportLine, ...]
    spans: dict[int, Spans]

    def seconds(self, user_id: int) -> int:
        """What the learner attended, in whole seconds."""
        return sum(end - start for start, end in self.spans.get(user_id, ())) // 1000

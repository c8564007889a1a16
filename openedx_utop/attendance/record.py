"""What the certification of time is given, and what it answers: facts without rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from opaque_keys.edx.keys import UsageKey

ONLINE = "remote_asynchronous"


class Rule(StrEnum):
    """What keeps recorded time from being certified; the first that applies is the one named."""

    CONTRACT = "contract"
    SIGNATURE = "signature"
    ACTIVITY = "activity"
    DAY = "day"


@dataclass(frozen=True)
class OnlineTime:
    """A presence: `[start, end)` in milliseconds since 1970, on one module."""

    module: UsageKey
    start: int
    end: int


@dataclass(frozen=True)
class AttendedTime:
    """A signed live interval: `[start, end)` in milliseconds since 1970; one of another course counts there only.

    `half_day` names what was signed, so that of two for the same time the same one counts from either course;
    `trainer_signed`: by the trainer too.
    """

    start: int
    end: int
    modality: str
    module: UsageKey | None = None
    is_elsewhere: bool = False
    half_day: str = ""
    trainer_signed: bool = True


@dataclass(frozen=True)
class CorrectedTime:
    """A validated correction of a day, in seconds more or less."""

    day: date
    module: UsageKey | None
    seconds: int


@dataclass(frozen=True)
class Recorded:
    """All that was recorded of one learner in one course, in any order."""

    online: Sequence[OnlineTime] = ()
    live: Sequence[AttendedTime] = ()
    corrections: Sequence[CorrectedTime] = ()


@dataclass(frozen=True)
class Portion:
    """Seconds of one day, module and modality with one fate: certified, or kept from it by a rule."""

    day: date
    module: UsageKey | None
    modality: str
    seconds: int
    policy_version: int
    rule: Rule | None = None


@dataclass(frozen=True)
class Overlap:
    """Time recorded twice and counted once, as a live hour; `modality` and `module` are those of the other record."""

    start: datetime
    end: datetime
    module: UsageKey | None
    modality: str
    seconds: int


@dataclass(frozen=True)
class Count:
    """The outcome, in seconds. Online, less its overlaps, plus live, plus corrections, is what the portions add up to.

    `recounted` has the same seconds under the newest policy, on every day. `without_effect`: seconds of corrections
    that would have taken more than there was.
    """

    online: dict[UsageKey, int]
    live_seconds: int
    corrections_seconds: int
    without_effect: int
    overlaps: tuple[Overlap, ...]
    portions: tuple[Portion, ...]
    recounted: tuple[Portion, ...]
    newest_version: int

"""What the attendance domain says to others, and what it refuses."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from opaque_keys.edx.keys import UsageKey

from openedx_utop.attendance.flags import Flag
from openedx_utop.attendance.record import ONLINE, Overlap, Portion
from openedx_utop.attendance.rules import Beat, Parameters
from openedx_utop.attendance.summary import Part
from openedx_utop.training.data import PolicyFacts


class Lease(NamedTuple):
    """Who may report presence, and where, by keys as text; `issued_at` in milliseconds since 1970.

    `idle`: the silence admitted there, in milliseconds; None for the platform's own.
    """

    user_id: int
    course: str
    module: str
    unit: str
    issued_at: int
    idle: int | None = None


class Report(NamedTuple):
    """What a recorder is told: a beat, the lease and the tab that it came with, the rule, when it came (in ms)."""

    lease: Lease
    client: str
    beat: Beat
    parameters: Parameters
    now: int


@dataclass(frozen=True)
class UnitLease:
    """The signed lease of a rendered unit, and the silence that it admits there, in seconds."""

    lease: str
    idle_seconds: int


class BeatAnswer(NamedTuple):
    """What a beat led to: `credited`, `recorded` or `duplicate`; seconds credited, seconds to the next, a new lease."""

    status: str
    credited: float
    next: int
    lease: str


@dataclass(frozen=True)
class CertifiedTime:
    """Connection time, and what of the time recorded is certified; in seconds."""

    total_seconds: int
    overlaps: tuple[Overlap, ...]
    portions: tuple[Portion, ...]

    @property
    def certified_seconds(self) -> int:
        """What is recorded and certified."""
        return sum(portion.seconds for portion in self._certified())

    @property
    def certified_by_module(self) -> dict[UsageKey | None, int]:
        """Certified seconds by module; None: no module in particular."""
        return _totals((portion.module, portion.seconds) for portion in self._certified())

    @property
    def by_modality(self) -> dict[str, int]:
        """Certified seconds by modality: `remote_asynchronous` and those of live hours."""
        return _totals((portion.modality, portion.seconds) for portion in self._certified())

    @property
    def certified_live_seconds(self) -> int:
        """Certified live hours."""
        return self.certified_seconds - self.by_modality.get(ONLINE, 0)

    @property
    def capped(self) -> tuple[Portion, ...]:
        """What is recorded and not certified, each with the one rule that kept it from it."""
        return tuple(portion for portion in self.portions if portion.rule)

    @property
    def capped_seconds(self) -> int:
        """What is recorded and not certified."""
        return sum(portion.seconds for portion in self.capped)

    @property
    def overlap_seconds(self) -> int:
        """What of the connection time is counted as a live hour instead."""
        return sum(overlap.seconds for overlap in self.overlaps if overlap.modality == ONLINE)

    @property
    def policy_versions(self) -> tuple[int, ...]:
        """The versions of the policy that the days were counted with."""
        return tuple(sorted({portion.policy_version for portion in self.portions}))

    def _certified(self) -> Iterator[Portion]:
        return (portion for portion in self.portions if portion.rule is None)


@dataclass(frozen=True)
class CourseTime(CertifiedTime):
    """What is recorded of one learner in one course, and what of it is certified, in seconds.

    `total_seconds` is the connection time; `by_module` and `by_week` each add up to it. Weeks start on Mondays of the
    official time zone; those with presence only. A connection lasts until thirty minutes pass without presence.
    `offline_seconds`, of the total, were reported after an outage.

    The connection time less `overlap_seconds`, plus live hours, plus corrections, is what the `portions` add up to:
    certified or not. `corrections_without_effect` would have taken more than there was. What the newest policy would
    certify, had it held on every day, is `recounted_certified_seconds`; it replaces nothing. `policies` are all the
    versions, none if the course is no training action.
    """

    by_module: dict[UsageKey, int]
    by_week: tuple[tuple[date, int], ...]
    connections: int
    first: datetime | None
    last: datetime | None
    offline_seconds: int
    live_seconds: int
    corrections_seconds: int
    corrections_without_effect: int
    recounted_certified_seconds: int
    recounted_version: int
    policies: tuple[PolicyFacts, ...]
    flags: tuple[Flag, ...]

    def within(self, modules: Collection[UsageKey]) -> CertifiedTime:
        """What of it was spent on these modules."""
        return CertifiedTime(
            total_seconds=sum(self.by_module.get(module, 0) for module in modules),
            overlaps=tuple(overlap for overlap in self.overlaps if overlap.module in modules),
            portions=tuple(portion for portion in self.portions if portion.module in modules),
        )


def _totals(parts: Iterable[tuple[Part, int]]) -> dict[Part, int]:
    totals: Counter[Part] = Counter()
    for part, seconds in parts:
        totals[part] += seconds
    return dict(totals)


class MalformedBeat(ValueError):
    """The beat is not what beat.js sends; the message says where."""


class NothingThere(ValueError):
    """Not the address of beats."""


class NotPosted(ValueError):
    """Nothing but POST is answered."""


class NoLength(ValueError):
    """The body comes in pieces, and nobody knows how many."""


class BodyTooLarge(ValueError):
    """The beat is larger than any honest one."""


class BadLease(ValueError):
    """The lease was not signed here, or belongs to somebody else."""


class ExpiredLease(BadLease):
    """The lease was signed here, too long ago."""


class NotEnrolled(ValueError):
    """The learner is no longer enrolled in the course."""


class TooManyBeats(RuntimeError):
    """The tab, or the learner's tabs together, report too often."""

    def __init__(self, retry_after: int) -> None:
        """`retry_after`: whole seconds."""
        super().__init__(f"too many beats, retry after {retry_after} s")
        self.retry_after = retry_after


class RecorderBusy(RuntimeError):
    """Other beats of the same learner kept coming first: nothing was written, the next beat makes up for it."""

    retry_after = 1

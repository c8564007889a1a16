"""Whose cohorts a course has: those of the tracks, the platform's own, and those that serve another purpose. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from openedx_utop.compat import Cohort


class ConflictKind(StrEnum):
    """What disturbs tracks in a course."""

    COHORTS = "cohorts"
    DISCUSSIONS = "discussions"
    TEAMS = "teams"


@dataclass(frozen=True)
class TrackConflict:
    """What a course has that tracks would disturb, or that disturbs tracks, in a sentence for its author.

    `blocks`: tracks are not opened in the course as long as this is so.
    """

    kind: ConflictKind
    message: str
    blocks: bool


def foreign_cohorts(cohorts: Sequence[Cohort], ours: Collection[tuple[int, int]]) -> tuple[Cohort, ...]:
    """Those that the tracks must not touch; `ours` are the partitions and groups of the tracks.

    One automatic cohort without a group of its own is nobody's: the platform makes it for learners without a cohort.
    """
    lonely = [cohort for cohort in cohorts if cohort.is_automatic and cohort.group is None]
    nobodys = lonely if sum(cohort.is_automatic for cohort in cohorts) == 1 else []
    return tuple(cohort for cohort in cohorts if cohort.group not in ours and cohort not in nobodys)


def conflicts_between(
    cohorts: Sequence[Cohort],
    *,
    ours: Collection[tuple[int, int]],
    divides_discussions: bool,
    hides_grouped_content: bool,
) -> tuple[TrackConflict, ...]:
    """What stands between a course and its tracks, what forbids them first."""
    populated = [cohort.name for cohort in foreign_cohorts(cohorts, ours) if cohort.is_populated]
    return tuple(_conflicts(populated, divides_discussions, hides_grouped_content))


def _conflicts(populated: Sequence[str], divides_discussions: bool, hides_content: bool) -> Iterator[TrackConflict]:
    if populated:
        message = _(
            "This course already uses cohorts for another purpose: %(names)s. A learner has one cohort in a course, so "
            "tracks would take learners out of these. Offer the tracks in another run of the course, or empty these "
            "cohorts."
        )
        yield TrackConflict(ConflictKind.COHORTS, message % {"names": ", ".join(populated)}, blocks=True)
    if divides_discussions:
        message = _(
            "The discussions of this course are divided by cohort: with tracks, learners of one trade would no longer "
            "see what the others write. Choose “not divided” in the instructor dashboard, then try again."
        )
        yield TrackConflict(ConflictKind.DISCUSSIONS, message, blocks=True)
    if hides_content:
        message = _(
            "The switch “teams.content_groups_for_teams” is on: the platform then hides every module of a trade from "
            "everybody. Switch it off for this course."
        )
        yield TrackConflict(ConflictKind.TEAMS, message, blocks=False)

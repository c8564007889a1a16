"""The door of the plan of a course's tracks: read it, review a draft of it, write it, go back."""

from dataclasses import replace

from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.sectors.authoring.axes import axes_at, axes_of
from openedx_utop.sectors.authoring.data import (
    Cells,
    Change,
    ChangedMeanwhile,
    Finding,
    NobodyAdmitted,
    Origin,
    Plan,
    Review,
    Row,
    Totals,
    Version,
)
from openedx_utop.sectors.authoring.findings import findings
from openedx_utop.sectors.authoring.groups import rename_track, trackless_sectors
from openedx_utop.sectors.authoring.levels import LevelReview, open_tracks, review_levels, set_levels
from openedx_utop.sectors.authoring.reading import finished_units, read_plan
from openedx_utop.sectors.authoring.rules import (
    admits,
    applied,
    changes,
    copied,
    merged,
    restored,
    totals,
    touches,
    visible,
)
from openedx_utop.sectors.authoring.versions import version, versions
from openedx_utop.sectors.authoring.writing import refuse_nobody, write
from openedx_utop.sectors.tracks import track_conflicts

__all__ = [
    "Cells",
    "Change",
    "ChangedMeanwhile",
    "Finding",
    "LevelReview",
    "NobodyAdmitted",
    "Origin",
    "Plan",
    "Review",
    "Row",
    "Totals",
    "Version",
    "admits",
    "applied",
    "axes_at",
    "axes_of",
    "changes",
    "concerns",
    "copied",
    "merged",
    "open_tracks",
    "read_plan",
    "rename_track",
    "restored",
    "review",
    "review_levels",
    "set_levels",
    "totals",
    "track_conflicts",
    "trackless_sectors",
    "version",
    "versions",
    "visible",
    "write",
]


def concerns(course_key: CourseKey, plan: Plan) -> tuple[Finding, ...]:
    """What an author should look at."""
    return findings(plan, platform().learners_by_group(course_key))


def review(course_key: CourseKey, plan: Plan, cells: Cells) -> Review:
    """What these cells would change, before they are written. Raises NobodyAdmitted."""
    wanted = changes(plan.cells, cells)
    refuse_nobody(wanted)
    learners = platform().learners_by_group(course_key)
    names = frozenset(change.name for change in wanted)
    done = finished_units(course_key, plan, names) if any(learners.values()) else {}
    then = replace(plan, cells=cells)
    return Review(
        plan=then,
        changes=wanted,
        touches=touches(plan, cells, learners, done),
        learners=sum(len(members) for members in learners.values()),
        findings=findings(then, learners),
        drafts=tuple(row for row in plan.rows if row.name in names and row.is_pending),
    )

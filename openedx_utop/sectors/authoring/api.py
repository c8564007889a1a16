"""The door of the plan of a course's tracks: read it, review a draft of it, write it, go back."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
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
from openedx_utop.sectors.authoring.groups import make_tracks, rename_track, trackless_sectors
from openedx_utop.sectors.authoring.reading import finished_units, key_of, name_of, read_plan
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
from openedx_utop.sectors.authoring.versions import add_version, changed, latest, version, versions
from openedx_utop.sectors.tracks import track_conflicts

__all__ = [
    "Cells",
    "Change",
    "ChangedMeanwhile",
    "Finding",
    "NobodyAdmitted",
    "Origin",
    "Plan",
    "Review",
    "Row",
    "Totals",
    "Version",
    "admits",
    "applied",
    "changes",
    "concerns",
    "copied",
    "make_tracks",
    "merged",
    "read_plan",
    "rename_track",
    "restored",
    "review",
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
    _refuse_nobody(wanted)
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


def write(
    course_key: CourseKey, *, base: Cells, cells: Cells, origin: Origin, by: int, now: datetime
) -> tuple[Row, ...]:
    """Write these cells as the blocks' own settings; the answer are the units that stay drafts.

    `base`: the cells that the author had before them. Raises ChangedMeanwhile if they are others now, NobodyAdmitted,
    UnknownPlan. What was set elsewhere since the last version becomes a version of its own, to be had again.
    """
    wanted = changes(base, cells)
    _refuse_nobody(wanted)
    with transaction.atomic():
        # In this order: whoever read the same last version takes the same next number, and is refused.
        last = latest(course_key)
        plan = read_plan(course_key)
        if changes(base, plan.cells):
            raise ChangedMeanwhile(changed())
        number = last.number if last else 0
        if last is None or changes(last.cells, plan.cells):
            number += 1
            add_version(course_key, number, plan, plan.cells, origin=Origin.FOUND, by=None, now=now)
        add_version(course_key, number + 1, plan, cells, origin=origin, by=by, now=now)
        kept = platform().restrict(
            course_key, {key_of(change.name, course_key): change.after for change in wanted}, by=by
        )
    drafts = {name_of(key) for key in kept}
    return tuple(row for row in plan.rows if row.name in drafts)


def _refuse_nobody(wanted: tuple[Change, ...]) -> None:
    if any(change.after is not None and not change.after for change in wanted):
        raise NobodyAdmitted(_("Somebody must see each block: tick everybody, or at least one trade."))

"""The cells of a plan written as the blocks' own settings, and kept as versions."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.sectors.authoring.data import Cells, Change, ChangedMeanwhile, NobodyAdmitted, Origin, Row
from openedx_utop.sectors.authoring.reading import key_of, name_of, read_plan
from openedx_utop.sectors.authoring.rules import changes
from openedx_utop.sectors.authoring.versions import add_version, changed, latest


def write(
    course_key: CourseKey, *, base: Cells, cells: Cells, origin: Origin, by: int, now: datetime
) -> tuple[Row, ...]:
    """Write these cells as the blocks' own settings; the answer are the units that stay drafts.

    `base`: the cells that the author had before them. Raises ChangedMeanwhile if they are others now, NobodyAdmitted,
    UnknownPlan. What was set elsewhere since the last version becomes a version of its own, to be had again.
    """
    wanted = changes(base, cells)
    refuse_nobody(wanted)
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


def refuse_nobody(wanted: tuple[Change, ...]) -> None:
    """Raise NobodyAdmitted if a block would be closed to everybody."""
    if any(change.after is not None and not change.after for change in wanted):
        raise NobodyAdmitted(_("Somebody must see each block: tick everybody, or at least one trade."))

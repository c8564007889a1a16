"""The versions of a plan, added one after the other."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.sectors.authoring.axes import axes_of
from openedx_utop.sectors.authoring.data import Cells, ChangedMeanwhile, Origin, Plan, UnknownPlan, Version
from openedx_utop.sectors.authoring.models import TrackPlanVersion


def latest(course_key: CourseKey) -> Version | None:
    """The last version, if any was written."""
    row = TrackPlanVersion.objects.filter(course_key=course_key).order_by("number").last()
    return _version(row) if row else None


def versions(course_key: CourseKey) -> tuple[Version, ...]:
    """Every version, the last first."""
    return tuple(_version(row) for row in TrackPlanVersion.objects.filter(course_key=course_key).order_by("-number"))


def version(course_key: CourseKey, number: int) -> Version:
    """One version. Raises UnknownPlan."""
    row = TrackPlanVersion.objects.filter(course_key=course_key, number=number).first()
    if row is None:
        raise UnknownPlan(_("There is no such version."))
    return _version(row)


def add_version(
    course_key: CourseKey, number: int, plan: Plan, cells: Cells, *, origin: Origin, by: int | None, now: datetime
) -> None:
    """Write the version of this number. Raises ChangedMeanwhile if there is one: somebody else was faster."""
    try:
        with transaction.atomic():
            TrackPlanVersion.objects.create(
                course_key=course_key,
                number=number,
                origin=origin,
                author_id=by,
                created_at=now,
                cells={name: sorted(groups) for name, groups in cells.items()},
                titles=_titles(plan, cells.keys()),
                groups={str(column.group_id): column.name for column in plan.columns},
                ways={str(group_id): way for group_id, way in axes_of(plan).ways.items()},
            )
    except IntegrityError as race:
        raise ChangedMeanwhile(changed()) from race


def changed() -> str:
    """That somebody else was faster."""
    return _("This course was changed since you opened the page. Nothing of yours is lost: look at it again below.")


def _titles(plan: Plan, names: Iterable[str]) -> dict[str, str]:
    titles = {row.name: row.title for row in plan.rows}
    return {name: titles[name] for name in sorted(names) if name in titles}


def _version(row: TrackPlanVersion) -> Version:
    return Version(
        number=row.number,
        origin=Origin(row.origin),
        author_id=row.author_id,
        created_at=row.created_at,
        cells={name: frozenset(groups) for name, groups in row.cells.items()},
        titles=row.titles,
        groups={int(group_id): name for group_id, name in row.groups.items()},
        ways=None if row.ways is None else {int(group): (trade, level) for group, (trade, level) in row.ways.items()},
    )

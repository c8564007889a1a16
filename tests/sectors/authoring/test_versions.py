"""Two authors who write at once: one is written, the other is told."""

from datetime import UTC, datetime

import pytest
from opaque_keys.edx.keys import CourseKey

from openedx_utop.append_only import WrittenOnce
from openedx_utop.sectors.authoring.api import read_plan, write
from openedx_utop.sectors.authoring.data import ChangedMeanwhile, Origin
from openedx_utop.sectors.authoring.models import TrackPlanVersion
from openedx_utop.sectors.authoring.versions import add_version, latest
from tests.sectors.authoring.conftest import AUTHOR, COLLEAGUE, HOTEL

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


def test_whoever_takes_a_number_that_is_taken_is_told(course: CourseKey) -> None:
    plan = read_plan(course)
    add_version(course, 1, plan, plan.cells, origin=Origin.TICKED, by=AUTHOR, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        add_version(course, 1, plan, {}, origin=Origin.TICKED, by=COLLEAGUE, now=NOW)
    held = latest(course)
    assert held is not None
    assert (held.author_id, held.cells) == (AUTHOR, plan.cells)


def test_a_refused_write_leaves_no_version(course: CourseKey) -> None:
    with pytest.raises(ChangedMeanwhile):
        write(course, base={}, cells={}, origin=Origin.TICKED, by=AUTHOR, now=NOW)
    assert not TrackPlanVersion.objects.exists()


def test_versions_are_written_once(course: CourseKey) -> None:
    plan = read_plan(course)
    after = {**plan.cells, "sequential@tronc": frozenset({HOTEL})}
    write(course, base=plan.cells, cells=after, origin=Origin.TICKED, by=AUTHOR, now=NOW)
    with pytest.raises(WrittenOnce):
        TrackPlanVersion.objects.all().delete()
    with pytest.raises(WrittenOnce):
        TrackPlanVersion.objects.first().save()  # type: ignore[union-attr]

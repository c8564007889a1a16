"""The course with three trades, that has levels; its learner."""

import pytest
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import ContentGroup
from openedx_utop.sectors.levels.data import Level
from openedx_utop.sectors.levels.models import CourseLevel, LevelGroup
from openedx_utop.sectors.models import Track
from tests.host import InMemoryPlatform
from tests.sectors.conftest import COURSE, course

assert course  # a fixture


@pytest.fixture
def levels(course: CourseKey, host: InMemoryPlatform) -> CourseKey:
    """All three levels; each trade's own group is that of the beginners."""
    offer(*Level)
    groups = list(host.groups[COURSE])
    for number, track in enumerate(Track.objects.all()):
        for place, level in enumerate(list(Level)[1:]):
            name = f"{track.group_name} · {level.value}"
            LevelGroup.objects.create(track=track, level=level, group_name=name)
            groups.append(ContentGroup(50, 10 + 2 * number + place, name))
    host.groups[COURSE] = tuple(groups)
    return course


def offer(*levels: Level) -> None:
    """The course offers these, the first by default."""
    CourseLevel.objects.filter(course_key=COURSE).delete()
    for level in levels:
        CourseLevel.objects.create(course_key=COURSE, level=level, is_default=level == levels[0])

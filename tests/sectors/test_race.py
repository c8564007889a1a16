"""Clicks at the same instant."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from opaque_keys.edx.keys import CourseKey

from openedx_utop.sectors.api import choose_sector
from openedx_utop.sectors.models import SectorChoice
from tests.host import InMemoryPlatform
from tests.sectors.conftest import GROUPS, NOW

pytestmark = pytest.mark.django_db(transaction=connection.vendor != "sqlite")

CLICKS = 6
LEARNERS = range(1, 4)


@pytest.fixture
def clicks(course: CourseKey, host: InMemoryPlatform, at_once: Callable[..., list[Any]]) -> Callable[..., None]:
    """Each learner in turn clicks on these sectors, one after the other, all in one instant."""

    def click_all(*slugs: str) -> None:
        for learner in LEARNERS:
            host.enrolments.add((learner, course))
            at_once(lambda number, learner=learner: click(learner, slugs[number % len(slugs)]), CLICKS)

    def click(learner: int, slug: str) -> None:
        choose_sector(learner, course, slug, chosen_by=learner, now=NOW)

    return click_all


def choices(learner: int) -> list[tuple[int, str]]:
    return list(SectorChoice.objects.filter(user_id=learner).order_by("rank").values_list("rank", "sector__slug"))


def test_the_same_sector_clicked_at_once_is_one_choice(
    clicks: Callable[..., None], course: CourseKey, host: InMemoryPlatform
) -> None:
    clicks("sante")
    for learner in LEARNERS:
        assert choices(learner) == [(1, "sante")]
        assert host.placements[(learner, course)].name == GROUPS["sante"]


def test_two_sectors_clicked_at_once_leave_ranks_in_order_and_the_last_on_the_platform(
    clicks: Callable[..., None], course: CourseKey, host: InMemoryPlatform
) -> None:
    clicks("sante", "hotel")
    for learner in LEARNERS:
        ranks, slugs = zip(*choices(learner), strict=True)
        assert ranks == tuple(range(1, len(ranks) + 1))
        assert len(ranks) >= 2
        assert all(one != next_one for one, next_one in pairwise(slugs))
        assert host.placements[(learner, course)].name == GROUPS[slugs[-1]]

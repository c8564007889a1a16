"""Trade and level chosen at the same instant."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from opaque_keys.edx.keys import CourseKey

from openedx_utop.sectors.api import choose_sector, level_history
from openedx_utop.sectors.models import SectorChoice
from tests.host import InMemoryPlatform
from tests.sectors.conftest import GROUPS, LEARNER, NOW
from tests.sectors.levels.conftest import levels

assert levels
pytestmark = pytest.mark.django_db(transaction=connection.vendor != "sqlite")
WAYS = (("sante", "advanced"), ("hotel", "intermediate"), ("sante", None), ("hotel", "advanced"))


def test_the_last_trade_and_the_last_level_are_what_the_platform_shows(
    levels: CourseKey, host: InMemoryPlatform, at_once: Callable[..., list[Any]]
) -> None:
    def click(number: int) -> None:
        slug, level = WAYS[number % len(WAYS)]
        choose_sector(LEARNER, levels, slug, chosen_by=LEARNER, now=NOW, level=level)

    at_once(click, len(WAYS))
    last = SectorChoice.objects.order_by("-rank").values_list("sector__slug", flat=True)[0]
    history = level_history(LEARNER, levels)
    assert all(each.level != each.former for each in history)
    assert host.placements[LEARNER, levels].name == f"{GROUPS[last]} · {history[0].level.value}"

"""A learner's level: told, changed, kept, moved by the staff, and erased."""

from typing import Any

import pytest
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import Cohort
from openedx_utop.events.data import SectorData
from openedx_utop.events.signals import SECTOR_CHANGED, SECTOR_CHOSEN
from openedx_utop.sectors.api import (
    ChoiceMethod,
    UnknownLevel,
    choose_level,
    choose_sector,
    forget_learner,
    held_level,
    keep_in_step,
    learner_level,
    learner_sector,
    level_history,
    reconcile_tracks,
    sector_looked_as,
)
from openedx_utop.sectors.levels.data import Level
from openedx_utop.sectors.levels.models import LevelChoice
from openedx_utop.sectors.moves import record_move
from tests.host import InMemoryPlatform
from tests.sectors.conftest import COURSE, LEARNER, NOW
from tests.sectors.levels.conftest import offer

BEGINNER, INTERMEDIATE, ADVANCED = Level
ADVISER = 90


def choose(slug: str = "hotel", level: str | None = None, *, by: int = LEARNER) -> None:
    choose_sector(LEARNER, COURSE, slug, chosen_by=by, now=NOW, level=level)


def imported(level: Level) -> None:
    choose_level(LEARNER, COURSE, level, chosen_by=ADVISER, now=NOW, method=ChoiceMethod.IMPORT)


def group(host: InMemoryPlatform) -> str:
    return host.placements[LEARNER, COURSE].name


def stand_in(host: InMemoryPlatform, name: str) -> None:
    """The platform moves the learner around the product."""
    host.placements[LEARNER, COURSE] = next(each for each in host.groups[COURSE] if each.name == name)


def moved_to(host: InMemoryPlatform, name: str) -> bool:
    stand_in(host, name)
    return record_move(LEARNER, COURSE, name, moved_by=ADVISER, now=NOW)


def test_who_tells_no_level_is_of_the_default_one(levels: CourseKey, host: InMemoryPlatform) -> None:
    choose()
    assert (group(host), learner_level(LEARNER, COURSE), held_level(LEARNER, COURSE)) == ("Hôtellerie", BEGINNER, None)


def test_a_level_chosen_with_the_trade_leads_to_both(levels: CourseKey, host: InMemoryPlatform) -> None:
    choose(level="advanced")
    assert (group(host), learner_level(LEARNER, COURSE)) == ("Hôtellerie · advanced", ADVANCED)


def test_a_change_of_trade_keeps_the_level_and_a_change_of_level_the_trade(
    levels: CourseKey, host: InMemoryPlatform
) -> None:
    choose(level="advanced")
    choose("sante")
    assert group(host) == "Santé · advanced"
    choose("sante", "intermediate")
    assert group(host) == "Santé · intermediate"
    assert learner_sector(LEARNER, COURSE).slug == "sante"  # type: ignore[union-attr]


def test_a_branch_follows_the_level_groups_of_the_trade_above(levels: CourseKey, host: InMemoryPlatform) -> None:
    choose("traiteur", "advanced")
    assert group(host) == "Hôtellerie · advanced"


def test_every_decision_is_kept_with_who_and_why(levels: CourseKey) -> None:
    choose(level="advanced")
    choose(level="advanced")
    choose_sector(LEARNER, COURSE, "hotel", chosen_by=ADVISER, now=NOW, level="beginner", reason="Positionnement")
    last, first = level_history(LEARNER, COURSE)
    assert (first.level, first.former, first.method, first.chosen_by) == (ADVANCED, None, "learner", LEARNER)
    assert (last.level, last.former, last.method, last.chosen_by, last.reason) == (
        BEGINNER, ADVANCED, "staff", ADVISER, "Positionnement"
    )  # fmt: skip


@pytest.mark.parametrize("level", ["expert", "advanced"], ids=["unknown", "not offered"])
def test_a_level_that_the_course_does_not_offer_is_refused(
    levels: CourseKey, host: InMemoryPlatform, level: str
) -> None:
    offer(BEGINNER, INTERMEDIATE)
    with pytest.raises(UnknownLevel):
        choose(level=level)
    assert learner_sector(LEARNER, COURSE) is None


def test_a_level_from_a_list_waits_for_the_trade_and_for_the_course(levels: CourseKey, host: InMemoryPlatform) -> None:
    offer()
    imported(ADVANCED)
    choose()
    assert group(host) == "Hôtellerie"
    offer(*Level)
    keep_in_step(LEARNER, COURSE)
    assert group(host) == "Hôtellerie · advanced"
    assert level_history(LEARNER, COURSE)[0].method == "import"


def test_a_level_from_a_list_moves_who_has_a_trade(levels: CourseKey, host: InMemoryPlatform) -> None:
    choose()
    imported(INTERMEDIATE)
    assert group(host) == "Hôtellerie · intermediate"


def test_a_level_that_is_gone_stands_for_the_one_below(levels: CourseKey, host: InMemoryPlatform) -> None:
    choose(level="advanced")
    offer(BEGINNER, INTERMEDIATE)
    assert learner_level(LEARNER, COURSE) is INTERMEDIATE
    assert reconcile_tracks(COURSE, now=NOW) == 1
    assert group(host) == "Hôtellerie · intermediate"
    offer()
    assert reconcile_tracks(COURSE, now=NOW) == 1
    assert group(host) == "Hôtellerie"
    offer(*Level)
    assert reconcile_tracks(COURSE, now=NOW) == 1
    assert group(host) == "Hôtellerie · advanced"
    assert reconcile_tracks(COURSE, now=NOW) == 0


def test_an_adviser_s_move_in_the_cohorts_page_is_recorded_with_its_level(
    levels: CourseKey, host: InMemoryPlatform
) -> None:
    assert moved_to(host, "Santé · advanced")
    assert learner_sector(LEARNER, COURSE).slug == "sante"  # type: ignore[union-attr]
    assert held_level(LEARNER, COURSE) is ADVANCED
    assert not moved_to(host, "Santé · advanced")
    assert moved_to(host, "Santé")
    assert (group(host), held_level(LEARNER, COURSE)) == ("Santé", BEGINNER)


def test_a_move_to_a_trade_s_own_group_leaves_the_level_that_was_told(
    levels: CourseKey, host: InMemoryPlatform
) -> None:
    imported(ADVANCED)
    assert moved_to(host, "Hôtellerie")
    assert (group(host), held_level(LEARNER, COURSE)) == ("Hôtellerie · advanced", ADVANCED)


def test_a_move_within_the_trade_keeps_its_branch(levels: CourseKey, host: InMemoryPlatform) -> None:
    choose("traiteur")
    assert moved_to(host, "Hôtellerie · advanced")
    assert learner_sector(LEARNER, COURSE).slug == "traiteur"  # type: ignore[union-attr]
    assert learner_level(LEARNER, COURSE) is ADVANCED


def test_a_lost_place_is_given_back_at_its_level(levels: CourseKey, host: InMemoryPlatform) -> None:
    choose(level="advanced")
    del host.placements[LEARNER, COURSE]
    keep_in_step(LEARNER, COURSE)
    assert group(host) == "Hôtellerie · advanced"


def test_cohorts_of_levels_are_nobody_else_s(levels: CourseKey, host: InMemoryPlatform) -> None:
    link = next((each.partition_id, each.group_id) for each in host.groups[COURSE] if each.name == "Santé · advanced")
    host.other_cohorts[COURSE] = (Cohort("Santé · advanced", link, is_automatic=False, is_populated=True),)
    choose(level="advanced")
    assert group(host) == "Hôtellerie · advanced"


def test_a_level_s_group_that_the_author_took_away_is_the_trade_s(levels: CourseKey, host: InMemoryPlatform) -> None:
    host.groups[COURSE] = tuple(each for each in host.groups[COURSE] if each.name != "Hôtellerie · advanced")
    choose(level="advanced")
    assert group(host) == "Hôtellerie"
    assert reconcile_tracks(COURSE, now=NOW) == 0


def test_whoever_looks_as_a_group_of_a_level_looks_as_the_trade(levels: CourseKey, host: InMemoryPlatform) -> None:
    host.looked_as = next(
        (each.partition_id, each.group_id) for each in host.groups[COURSE] if each.name == "Santé · advanced"
    )
    assert sector_looked_as(ADVISER, COURSE).slug == "sante"  # type: ignore[union-attr]


def test_others_hear_of_a_change_of_level(levels: CourseKey, django_capture_on_commit_callbacks: Any) -> None:
    heard: list[tuple[str, str, str, str]] = []

    def listen(choice: SectorData, **_kwargs: Any) -> None:
        heard.append((choice.former_sector, choice.sector, choice.former_level, choice.level))

    for signal in (SECTOR_CHOSEN, SECTOR_CHANGED):
        signal.connect(listen)
    try:
        for level in (None, "advanced", "advanced"):
            with django_capture_on_commit_callbacks(execute=True):
                choose(level=level)
    finally:
        for signal in (SECTOR_CHOSEN, SECTOR_CHANGED):
            signal.disconnect(listen)
    assert heard == [("", "hotel", "beginner", "beginner"), ("hotel", "hotel", "beginner", "advanced")]


def test_levels_are_forgotten_with_the_learner(levels: CourseKey) -> None:
    choose(level="advanced")
    forget_learner(LEARNER)
    assert not LevelChoice.objects.exists()

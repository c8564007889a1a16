"""Levels of a course over HTTP: turned on, ticked, removed; every restricted block in step; versions and back."""

from typing import Any

import pytest
from django.test import Client

from openedx_utop.sectors.api import copy_tracks
from openedx_utop.sectors.authoring.models import TrackPlanVersion
from openedx_utop.sectors.levels.data import Level, Offer
from openedx_utop.sectors.levels.models import LevelGroup
from openedx_utop.sectors.levels.reading import level_groups, offer_of
from openedx_utop.sectors.models import Track
from openedx_utop.sectors.tracks import undecided_name
from tests.host import InMemoryPlatform
from tests.sectors.authoring.conftest import BANK, COURSE, HOTEL, PAGE
from tests.sectors.authoring.test_pages import form_of, groups_of, reviewed, ticked, words, write

BEGINNER, INTERMEDIATE, ADVANCED = Level
ALL = tuple(Level)
FIRST, SECOND, THIRD = -1, -2, -3


def turn(client: Client, *levels: Level) -> Any:
    """The levels of the course, from the form through the review to the message."""
    return client.post(f"{PAGE}levels/", {**levels_form(client, *levels), "confirmed": "1"}, follow=True)


def levels_form(client: Client, *levels: Level) -> dict[str, Any]:
    return {"level": [level.value for level in levels], "base": form_of(client.get(PAGE))["base"]}


def number(host: InMemoryPlatform, name: str) -> int:
    return next(group.group_id for group in host.authored[COURSE].groups if group.name == name)


@pytest.fixture
def levelled(author: Client) -> Client:
    """The author of the course, that has all three levels."""
    turn(author, *ALL)
    return author


def test_a_course_without_levels_has_no_groups_of_them(author: Client, host: InMemoryPlatform) -> None:
    author.post(f"{PAGE}tracks/", {"sector": ["sante"]})
    assert (len(host.authored[COURSE].groups), offer_of(COURSE)) == (4, Offer())
    assert 'value="sequential@tronc|-1"' not in author.get(PAGE).content.decode()


def test_levels_are_looked_at_before_they_are_written(author: Client, host: InMemoryPlatform) -> None:
    review = author.post(f"{PAGE}levels/", levels_form(author, *ALL))
    assert review.status_code == 200
    assert {change.name for change in review.context["review"].changes} == {"sequential@hotel", "sequential@guichet"}
    assert review.context["lines"] == []
    assert (len(host.authored[COURSE].groups), offer_of(COURSE).is_on) == (2, False)


def test_each_trade_gets_a_group_for_each_level_and_keeps_its_own_for_the_lowest(
    levelled: Client, host: InMemoryPlatform
) -> None:
    assert len(host.authored[COURSE].groups) == 2 + 4
    assert offer_of(COURSE) == Offer(ALL, BEGINNER)
    names = level_groups(COURSE).names
    hotel = {HOTEL, number(host, names["Hôtellerie", INTERMEDIATE]), number(host, names["Hôtellerie", ADVANCED])}
    assert groups_of(host, "hotel") == hotel
    assert groups_of(host, "tronc") is None
    assert TrackPlanVersion.objects.latest("number").origin == "levels"


def test_a_unit_with_other_changes_is_left_a_draft_and_said(author: Client, host: InMemoryPlatform) -> None:
    host.restrict(COURSE, {COURSE.make_usage_key("vertical", "guichet_u"): frozenset({BANK})}, by=1)
    said = turn(author, *ALL)
    assert [str(message) for message in said.context["messages"] if "Guichet_U" in str(message)]


def test_learners_who_count_otherwise_are_told_of(levelled: Client, host: InMemoryPlatform) -> None:
    write(levelled, ticked(form_of(levelled.get(PAGE)), "sequential@hotel", HOTEL, SECOND))
    host.members[COURSE] = {number(host, level_groups(COURSE).names["Hôtellerie", ADVANCED]): frozenset({1, 2})}
    review = levelled.post(f"{PAGE}levels/", levels_form(levelled, BEGINNER, INTERMEDIATE))
    (line,) = review.context["lines"]
    assert (line.title, line.before, line.after) == ("Hotel", line.after, "Hôtellerie (intermédiaire)")


def test_turning_levels_on_again_changes_nothing(levelled: Client, host: InMemoryPlatform) -> None:
    turn(levelled, *ALL)
    assert (len(host.authored[COURSE].groups), TrackPlanVersion.objects.count()) == (6, 2)


def test_a_level_alone_is_refused(author: Client) -> None:
    turn(author, ADVANCED)
    assert not offer_of(COURSE).is_on


def test_a_colleague_who_was_faster_is_not_overwritten(author: Client, host: InMemoryPlatform) -> None:
    form = levels_form(author, *ALL)
    write(author, ticked(form_of(author.get(PAGE)), "sequential@tronc", HOTEL))
    author.post(f"{PAGE}levels/", {**form, "confirmed": "1"})
    assert not offer_of(COURSE).is_on


def test_boxes_say_trades_and_levels(levelled: Client, host: InMemoryPlatform) -> None:
    form = form_of(levelled.get(PAGE))
    assert {f"sequential@tronc|{each}" for each in (0, FIRST, SECOND, THIRD)} <= set(form["cell"])
    write(levelled, ticked(form, "sequential@hotel", HOTEL, THIRD))
    names = level_groups(COURSE).names
    assert groups_of(host, "hotel") == {number(host, names["Hôtellerie", ADVANCED])}
    again = {value for value in form_of(levelled.get(PAGE))["cell"] if value.startswith("sequential@hotel|")}
    assert again == {f"sequential@hotel|{HOTEL}", f"sequential@hotel|{THIRD}"}


def test_a_level_whatever_the_trade_is_for_every_trade_to_come(levelled: Client, host: InMemoryPlatform) -> None:
    write(levelled, ticked(form_of(levelled.get(PAGE)), "sequential@tronc", 0, THIRD))
    levelled.post(f"{PAGE}tracks/", {"sector": ["sante"]})
    names = level_groups(COURSE).names
    wanted = {number(host, names[track, ADVANCED]) for track in ("Hôtellerie", "Banque", "Santé")}
    assert groups_of(host, "tronc") == wanted


@pytest.mark.parametrize("ticks", [(HOTEL,), (THIRD,), (0, HOTEL, THIRD)], ids=["no level", "no trade", "too much"])
def test_a_row_needs_a_trade_and_a_level(levelled: Client, ticks: tuple[int, ...]) -> None:
    response = reviewed(levelled, ticked(form_of(levelled.get(PAGE)), "sequential@hotel", *ticks))
    assert response.status_code == 400
    assert "utop-matrix__row--marked" in response.content.decode()


def test_what_ticks_cannot_say_stays_until_it_is_ticked_otherwise(levelled: Client, host: InMemoryPlatform) -> None:
    crossed = frozenset({HOTEL, number(host, level_groups(COURSE).names["Banque", ADVANCED])})
    host.restrict(COURSE, {COURSE.make_usage_key("sequential", "tronc"): crossed}, by=1)
    page = levelled.get(PAGE)
    assert "utop-matrix__mixed" in page.content.decode()
    write(levelled, ticked(form_of(page), "sequential@hotel", 0, FIRST, SECOND, THIRD))
    assert groups_of(host, "tronc") == crossed
    write(levelled, ticked(form_of(levelled.get(PAGE)), "sequential@tronc", BANK, THIRD))
    assert groups_of(host, "tronc") == crossed - {HOTEL}


def test_totals_are_those_of_each_trade_at_each_level(levelled: Client) -> None:
    write(levelled, ticked(form_of(levelled.get(PAGE)), "sequential@hotel", HOTEL, THIRD))
    table = levelled.get(PAGE).context["table"]
    modules = {(heading.trade, heading.level): total.modules for heading, total in table.totals}
    assert modules == {
        (0, 0): 1, (HOTEL, -1): 1, (HOTEL, -2): 1, (HOTEL, -3): 2, (BANK, -1): 2, (BANK, -2): 2, (BANK, -3): 2
    }  # fmt: skip


def test_the_preview_is_of_a_trade_at_a_level(levelled: Client) -> None:
    write(levelled, ticked(form_of(levelled.get(PAGE)), "sequential@hotel", HOTEL, THIRD))
    seen = {
        level: "Hotel" in words(levelled.get(f"{PAGE}preview/", {"group": HOTEL, "level": level.value}))
        for level in Level
    }
    assert seen == {BEGINNER: False, INTERMEDIATE: False, ADVANCED: True}


def test_one_trade_is_copied_for_another_level_by_level(levelled: Client, host: InMemoryPlatform) -> None:
    write(levelled, ticked(form_of(levelled.get(PAGE)), "sequential@hotel", HOTEL, THIRD))
    form = {**form_of(levelled.get(PAGE)), "action": "copy", "source": HOTEL, "target": BANK}
    levelled.post(f"{PAGE}write/", form_of(levelled.post(PAGE, form)))
    names = level_groups(COURSE).names
    assert groups_of(host, "hotel") == {number(host, names[track, ADVANCED]) for track in ("Hôtellerie", "Banque")}


def test_a_level_that_blocks_are_for_alone_is_not_removed(levelled: Client) -> None:
    write(levelled, ticked(form_of(levelled.get(PAGE)), "sequential@hotel", HOTEL, THIRD))
    said = turn(levelled, BEGINNER, INTERMEDIATE)
    assert any("Hotel" in str(message) for message in said.context["messages"])
    assert offer_of(COURSE).levels == ALL


def test_without_levels_a_block_of_one_is_for_the_trade(levelled: Client, host: InMemoryPlatform) -> None:
    write(levelled, ticked(form_of(levelled.get(PAGE)), "sequential@hotel", HOTEL, THIRD))
    review = levelled.post(f"{PAGE}levels/", levels_form(levelled))
    (line,) = review.context["lines"]
    assert line.title == "Hotel"
    assert len(review.context["review"].touches["sequential@hotel"].learners) == 3
    turn(levelled)
    assert offer_of(COURSE) == Offer()
    page = levelled.get(PAGE)
    assert "sequential@hotel|-1" not in page.content.decode()
    assert f"sequential@hotel|{HOTEL}" in form_of(page)["cell"]
    assert HOTEL in (groups_of(host, "hotel") or ())


def test_learners_of_a_removed_level_lose_nothing_while_they_wait(levelled: Client, host: InMemoryPlatform) -> None:
    advanced = number(host, level_groups(COURSE).names["Hôtellerie", ADVANCED])
    turn(levelled, BEGINNER, INTERMEDIATE)
    write(levelled, ticked(form_of(levelled.get(PAGE)), "sequential@hotel", HOTEL, SECOND))
    assert advanced in (groups_of(host, "hotel") or ())


def test_a_version_from_before_the_levels_is_the_whole_trade_s(author: Client, host: InMemoryPlatform) -> None:
    write(author, ticked(form_of(author.get(PAGE)), "sequential@tronc", BANK))
    turn(author, *ALL)
    write(author, ticked(form_of(author.get(PAGE)), "sequential@tronc", 0, FIRST, SECOND, THIRD))
    author.post(f"{PAGE}write/", form_of(author.post(f"{PAGE}restore/", {"number": 2})))
    names = level_groups(COURSE).names
    bank = {BANK, number(host, names["Banque", INTERMEDIATE]), number(host, names["Banque", ADVANCED])}
    assert groups_of(host, "tronc") == bank


def test_a_difference_between_versions_does_not_list_what_only_came_in_step(author: Client) -> None:
    write(author, ticked(form_of(author.get(PAGE)), "sequential@tronc", BANK))
    turn(author, *ALL)
    assert author.get(f"{PAGE}versions/", {"from": 2, "to": 3}).context["lines"] == []


def test_a_group_of_a_level_keeps_it_under_another_name(levelled: Client, host: InMemoryPlatform) -> None:
    group = number(host, level_groups(COURSE).names["Banque", ADVANCED])
    levelled.post(f"{PAGE}names/", {"group": group, "name": "Banque, les confirmés"})
    assert level_groups(COURSE).names["Banque", ADVANCED] == "Banque, les confirmés"
    levelled.post(f"{PAGE}names/", {"group": BANK, "name": "Banques"})
    assert level_groups(COURSE).names["Banques", ADVANCED] == "Banque, les confirmés"


def test_a_rerun_has_the_levels_of_the_run_before(levelled: Client, host: InMemoryPlatform) -> None:
    again = COURSE.replace(run="2028")
    host.earlier[again] = COURSE
    host.groups = {**host.groups, again: host.groups[COURSE]}
    for _sent in range(2):
        copy_tracks(again)
    assert level_groups(again) == level_groups(COURSE)
    assert (Track.objects.filter(course_key=again).count(), LevelGroup.objects.count()) == (2, 8)


def test_an_imported_course_finds_the_groups_of_its_levels_by_name(levelled: Client, host: InMemoryPlatform) -> None:
    groups = groups_of(host, "hotel")
    Track.objects.all().delete()
    turn(levelled)
    levelled.post(f"{PAGE}tracks/", {"sector": ["hotel", "banque"]})
    turn(levelled, *ALL)
    assert len(host.authored[COURSE].groups) == 7
    assert undecided_name() in {group.name for group in host.authored[COURSE].groups}
    assert groups_of(host, "hotel") == groups


def test_a_trade_with_learners_at_one_level_has_learners(levelled: Client, host: InMemoryPlatform) -> None:
    advanced = number(host, level_groups(COURSE).names["Hôtellerie", ADVANCED])
    host.members[COURSE] = {advanced: frozenset({1}), BANK: frozenset({4})}
    page = levelled.get(PAGE)
    assert not [each for each in page.context["findings"] if "no learner" in each.words]

"""The level over HTTP: beside the trade, changed by oneself, asked for after the lock date, set by an adviser."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from opaque_keys.edx.keys import CourseKey

from openedx_utop.personal_data import held_about
from openedx_utop.sectors.api import choose_level, choose_sector, held_level, learner_level, learner_sector
from openedx_utop.sectors.changes import api as changes
from openedx_utop.sectors.levels.data import Level
from openedx_utop.sectors.models import ChoiceMethod
from tests.host import InMemoryPlatform
from tests.sectors.changes.conftest import ADVISER, lock_from, locked
from tests.sectors.conftest import COURSE, LEARNER, NOW
from tests.sectors.levels.conftest import levels, offer
from tests.sectors.levels.test_choices import group

assert locked
assert levels
BEGINNER, INTERMEDIATE, ADVANCED = Level
PAGE = f"/utop/sectors/{COURSE}/"


def signed_in(user_id: int) -> Client:
    client = Client()
    client.force_login(User.objects.get_or_create(pk=user_id, username=f"user{user_id}")[0])
    return client


def page_of(client: Client) -> str:
    return client.get(PAGE).content.decode()


def choose(client: Client, **fields: str) -> Any:
    return client.post(f"{PAGE}choice/", fields, headers={"Accept": "application/json"})


def test_a_course_without_levels_asks_for_none(course: CourseKey) -> None:
    client = signed_in(LEARNER)
    assert 'name="level"' not in page_of(client)
    choose_sector(LEARNER, COURSE, "hotel", chosen_by=LEARNER, now=NOW)
    assert 'name="level"' not in page_of(client)
    assert choose(client, sector="hotel").json()["level"] is None


def test_the_level_is_beside_the_trade_and_the_default_is_ticked(levels: CourseKey) -> None:
    assert 'name="level" value="beginner" checked' in page_of(signed_in(LEARNER))
    choose_level(LEARNER, COURSE, "advanced", chosen_by=ADVISER, now=NOW, method=ChoiceMethod.IMPORT)
    assert 'name="level" value="advanced" checked' in page_of(signed_in(LEARNER))


def test_trade_and_level_are_chosen_in_one_step_and_the_level_changed_alone(
    levels: CourseKey, host: InMemoryPlatform
) -> None:
    client = signed_in(LEARNER)
    assert choose(client, sector="hotel", level="intermediate").json()["level"] == "intermediate"
    assert group(host) == "Hôtellerie · intermediate"
    choose(client, sector="hotel", level="advanced")
    assert group(host) == "Hôtellerie · advanced"
    assert 'data-held="hotel" data-level="advanced"' in page_of(client)


def test_a_level_that_is_not_offered_is_a_problem_of_the_request(levels: CourseKey) -> None:
    offer(BEGINNER, INTERMEDIATE)
    refused = choose(signed_in(LEARNER), sector="hotel", level="advanced")
    assert (refused.status_code, learner_sector(LEARNER, COURSE)) == (400, None)


def test_after_the_lock_date_a_level_is_asked_for_and_given(
    levels: CourseKey, locked: CourseKey, host: InMemoryPlatform
) -> None:
    lock_from(date(2020, 1, 1))
    client = signed_in(LEARNER)
    assert choose(client, sector="sante", level="advanced").status_code == 409
    wanted = {"sector": "sante", "level": "advanced"}
    empty = client.post(f"{PAGE}requests/", wanted)
    assert (empty.status_code, 'id="utop-level-reason-error"' in empty.content.decode()) == (400, True)
    client.post(f"{PAGE}requests/", {**wanted, "reason": "Je pratique déjà."})
    (waiting,) = changes.open_requests(COURSE)
    assert waiting.level is ADVANCED
    changes.accept(waiting.uuid, COURSE, reason="", by=ADVISER, now=NOW)
    assert (group(host), held_level(LEARNER, COURSE)) == ("Santé · advanced", ADVANCED)


@pytest.mark.parametrize(("level", "refusal"), [("beginner", changes.NothingToAsk), ("", changes.NothingToAsk)])
def test_what_one_has_is_not_asked_for(
    levels: CourseKey, locked: CourseKey, level: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        changes.ask(LEARNER, COURSE, "sante", reason="Parce que", now=NOW, level=level)


def test_another_request_while_one_waits_is_refused(levels: CourseKey, locked: CourseKey) -> None:
    asked = changes.ask(LEARNER, COURSE, "sante", reason="Parce que", now=NOW, level="advanced")
    assert changes.ask(LEARNER, COURSE, "sante", reason="Encore", now=NOW, level="advanced").uuid == asked.uuid
    with pytest.raises(changes.RequestPending):
        changes.ask(LEARNER, COURSE, "sante", reason="Encore", now=NOW, level="intermediate")


def test_a_first_trade_after_the_lock_date_comes_with_any_level(
    levels: CourseKey, locked: CourseKey, host: InMemoryPlatform
) -> None:
    newcomer = LEARNER + 1
    host.enrolments.add((newcomer, COURSE))
    assert choose(signed_in(newcomer), sector="sante", level="advanced").json()["level"] == "advanced"


def test_the_file_of_my_data_tells_my_levels(levels: CourseKey) -> None:
    choose_sector(LEARNER, COURSE, "hotel", chosen_by=LEARNER, now=NOW, level="advanced")
    rows = [row for name, kind in held_about(LEARNER).items() if isinstance(kind, list) for row in kind]
    assert "advanced" in [value for row in rows for value in row.values()]
    assert learner_level(LEARNER, COURSE) is ADVANCED

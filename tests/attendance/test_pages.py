"""The learner's own time, as they see it."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone, translation

from openedx_utop.attendance.live.models import LiveSession, LiveSignature, LiveSlot, TrainerSignature
from openedx_utop.attendance.models import Presence
from openedx_utop.attendance.summary import milliseconds
from openedx_utop.compat import Course, PathModule
from openedx_utop.organizations.models import Provider
from openedx_utop.training.models import TrainingAction
from tests.attendance.conftest import LEARNER, course_key, usage_key
from tests.host import InMemoryPlatform
from tests.presences import store_presence

PAGE = f"/utop/attendance/{course_key()}/"


def presence(module: str, day: int, seconds: int) -> None:
    start = datetime(2026, 3, day, 9, 0, tzinfo=UTC)
    store_presence(
        user_id=LEARNER,
        course_key=course_key(),
        module_key=usage_key("first", "sequential", module),
        unit_key=usage_key("first", "vertical", module),
        client="tab-00001",
        start=start,
        end=datetime.fromtimestamp(start.timestamp() + seconds, tz=UTC),
    )


@pytest.fixture
def learner(client: Client, db: None, host: InMemoryPlatform) -> User:
    user = User.objects.create_user("camille", pk=LEARNER)
    client.force_login(user)
    host.courses[course_key()] = Course(course_key(), "Numérique", "/courses/first/")
    host.enrolments.add((LEARNER, course_key()))
    host.paths[LEARNER, course_key()] = tuple(
        PathModule(usage_key("first", "sequential", name), f"Module {name}", "Tronc", done, None, 0, 0)
        for name, done in [("one", True), ("two", False)]
    )
    return user


def training_action() -> None:
    provider = Provider.objects.create(name="Organisme", siret="00000000000000")
    TrainingAction.objects.create(
        course_key=course_key(),
        provider=provider,
        title="Numérique",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
    )


def text_of(client: Client, url: str, language: str = "en") -> str:
    with translation.override(language):
        answer = client.get(url, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_three_durations_are_apart(client: Client, learner: User) -> None:
    training_action()
    presence("one", 2, 3725)
    presence("two", 16, 60)
    page = text_of(client, PAGE)
    for figure in ("1:03:05", "30 min", "15 min", "1:02:05", "0:01:00", "Module one", "/courses/first/"):
        assert figure in page
    for name in ("Connection time", "Estimated duration", "Realised duration"):
        assert name in page
    assert "/utop/attendance/how-time-is-counted/" in page


def test_the_modules_are_one_key_away_under_the_sections_of_the_course(client: Client, learner: User) -> None:
    training_action()
    page = text_of(client, PAGE)
    start = page.index('<details class="utop-card">\n  <summary><h2>By module</h2>')
    details = page[start : page.index("</details>", start)]
    assert "Modules completed: 1 of 2" in details
    assert details.count('scope="rowgroup"') == 1
    assert details.index("Tronc") < details.index("Module one") < details.index("Module two")


def test_weeks_without_presence_are_drawn_and_listed(client: Client, learner: User) -> None:
    presence("one", 2, 600)
    presence("one", 16, 60)
    page = text_of(client, PAGE)
    assert page.count("<rect") == 3
    assert page.count("0:00:00") >= 2
    assert 'width="98"' in page
    assert 'width="9"' in page


def test_durations_and_weeks_are_open_and_their_tables_one_key_away(client: Client, learner: User) -> None:
    training_action()
    presence("one", 2, 600)
    page = text_of(client, PAGE)
    assert page.count('<details class="utop-card" open>') == 2
    table = page[page.index("<summary>The same figures as a table</summary>") :]
    assert table.index("<caption>Connection time by week") < table.index("</details>")
    certified = page[page.index("<h2>By modality, and what is certified</h2>") :]
    assert "Certified 0:10:00" in certified[: certified.index("</summary>")]


def test_a_course_that_is_no_training_action_has_no_estimates(client: Client, learner: User) -> None:
    presence("one", 2, 600)
    assert "Estimated duration" not in text_of(client, PAGE)


def test_time_on_pages_that_are_no_module_is_kept_apart(client: Client, learner: User) -> None:
    presence("gone", 2, 90)
    page = text_of(client, PAGE)
    assert page.count("outside the path") == 1
    assert "Other pages" in page
    assert page.count("0:01:30") >= 3


def test_modules_that_left_the_path_keep_their_time_and_results_and_say_so(
    client: Client, learner: User, host: InMemoryPlatform
) -> None:
    training_action()
    key, visited = usage_key("first", "sequential", "other-trade"), usage_key("first", "sequential", "only-visited")
    host.tried[LEARNER, course_key()] = (PathModule(key, "Le linge", "Semaine 3", True, None, 1.0, 1.0),)
    host.titles[course_key()] = {visited: "La salle"}
    presence("one", 2, 600)
    presence("other-trade", 3, 90)
    presence("only-visited", 4, 30)
    page = text_of(client, PAGE)
    assert page.count("outside the path") == 2
    assert "Other pages" not in page
    assert page.index("Module one") < page.index("Le linge") < page.index("La salle")
    assert ["Module outside the path", "Le linge", "", "", "0:01:30", "", "0:01:30", "yes"] in csv_of(client)


def test_a_module_of_the_path_is_listed_once(client: Client, learner: User, host: InMemoryPlatform) -> None:
    host.tried[LEARNER, course_key()] = host.paths[LEARNER, course_key()]
    presence("one", 2, 600)
    assert text_of(client, PAGE).count("Module one") == 1


def test_what_was_reported_after_an_outage_is_shown_apart(client: Client, learner: User) -> None:
    presence("one", 2, 600)
    assert "after an outage" not in text_of(client, PAGE)
    Presence.objects.update(source="offline")
    presence("two", 3, 60)
    page = text_of(client, PAGE)
    assert "<dt>Of which reported after an outage</dt><dd>0:10:00</dd>" in page
    assert "0:11:00" in page


def test_nothing_measured_yet(client: Client, learner: User) -> None:
    assert "No time has been measured yet" in text_of(client, PAGE)


@pytest.mark.parametrize("key", ["course-v1:Utop+unknown+2026", "nonsense", "a/b", "course-v1:<b>+x+y"])
def test_an_unknown_course_is_a_clear_404(client: Client, learner: User, key: str) -> None:
    answer = client.get(f"/utop/attendance/{key}/", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "None of your courses has the identifier" in answer.content.decode()
    assert "<b>+x" not in answer.content.decode()


def test_a_course_of_others_is_as_unknown(client: Client, learner: User, host: InMemoryPlatform) -> None:
    host.enrolments.clear()
    assert client.get(PAGE).status_code == 404


def test_somebody_signed_out_is_asked_to_sign_in(db: None) -> None:
    assert Client().get(PAGE).status_code == 302


def test_the_method_states_the_parameters_in_force(client: Client, learner: User) -> None:
    page = text_of(client, "/utop/attendance/how-time-is-counted/")
    for figure in ("180 seconds", "300 seconds", "15 seconds", "90 seconds", "20 minutes"):
        assert figure in page


def test_first_and_last_are_told_in_the_official_zone(client: Client, learner: User) -> None:
    presence("one", 2, 600)
    with timezone.override("Asia/Tokyo"):
        page = text_of(client, PAGE)
    assert "03/02/2026 10 a.m." in page
    assert "03/02/2026 10:10 a.m." in page


def test_no_inline_script_or_style(client: Client, learner: User) -> None:
    presence("one", 2, 600)
    page = text_of(client, PAGE)
    assert "style=" not in page
    assert "<script>" not in page


def live_hours(day: int, minutes: int) -> None:
    session = LiveSession.objects.create(
        course_key=course_key(),
        title="Regroupement",
        modality="onsite_group",
        created_by=1,
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    start = datetime(2026, 3, day, 9, 0, tzinfo=UTC)
    end = start + timedelta(minutes=minutes)
    slot = LiveSlot.objects.create(session=session, start=start, end=end)
    LiveSignature.objects.create(
        slot=slot,
        user_id=LEARNER,
        rank=1,
        method="code",
        intervals=[[milliseconds(start), milliseconds(end)]],
        signed_by=LEARNER,
        signed_at=end,
    )
    TrainerSignature.objects.create(slot=slot, user_id=1, signed_at=end)


def csv_of(client: Client) -> list[list[str]]:
    answer = client.get(PAGE.removesuffix("/") + ".csv", headers={"Accept-Language": "en"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_the_table_to_download_has_the_figures_of_the_page(client: Client, learner: User) -> None:
    training_action()
    presence("one", 2, 3725)
    presence("two", 16, 60)
    rows = csv_of(client)
    assert rows[0][:2] == ["Kind", "What"]
    assert rows[1] == ["Module", "Module one", "0:15:00", "0:15:00", "1:02:05", "", "0:45:00", "yes"]
    assert ["Week of", "2026-03-09", "", "", "0:00:00", "0:00:00", "", ""] in rows
    assert rows[-1] == ["Total", "Numérique", "0:30:00", "0:15:00", "1:03:05", "0:00:00", "0:46:00", ""]


def test_what_is_above_a_limit_is_shown_with_its_reason(client: Client, learner: User) -> None:
    training_action()
    presence("one", 2, 3725)
    page = text_of(client, PAGE)
    assert "Recorded, not certified" in page
    assert "0:17:05: above what one module may count (03/02/2026)" in page
    assert "0:45:00" in page


def test_live_hours_are_a_modality_of_their_own(client: Client, learner: User) -> None:
    training_action()
    presence("one", 2, 600)
    live_hours(2, 90)
    page = text_of(client, PAGE)
    assert "On site, in a group" in page
    assert "1:30:00" in page
    assert "0:10:00 recorded twice, counted once, as a live session" in page
    assert ["Modality", "on site, in a group", "", "1:30:00", "", "", "1:30:00", ""] in csv_of(client)


def test_who_left_the_course_still_sees_the_hours_signed_there(
    client: Client, learner: User, host: InMemoryPlatform
) -> None:
    live_hours(2, 90)
    host.enrolments.clear()
    assert "1:30:00" in text_of(client, PAGE)


@pytest.mark.parametrize("key", ["course-v1:Utop+unknown+2026", "nonsense"])
def test_nobody_downloads_what_is_not_theirs(client: Client, learner: User, key: str) -> None:
    assert client.get(f"/utop/attendance/{key}.csv").status_code == 404


def test_the_page_costs_the_same_whatever_it_holds(
    client: Client, learner: User, django_assert_max_num_queries: Any
) -> None:
    training_action()
    presence("one", 2, 60)
    text_of(client, PAGE)
    with django_assert_max_num_queries(40) as queries:
        text_of(client, PAGE)
    for day in range(3, 29):
        presence("one" if day % 2 else "two", day, 600)
    with django_assert_max_num_queries(len(queries)):
        text_of(client, PAGE)

"""The team and changes of trade."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from openedx_utop.badges.models import Achievement, Award
from openedx_utop.compat import ContentGroup, Person
from openedx_utop.sectors.api import choose_sector, define_sector, learner_level, learner_sector, set_track
from openedx_utop.sectors.changes import api as changes
from openedx_utop.sectors.levels.data import Level
from openedx_utop.sectors.levels.models import CourseLevel, LevelGroup
from openedx_utop.sectors.models import Track
from openedx_utop.training.models import TrainingAction
from tests.steering.conftest import COURSE, NOW, OTHER, STRANGER, TRAINER, Classroom, signed_in

LIST = f"/utop/steering/{COURSE}/"
REQUESTS = f"{LIST}requests/"
RECORD = f"{LIST}1/"
SECTOR = f"{RECORD}sector/"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def open_trades(room: Classroom) -> None:
    for number, (slug, name) in enumerate((("hotel", "Hôtellerie"), ("sante", "Santé <&>")), start=1):
        define_sector(slug, name=name)
        set_track(room.course_key, slug, name)
        room.host.groups[room.course_key] = (
            *room.host.groups.get(room.course_key, ()),
            ContentGroup(50, number, name),
        )
    TrainingAction.objects.filter(course_key=room.course_key).update(sector_locked_from=NOW.date())


@pytest.fixture
def trainer(classroom: Classroom) -> Client:
    """In a course whose trades are locked; Ève holds « hotel » and asks for « sante »."""
    open_trades(classroom)
    classroom.host.people[TRAINER] = Person(TRAINER, "maud", "Maud Formatrice", "maud@example.org", "fr")
    classroom.host.people[1] = Person(1, "eve", "Ève Essai", "eve@example.org", "fr")
    classroom.learner(1, "Ève Essai")
    choose_sector(1, COURSE, "hotel", chosen_by=1, now=NOW - timedelta(days=5))
    return signed_in(TRAINER)


def ask() -> UUID:
    return changes.ask(1, COURSE, "sante", reason="Je change <de> métier", now=NOW).uuid


def held() -> str:
    sector = learner_sector(1, COURSE)
    assert sector is not None
    return sector.slug


def test_open_requests_are_counted_listed_and_in_the_record(trainer: Client) -> None:
    assert "None." in trainer.get(REQUESTS).content.decode()
    ask()
    assert "(1)" in trainer.get(LIST).content.decode()
    for address in (REQUESTS, RECORD):
        page = trainer.get(address).content.decode()
        assert "Ève Essai" in page
        assert "Je change &lt;de&gt; métier" in page
        assert 'value="accepted"' in page


def test_an_accepted_request_moves_the_learner(trainer: Client, classroom: Classroom) -> None:
    uuid = ask()
    answer = trainer.post(f"{REQUESTS}{uuid}/", {"outcome": "accepted", "reason": ""})
    assert (answer.status_code, answer.url, held()) == (302, REQUESTS, "sante")
    assert classroom.host.placements[1, COURSE].name == "Santé <&>"
    page = trainer.get(RECORD).content.decode()
    assert "Hôtellerie → Santé &lt;&amp;&gt;" in page
    assert page.count("Maud Formatrice") >= 2


@pytest.mark.parametrize("outcome", ["refused", "", "n'importe quoi"])
def test_anything_but_accepting_refuses_and_takes_a_reason(trainer: Client, outcome: str) -> None:
    uuid = ask()
    trainer.post(f"{REQUESTS}{uuid}/", {"outcome": outcome, "reason": " "})
    assert len(changes.open_requests(COURSE)) == 1
    trainer.post(f"{REQUESTS}{uuid}/", {"outcome": outcome, "reason": "Trop tard."})
    assert (changes.open_requests(COURSE), held()) == ((), "hotel")
    assert "Trop tard." in trainer.get(RECORD).content.decode()
    second = trainer.post(f"{REQUESTS}{uuid}/", {"outcome": "accepted"}, follow=True)
    assert "has been answered already" in second.content.decode()
    assert held() == "hotel"


def test_an_adviser_sets_a_trade_and_says_why(trainer: Client) -> None:
    trainer.post(SECTOR, {"sector": "sante", "reason": " "})
    assert held() == "hotel"
    answer = trainer.post(SECTOR, {"sector": "sante", "reason": "Erreur d'inscription"})
    assert (answer.url, held()) == (f"{RECORD}#utop-trade", "sante")
    (last, _first) = changes.history_of(1, COURSE)
    assert (last.method, last.chosen_by, last.reason) == ("staff", TRAINER, "Erreur d'inscription")
    assert "Erreur d&#x27;inscription" in trainer.get(RECORD).content.decode()
    trainer.post(SECTOR, {"sector": "inconnu", "reason": "?"})
    assert held() == "sante"


def test_an_adviser_sets_a_level_and_says_why(trainer: Client) -> None:
    assert 'name="level"' not in trainer.get(RECORD).content.decode()
    for level in (Level.BEGINNER, Level.ADVANCED):
        CourseLevel.objects.create(course_key=COURSE, level=level, is_default=level == Level.BEGINNER)
    LevelGroup.objects.create(track=Track.objects.first(), level=Level.ADVANCED, group_name="—")
    assert 'value="beginner" selected' in trainer.get(RECORD).content.decode()
    trainer.post(SECTOR, {"sector": "hotel", "level": "advanced", "reason": "Test de positionnement"})
    assert (held(), learner_level(1, COURSE)) == ("hotel", Level.ADVANCED)
    page = trainer.get(RECORD).content.decode()
    assert "Test de positionnement" in page
    assert 'value="advanced" selected' in page


def test_an_award_of_another_trade_stays_and_the_team_is_told(trainer: Client) -> None:
    frozen = {"sector": {"slug": "hotel", "name": "Hôtellerie"}}
    action = TrainingAction.objects.get(course_key=COURSE)
    achievement = Achievement.objects.create(action=action, name="Transition", description="Suivie.")
    Award.objects.create(user_id=1, action=action, achievement=achievement, awarded_at=NOW, evaluation=frozen)
    assert "were issued for the trade" not in trainer.get(RECORD).content.decode()
    trainer.post(SECTOR, {"sector": "sante", "reason": "Mutation"})
    page = trainer.get(RECORD).content.decode()
    assert "were issued for the trade Hôtellerie; the learner now follows Santé &lt;&amp;&gt;" in page
    assert Award.objects.get().evaluation == frozen


def test_two_tenants_see_and_move_nothing_of_each_other(trainer: Client, elsewhere: Classroom) -> None:
    open_trades(elsewhere)
    uuid, stranger, learner = ask(), signed_in(STRANGER), signed_in(1)
    theirs = f"/utop/steering/{OTHER}/"
    for client in (stranger, learner, Client()):
        assert client.get(REQUESTS).status_code in (302, 404)
        for address in (f"{REQUESTS}{uuid}/", SECTOR):
            assert client.post(address, {"outcome": "accepted", "sector": "sante", "reason": "x"}).status_code in (
                302,
                404,
            )
    assert stranger.post(f"{theirs}requests/{uuid}/", {"outcome": "refused", "reason": "x"}).status_code == 404
    assert stranger.post(f"{theirs}1/sector/", {"sector": "sante", "reason": "x"}).status_code == 404
    assert "Ève" not in stranger.get(f"{theirs}requests/").content.decode()
    assert (len(changes.open_requests(COURSE)), held()) == (1, "hotel")


def test_only_posts_decide(trainer: Client) -> None:
    assert trainer.get(f"{REQUESTS}{ask()}/").status_code == 405
    assert trainer.get(SECTOR).status_code == 405

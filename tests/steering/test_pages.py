"""The team's pages over HTTP."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.db.models import F
from django.test import Client

from openedx_utop.attendance.assistance.models import AssistanceContact
from openedx_utop.attendance.models import Presence
from openedx_utop.compat import Person
from tests.steering.conftest import COURSE, NOW, OTHER, STRANGER, TRAINER, Classroom, signed_in

LIST = f"/utop/steering/{COURSE}/"
RECORD = f"{LIST}1/"
CONTACTS = f"{RECORD}contacts/"
TYPED = {
    "direction": "from_team",
    "channel": "phone",
    "at": "2026-03-20T18:30",
    "minutes": "12",
    "subject": "Point d'étape",
    "text": "Reprend lundi.",
}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def trainer(classroom: Classroom) -> Client:
    return signed_in(TRAINER)


def test_the_list_says_who_needs_attention(trainer: Client, classroom: Classroom) -> None:
    classroom.learner(1, "Ève Essai", done=4, days_silent=1)
    classroom.learner(2, "Paul Silence", done=0, days_silent=12)
    classroom.learner(3, "Jamais Venu")
    page = trainer.get(LIST).content.decode()
    for text in ("Never came", "Inactive for 12 days", "Behind schedule", "Path finished", "4 of 4 modules", "0:10:00"):
        assert text in page
    assert page.index("Jamais Venu") < page.index("Paul Silence") < page.index("Ève Essai")
    assert f'href="{RECORD}"' in page
    assert f'href="{LIST}2/?note=1#utop-note"' in page
    assert "20 % of the path" in page


def test_filters_hold_over_pages_and_in_the_export(trainer: Client, classroom: Classroom) -> None:
    for pk in range(1, 31):
        classroom.learner(pk, f"Absent {pk}", done=0, days_silent=12)
    classroom.learner(31, "Présente Toujours", done=2, days_silent=0)
    page = trainer.get(LIST, {"only": "inactive", "order": "name"}).content.decode()
    assert "Présente" not in page
    assert "?only=inactive&amp;order=name&amp;page=2" in page
    rows = table(trainer.get(f"{LIST}learners.csv", {"only": "inactive", "order": "name"}))
    assert len(rows) == 31
    assert {row[12] for row in rows[1:]} == {"yes"}


@pytest.mark.parametrize(
    "query", [{"page": "x"}, {"page": "9" * 40}, {"only": "'"}, {"level": "x"}, {"sector": "\0"}, {"text": "\0"}]
)
def test_a_wrong_address_shows_the_list(trainer: Client, classroom: Classroom, query: dict[str, str]) -> None:
    classroom.learner(1)
    assert trainer.get(LIST, query).status_code == 200


def table(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_the_export_neutralises_formulas(trainer: Client, classroom: Classroom) -> None:
    classroom.learner(1, "=HYPERLINK() Essai", done=1, days_silent=2)
    (head, row) = table(trainer.get(f"{LIST}learners.csv"))
    assert row[0] == "'=HYPERLINK() Essai"
    assert dict(zip(head, row, strict=True))["Connection time"] == "0:10:00"
    assert dict(zip(head, row, strict=True))["Last presence"] == "2026-03-19 13:00"


def test_the_record_shows_time_documents_and_contacts(trainer: Client, classroom: Classroom) -> None:
    classroom.learner(1, "Ève Essai", done=2, days_silent=3)
    page = trainer.get(RECORD).content.decode()
    for text in ("Ève Essai", "Connection time", "Realised duration", "Estimated duration", "Module 1", "<rect"):
        assert text in page
    assert "u1@example.org" in page
    assert "style=" not in page
    assert "<script" not in page


def test_the_record_says_what_is_worth_a_look_and_the_learner_is_not_told(
    trainer: Client, classroom: Classroom
) -> None:
    classroom.learner(1, "Ève Essai", done=2, days_silent=3)
    Presence.objects.filter(user_id=1).update(end=F("start") + timedelta(minutes=14))
    page = trainer.get(RECORD).content.decode()
    assert (
        "Module 1: completed in under 30 % of its estimated duration (0:00:00 recorded, compared with 0:15:00)" in page
    )
    assert page.count("of its estimated duration (") == 1
    assert "Worth a look" not in signed_in(1).get(f"/utop/attendance/{COURSE}/").content.decode()


def test_a_contact_is_noted_and_the_learner_reads_it(trainer: Client, classroom: Classroom) -> None:
    classroom.host.people[TRAINER] = Person(TRAINER, "maud", "Maud Formatrice", "maud@example.org", "fr")
    classroom.learner(1, "Ève Essai")
    answer = trainer.post(CONTACTS, TYPED)
    assert (answer.status_code, answer.url) == (302, f"{RECORD}#utop-contacts")
    (contact,) = AssistanceContact.objects.all()
    assert (contact.author_id, contact.user_id, contact.minutes) == (TRAINER, 1, 12)
    assert contact.at.isoformat() == "2026-03-20T17:30:00+00:00"
    mine = signed_in(1).get(f"/utop/attendance/{COURSE}/").content.decode()
    assert "Point d&#x27;étape" in mine
    assert "Reprend lundi." in mine
    assert "Maud Formatrice" in mine
    assert "Withdraw this contact" not in mine


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": "2026-03-22T10:00"},
        {"at": "demain"},
        {"at": "0001-01-01T00:00"},
        {"minutes": "-1"},
        {"minutes": "1441"},
        {"subject": " "},
        {"subject": "x" * 201},
        {"channel": "telepathy"},
        {"direction": ""},
    ],
)
def test_what_cannot_be_comes_back_with_its_reason(
    trainer: Client, classroom: Classroom, wrong: dict[str, str]
) -> None:
    classroom.learner(1)
    answer = trainer.post(CONTACTS, {**TYPED, **wrong})
    assert answer.status_code == 400
    assert "Reprend lundi." in answer.content.decode()
    assert not AssistanceContact.objects.exists()


def test_the_form_is_one_key_away_unless_it_is_asked_for_or_has_errors(trainer: Client, classroom: Classroom) -> None:
    classroom.learner(1)
    closed, opened = '<details id="utop-note">', '<details id="utop-note" open>'
    assert closed in trainer.get(RECORD).content.decode()
    assert opened in trainer.get(RECORD, {"note": "1"}).content.decode()
    assert opened in trainer.post(CONTACTS, {**TYPED, "subject": ""}).content.decode()


def test_the_last_two_contacts_are_shown_and_the_others_one_key_away(trainer: Client, classroom: Classroom) -> None:
    classroom.learner(1)
    for day in range(5):
        trainer.post(CONTACTS, {**TYPED, "at": f"2026-03-1{day}T10:00", "subject": f"Point {day}"})
    for page in (trainer.get(RECORD), signed_in(1).get(f"/utop/attendance/{COURSE}/")):
        text = page.content.decode()
        folded = text[text.index("<summary>3 earlier exchanges</summary>") :]
        assert text.index("Point 4") < text.index("Point 3") < text.index("3 earlier exchanges")
        assert folded.index("Point 2") < folded.index("Point 1") < folded.index("Point 0")


def test_the_record_begins_with_the_figures_and_leads_to_this_persons_corrections(
    trainer: Client, classroom: Classroom
) -> None:
    classroom.learner(1, done=2, days_silent=3)
    page = trainer.get(RECORD).content.decode()
    first = page[: page.index('id="utop-contacts"')]
    for text in ("<dt>Modules completed</dt><dd>2 / 4</dd>", "<dt>Connection time</dt><dd>0:10:00</dd>"):
        assert text in first
    assert f'href="/utop/corrections/{COURSE}/1/"' in first
    assert page.count('<details class="utop-card">') == 4


def test_filters_in_use_are_unfolded(trainer: Client, classroom: Classroom) -> None:
    assert '<details class="utop-fold utop-filters__more">' in trainer.get(LIST, {"text": "a"}).content.decode()
    for used in ({"sector": "hotel"}, {"level": "beginner"}, {"order": "name"}):
        assert '<details class="utop-fold utop-filters__more" open>' in trainer.get(LIST, used).content.decode()


def test_a_contact_is_withdrawn_by_a_new_row(trainer: Client, classroom: Classroom) -> None:
    classroom.learner(1)
    trainer.post(CONTACTS, TYPED)
    contact = AssistanceContact.objects.get()
    withdraw = f"{CONTACTS}{contact.uuid}/"
    for reason, rows in (("", 1), ("Mauvaise personne", 2), ("Encore", 2)):
        assert trainer.post(withdraw, {"reason": reason}).status_code == 302
        assert AssistanceContact.objects.count() == rows
    page = trainer.get(RECORD).content.decode()
    assert "Mauvaise personne" in page
    assert "Point d&#x27;étape" in page
    assert "Point" not in trainer.get(LIST).content.decode()
    assert trainer.post(f"{CONTACTS}{AssistanceContact.objects.last().uuid}/", {"reason": "x"}).status_code == 404


PATHS = ("", "learners.csv", "1/")


@pytest.mark.parametrize("path", PATHS)
def test_only_the_team_of_the_course_sees(
    classroom: Classroom, elsewhere: Classroom, trainer: Client, path: str
) -> None:
    classroom.learner(1)
    assert trainer.get(f"{LIST}{path}").status_code == 200
    assert signed_in(STRANGER).get(f"{LIST}{path}").status_code == 404
    assert signed_in(1).get(f"{LIST}{path}").status_code == 404
    assert Client().get(f"{LIST}{path}").status_code == 302


def test_a_learner_of_another_course_is_not_reached_through_mine(
    classroom: Classroom, elsewhere: Classroom, trainer: Client
) -> None:
    elsewhere.learner(2, "Autre Maison", days_silent=1)
    mine = f"{LIST}2/"
    assert "Autre Maison" not in trainer.get(LIST).content.decode()
    assert "Autre Maison" not in str(table(trainer.get(f"{LIST}learners.csv")))
    assert trainer.get(mine).status_code == 404
    assert trainer.post(f"{mine}contacts/", TYPED).status_code == 404
    assert signed_in(STRANGER).post(f"/utop/steering/{OTHER}/2/contacts/", TYPED).status_code == 302
    theirs = AssistanceContact.objects.get()
    assert trainer.post(f"{mine}contacts/{theirs.uuid}/", {"reason": "x"}).status_code == 404
    classroom.learner(1)
    assert trainer.post(f"{CONTACTS}{theirs.uuid}/", {"reason": "x"}).status_code == 404
    assert AssistanceContact.objects.count() == 1


@pytest.mark.parametrize("path", ["course-v1:a+b+c/", "nonsense/", f"{COURSE}/{10**30}/"])
def test_what_does_not_exist_is_a_404(trainer: Client, path: str) -> None:
    assert trainer.get(f"/utop/steering/{path}").status_code == 404


def test_the_record_costs_the_same_whatever_it_holds(
    trainer: Client, classroom: Classroom, django_assert_max_num_queries
) -> None:
    classroom.learner(1, done=2, days_silent=3)
    trainer.post(CONTACTS, TYPED)
    trainer.get(RECORD)
    with django_assert_max_num_queries(40) as queries:
        trainer.get(RECORD)
    few = len(queries)
    for day in range(20):
        classroom.presence(1, NOW - timedelta(days=day, hours=1), 20)
        trainer.post(CONTACTS, TYPED)
    with django_assert_max_num_queries(few):
        trainer.get(RECORD)

"""Whom a change of the rules would move, and whom it has left elsewhere."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import Course, Person
from openedx_utop.organizations.api import declare_employer
from openedx_utop.organizations.models import Employer, Provider
from openedx_utop.sectors.api import Table, choose_sector, define_sector, import_rules, set_track
from openedx_utop.sectors.differences import differences
from openedx_utop.sectors.impact import CompanyMove, LearnerMove, Missing, impact, missing_agreements
from openedx_utop.sectors.models import SectorChoice
from openedx_utop.sectors.rulebook.changes import changes_of, days_of_effect
from openedx_utop.training.models import TrainingAction
from tests.host import InMemoryPlatform
from tests.sectors.conftest import COURSE, LEARNER, NOW

TODAY = NOW.date()
HOTEL, BANK, OTHER_HOTEL = "90000000100017", "90000001900019", "90000002700012"
MOVE = ["idcc;1979;hotel;2020-01-01;2026-12-31", "idcc;1979;sante;2027-01-01"]


@pytest.fixture
def people(course: CourseKey, host: InMemoryPlatform) -> None:
    """Three learners of a hotel, of whom one has confirmed; one of a bank; one of a hotel who is not enrolled."""
    employers = {LEARNER: HOTEL, 8: HOTEL, 9: OTHER_HOTEL, 10: BANK, 11: HOTEL}
    for user_id, siret in employers.items():
        host.people[user_id] = Person(user_id, f"u{user_id}", f"Personne {user_id}", f"{user_id}@example.org", "fr")
        idcc = "3248" if siret == BANK else "1979"
        declare_employer(user_id, siret, idcc=idcc, now=NOW)
        if user_id != 11:
            host.enrolments.add((user_id, course))
    Employer.objects.filter(siret=HOTEL).update(register_name="Hôtel du Port")
    choose_sector(8, course, "hotel", chosen_by=8, now=NOW)


def changes(lines: list[str], table: Table = Table.SECTORS):
    return changes_of(lines, table=table, today=TODAY)


@pytest.mark.usefixtures("people")
def test_a_change_tells_which_companies_and_learners_it_would_move_and_moves_nobody() -> None:
    found = impact(changes(MOVE), day=TODAY)
    hotel, sante = ("Hôtellerie et restauration",), ("Santé",)
    assert (found.companies, found.learners, found.confirmed) == (2, 3, 1)
    assert found.named[0] == CompanyMove(HOTEL, "Hôtel du Port", hotel, sante)
    assert [(each.course_key, each.moves) for each in found.courses] == [(COURSE, (LearnerMove(hotel, sante, 3, 1),))]
    assert SectorChoice.objects.count() == 1


@pytest.mark.usefixtures("people")
def test_what_the_preview_says_is_what_the_import_does() -> None:
    found = impact(changes(MOVE), day=TODAY)
    import_rules(MOVE, today=TODAY)
    assert impact(changes([]), day=TODAY).companies == 0
    assert found.companies == 2


@pytest.mark.usefixtures("people")
def test_a_rule_of_later_moves_on_its_day() -> None:
    later = ["idcc;1979;hotel;2020-01-01;2027-02-28", "idcc;1979;sante;2027-03-01"]
    assert days_of_effect(changes(later), TODAY) == (TODAY, date(2027, 3, 1))
    assert impact(changes(later), day=TODAY).learners == 0
    assert impact(changes(later), day=date(2027, 3, 1)).learners == 3


@pytest.mark.usefixtures("people")
def test_the_opco_of_an_agreement_moves_too() -> None:
    import_rules(["opco;atlas;alimentaire;2020-01-01"], today=TODAY)
    found = impact(changes(["3248;ATLAS;2020-01-01"], Table.OPCOS), day=TODAY)
    assert [move.after for course in found.courses for move in course.moves] == [("Alimentaire",)]


@pytest.mark.usefixtures("people")
def test_a_trade_without_a_track_in_a_course_moves_companies_and_no_learner() -> None:
    found = impact(changes(["idcc;3248;banque;2020-01-01"]), day=TODAY)
    assert (found.companies, found.learners) == (1, 0)


@pytest.mark.usefixtures("people")
def test_each_course_counts_its_own_learners(host: InMemoryPlatform) -> None:
    other = CourseKey.from_string("course-v1:utop+autre+2027")
    host.courses[other] = Course(other, "Autre", "")
    define_sector("hebergement", name="Hébergement", parent="hotel")
    set_track(other, "hotel", "Hôtellerie")
    host.enrolments.add((11, other))
    (first, second) = impact(changes(MOVE), day=TODAY).courses
    assert (first.title, [move.learners for move in first.moves]) == ("Autre", [1])
    assert (second.title, [move.learners for move in second.moves]) == ("Transition numérique", [3])
    assert first.moves[0].after == ()


@pytest.mark.usefixtures("people")
def test_who_confirmed_their_company_s_trade_stays_and_is_listed(course: CourseKey) -> None:
    choose_sector(LEARNER, course, "sante", chosen_by=LEARNER, now=NOW)
    assert differences(course, day=TODAY) == ()
    import_rules(["idcc;1979;hotel;2020-01-01;2026-12-31", "idcc;1979;alimentaire;2027-01-01"], today=TODAY)
    listed = [
        (each.user_id, each.held.slug, [to.slug for to in each.led_to]) for each in differences(course, day=TODAY)
    ]
    assert listed == [(8, "hotel", ["alimentaire"])]
    choose_sector(8, course, "hotel", chosen_by=90, now=NOW)
    assert [each.user_id for each in differences(course, day=TODAY)] == [8]
    choose_sector(8, course, "sante", chosen_by=90, now=NOW)
    assert differences(course, day=TODAY) == ()


@pytest.mark.usefixtures("people")
def test_the_agreements_that_no_table_knows_are_counted() -> None:
    assert missing_agreements(day=TODAY) == (Missing("3248", 1),)
    import_rules(["3248;AKTO;2020-01-01"], table=Table.OPCOS, today=TODAY)
    assert missing_agreements(day=TODAY) == ()


@pytest.mark.usefixtures("people")
def test_the_command_tells_whom_it_would_move(tmp_path: Path) -> None:
    file, out = tmp_path / "rules.csv", StringIO()
    file.write_text("\n".join(MOVE), encoding="utf-8")
    call_command("utop_import_idcc", str(file), "--dry-run", stdout=out)
    moved = [line for line in out.getvalue().splitlines() if str(COURSE) in line]
    assert moved == [f"  {COURSE}: Hôtellerie et restauration → Santé: 3 (1)"]


def test_the_team_lists_whom_the_rules_left_elsewhere(client: Client, people: None, host: InMemoryPlatform) -> None:
    provider = Provider.objects.create(name="Organisme", siret="00000000000000")
    TrainingAction.objects.create(
        course_key=COURSE, provider=provider, title="Action", starts_on=TODAY, ends_on=TODAY + timedelta(days=30)
    )
    client.force_login(User.objects.create_user("tutor", id=90))
    page = f"/utop/steering/{COURSE}/differences/"
    assert client.get(page).status_code == 404
    host.staff.add((90, COURSE))
    assert "Personne 8" not in client.get(page).content.decode()
    Employer.objects.filter(siret=HOTEL).update(idccs=["1979"], register_naf="", idcc="")
    import_rules(["idcc;1979;hotel;2020-01-01;2020-12-31", "idcc;1979;sante;2021-01-01"], today=TODAY)
    shown = client.get(page).content.decode()
    assert "Personne 8" in shown
    assert "Personne 9" not in shown
    assert "utop-moved" not in shown
    choose_sector(9, COURSE, "hotel", chosen_by=90, now=NOW)
    host.placements[(9, COURSE)] = next(group for group in host.groups[COURSE] if group.name == "Santé")
    shown = client.get(page).content.decode()
    assert "Personne 9" in shown.partition("utop-moved")[2]
    assert "Personne 8" not in shown.partition("utop-moved")[2]


def test_the_tree_is_read_by_who_is_signed_in(client: Client, course: CourseKey) -> None:
    assert client.get("/utop/api/v1/sectors/").status_code in (401, 403)
    client.force_login(User.objects.create_user("reader"))
    read = client.get("/utop/api/v1/sectors/").json()
    assert [(each["slug"], each["parent"], each["level"]) for each in read][2:4] == [
        ("hotel", None, 0),
        ("traiteur", "hotel", 1),
    ]
    schema = client.get("/utop/api/v1/schema/", headers={"accept": "application/vnd.oai.openapi+json"}).json()
    assert "/utop/api/v1/sectors/" in schema["paths"]

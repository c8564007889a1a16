"""What a learner may take away about themselves."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.live.models import (
    LiveSession,
    LiveSignature,
    LiveSlot,
    SigningAttempts,
    SigningMethod,
)
from openedx_utop.compat import Person
from openedx_utop.enrolment.models import EnrolmentList, Invitation, Seat, SeatPlan, SeatState
from openedx_utop.enrolment.tokens import email_hash
from openedx_utop.organizations.api import declare_employer
from openedx_utop.personal_data import ways_to_the_learner
from tests.presences import store_presence

COURSE = CourseKey.from_string("course-v1:UTOP+TPEPME+2027")
# A trainer's sessions are told by their signatures; wrong entries of a code are forgotten after ten minutes; a pasted
# list is kept for as long as it takes to make its seats.
OTHERWISE_TOLD = {LiveSession, SigningAttempts, EnrolmentList}
MORNING = datetime(2027, 2, 1, 9, tzinfo=UTC)


@pytest.fixture
def learner(db, host):
    """An account of the host."""
    user = get_user_model().objects.create_user("camille", email="camille@example.fr")
    host.people[user.pk] = Person(user.pk, "camille", "Camille Dupont", "camille@example.fr", "fr")
    return user


def be_present(user_id, minutes):
    """A presence in the trunk."""
    store_presence(
        user_id=user_id,
        course_key=COURSE,
        module_key=COURSE.make_usage_key("sequential", "tronc_01"),
        unit_key=COURSE.make_usage_key("vertical", "tronc_01_lecon"),
        client="a",
        start=MORNING,
        end=MORNING + timedelta(minutes=minutes),
    )


def test_every_row_about_the_learner_and_nobody_elses(client, learner):
    stranger = get_user_model().objects.create_user("stranger")
    be_present(learner.pk, 10)
    be_present(stranger.pk, 20)
    declare_employer(learner.pk, "90000000100017", name="Hôtel du Port", now=MORNING)
    client.force_login(learner)
    answer = client.get("/utop/my-data.json", headers={"accept-language": "en"})
    held = answer.json()
    assert answer["Content-Disposition"].startswith("attachment")
    assert held["account"] == {"username": "camille", "full_name": "Camille Dupont", "email": "camille@example.fr"}
    (presence,) = held["Presences"]
    assert presence["LMS user id"] == "you"
    assert (presence["start"], presence["end"]) == ("2027-02-01T09:00:00+00:00", "2027-02-01T09:10:00+00:00")
    assert [job["name of the company, as the learner gives it"] for job in held["Employments"]] == ["Hôtel du Port"]
    assert [job["employer"] for job in held["Employments"]] == ["90000000100017"]
    assert "no-store" in answer["Cache-Control"]


def test_a_half_day_is_named_and_told_as_on_its_sheet(client, learner):
    session = LiveSession.objects.create(
        course_key=COURSE, title="Clôture", place="Caen", created_by=99, created_at=MORNING
    )
    slot = LiveSlot.objects.create(session=session, start=MORNING, end=MORNING + timedelta(hours=3))
    LiveSignature.objects.create(
        slot=slot, user_id=learner.pk, rank=1, method=SigningMethod.CODE, signed_by=learner.pk, signed_at=MORNING
    )
    client.force_login(learner)
    (signature,) = client.get("/utop/my-data.json", headers={"accept-language": "fr"}).json()["Signatures"]
    assert signature["demi-journée"] == "2027-02-01 10:00 – 13:00"


def test_a_seat_offered_to_their_address_is_theirs_to_know_of_once_the_address_is(client, learner, host):
    plan = SeatPlan.objects.create(course_key=COURSE, company="90000000100017")
    for rank, email in enumerate(("camille@example.fr", "other@example.fr"), start=1):
        seat = Seat.objects.create(
            plan=plan,
            email=email,
            email_hash=email_hash(email),
            state=SeatState.INVITED,
            rank=rank,
            listed_by=99,
            changed_by=99,
            changed_at=MORNING,
        )
        Invitation.objects.create(seat=seat, token_hash=email, created_at=MORNING, expires_at=MORNING)
    client.force_login(learner)
    told = client.get("/utop/my-data.json", headers={"accept-language": "en"}).json()
    assert [seat["e-mail address"] for seat in told["Seats"]] == ["camille@example.fr"]
    assert len(told["Invitations"]) == 1
    host.people[learner.pk] = replace(host.people[learner.pk], is_active=False)
    assert "Seats" not in client.get("/utop/my-data.json", headers={"accept-language": "en"}).json()


def test_it_asks_as_many_queries_for_many_rows_as_for_one(client, learner):
    client.force_login(learner)
    asked = []
    for _visit in range(2):
        be_present(learner.pk, 10)
        with CaptureQueriesContext(connection) as queries:
            client.get("/utop/my-data.json")
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_only_for_who_is_signed_in(client, db):
    assert client.get("/utop/my-data.json").status_code == 302
    assert client.post("/utop/my-data.json").status_code in (302, 405)


def test_no_model_that_names_a_learner_is_left_out():
    annotated = {
        model
        for model in apps.get_app_config("openedx_utop").get_models()
        if re.search(r"\.\. pii:", model.__doc__ or "")
    }
    assert annotated - OTHERWISE_TOLD <= set(ways_to_the_learner())

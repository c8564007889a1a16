"""Planning sessions over HTTP, and their places."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from openedx_utop.attendance.live import api
from openedx_utop.attendance.live.models import LiveSession, LiveSignature, LiveSlot
from openedx_utop.compat import PathModule
from tests.attendance.conftest import course_key, usage_key
from tests.attendance.live.conftest import (
    CAMILLE,
    COURSE,
    HALF_DAY,
    MORNING,
    OTHER_STAFF,
    SACHA,
    STAFF,
    STRANGER,
    TRAINER,
    ms,
    new_session,
    signed_in,
)
from tests.host import InMemoryPlatform

NEW = f"/utop/live/{COURSE}/sessions/new/"
LIST = f"/utop/live/{COURSE}/sessions/"
FORM = {
    "title": "Atelier",
    "modality": "onsite_group",
    "place": "Mairie",
    "link": "",
    "capacity": "2",
    "trainer": "maud",
    "module": "",
    "form-TOTAL_FORMS": "2",
    "form-INITIAL_FORMS": "0",
    "form-0-day": "2026-07-01",
    "form-0-start": "09:00",
    "form-0-end": "12:30",
}


def at(session: LiveSession, page: str = "") -> str:
    return f"/utop/live/sessions/{session.uuid}/{page}"


def entered(client: Client) -> LiveSession:
    assert client.post(NEW, FORM).status_code == 302
    return LiveSession.objects.get(title="Atelier")


def test_a_session_is_entered_in_the_official_time_zone(session: LiveSession, host: InMemoryPlatform) -> None:
    module = usage_key("first", "sequential", "closing")
    host.paths[STAFF, COURSE] = (PathModule(module, "Bilan", "Fin", False, None, 0, 0),)
    assert signed_in(STAFF).post(NEW, FORM | {"module": str(module)}).status_code == 302
    found = LiveSession.objects.get(title="Atelier")
    assert (found.trainer_id, found.capacity, found.created_by, found.module_key) == (TRAINER, 2, STAFF, module)
    slot = found.slots.get()
    assert (slot.start, slot.end) == (
        datetime(2026, 7, 1, 7, 0, tzinfo=UTC),
        datetime(2026, 7, 1, 10, 30, tzinfo=UTC),
    )
    page = signed_in(STAFF).get(LIST).content.decode()
    assert "Atelier" in page
    assert "09:00 – 12:30" in page


def test_no_session_is_entered_in_a_course_that_is_not_there(session: LiveSession, host: InMemoryPlatform) -> None:
    gone = course_key("gone")
    host.staff.add((STAFF, gone))
    assert signed_in(STAFF).get(f"/utop/live/{gone}/sessions/new/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"modality": "asynchronous"},
        {"place": ""},
        {"modality": "remote_live", "link": ""},
        {"modality": "remote_live", "link": "javascript:alert(1)"},
        {"capacity": "0"},
        {"capacity": "-1"},
        {"capacity": "100000"},
        {"trainer": "noa"},
        {"trainer": "nobody"},
        {"module": "block-v1:Utop+first+2026+type@sequential+block@elsewhere"},
        {"form-0-day": ""},
        {"form-0-day": "2026-02-30"},
        {"form-0-day": "0001-01-01", "form-0-start": "00:00", "form-0-end": "01:00"},
        {"form-0-start": "25:00"},
        {"form-0-end": "09:00"},
        {"form-0-end": "08:00"},
        {"form-0-end": "14:01"},
        {"form-0-start": "12:00", "form-0-end": "18:01"},
        {"form-0-day": "", "form-0-start": "", "form-0-end": ""},
        {"form-1-day": "2026-07-01", "form-1-start": "12:00", "form-1-end": "13:00"},
        {"form-TOTAL_FORMS": "x"},
        {"form-TOTAL_FORMS": "5000"},
    ],
)
def test_what_cannot_be_held_is_refused_and_kept_in_the_form(session: LiveSession, wrong: dict[str, str]) -> None:
    answer = signed_in(STAFF).post(NEW, FORM | wrong)
    assert answer.status_code == 400
    assert LiveSession.objects.count() == 1
    assert f'value="{(FORM | wrong)["trainer"]}"' in answer.content.decode()


def test_a_stranger_and_nobody_are_refused_as_trainer_in_the_same_words(session: LiveSession) -> None:
    said = {
        str(signed_in(STAFF).post(NEW, FORM | {"trainer": name}).context["form"].errors["trainer"])
        for name in ("noa", "nobody")
    }
    assert len(said) == 1


def test_a_session_changes_until_it_is_signed(session: LiveSession, clock: time_machine.Traveller) -> None:
    client = signed_in(STAFF)
    found = entered(client)
    kept = found.slots.get()
    later = FORM | {"title": "Atelier 2", "form-1-day": "2026-07-01", "form-1-start": "13:30", "form-1-end": "16:30"}
    assert client.get(at(found)).status_code == 200
    assert client.post(at(found), later | {"form-INITIAL_FORMS": "1"}).status_code == 302
    found.refresh_from_db()
    assert found.title == "Atelier 2"
    assert kept in found.slots.all()
    assert found.slots.count() == 2
    assert client.post(at(found), FORM | {"form-INITIAL_FORMS": "2", "title": "Atelier 2"}).status_code == 302
    assert found.slots.get() == kept
    clock.move_to(kept.start)
    api.sign_for(CAMILLE, kept.uuid, reason="x", by=STAFF, now=kept.start)
    answer = signed_in(STAFF).post(at(found), FORM | {"title": "Atelier 3"}, follow=True)
    assert "can be cancelled, no longer changed" in answer.content.decode()
    found.refresh_from_db()
    assert found.title == "Atelier 2"


@pytest.mark.parametrize("is_trainer", [True, False])
def test_what_was_ever_signed_does_not_change(session: LiveSession, is_trainer: bool) -> None:
    slot = session.slots.get(start=MORNING)
    plan = api.Plan("Autre", "onsite_group", "Mairie", "", None, None, None, (api.HalfDay(slot.start, slot.end),))
    if is_trainer:
        api.sign_as_trainer(TRAINER, slot.uuid, now=MORNING)
    else:
        api.sign_for(CAMILLE, slot.uuid, reason="x", by=TRAINER, now=MORNING)
        api.cancel_signature(CAMILLE, slot.uuid, reason="x", by=TRAINER, now=MORNING)
    with pytest.raises(api.SessionSettled):
        api.change_session(session.uuid, plan, by=STAFF, now=MORNING)


def test_what_a_session_was_stays_on_its_sheet(session: LiveSession) -> None:
    client = signed_in(STAFF)
    found = entered(client)
    assert client.post(at(found), FORM | {"form-INITIAL_FORMS": "1"}).status_code == 302
    assert not found.changes.exists()
    other = {"place": "Médiathèque", "trainer": "", "capacity": "", "form-0-start": "09:30"}
    assert client.post(at(found), FORM | other | {"form-INITIAL_FORMS": "1"}).status_code == 302
    change = found.changes.get()
    nine, half_past, end = (ms(datetime(2026, 7, 1, *hour, tzinfo=UTC)) for hour in ((7, 0), (7, 30), (10, 30)))
    assert change.changed_by == STAFF
    assert change.changes == {
        "place": ["Mairie", "Médiathèque"],
        "capacity": [2, None],
        "trainer": [TRAINER, None],
        "half_days": [[[nine, end]], [[half_past, end]]],
    }
    slot = found.slots.get()
    for page in ("", "print/"):
        shown = client.get(f"/utop/live/half-days/{slot.uuid}/{page}").content.decode()
        for words in ("Mairie", "Médiathèque", "Maud Formatrice", "Agathe Équipe", "09:30–12:30"):
            assert words in shown


def test_what_is_over_is_one_key_away_and_says_what_the_trainer_has_to_sign(
    morning: LiveSlot, clock: time_machine.Traveller
) -> None:
    api.sign_for(CAMILLE, morning.uuid, reason="x", by=TRAINER, now=MORNING)
    new_session("Bilan")
    own = f"/utop/live/{COURSE}/"
    for page in (signed_in(STAFF).get(LIST), signed_in(CAMILLE).get(own)):
        assert "<details>" not in page.content.decode()
    clock.move_to(MORNING + timedelta(days=2))
    for page in (signed_in(STAFF).get(LIST), signed_in(CAMILLE).get(own)):
        text = page.content.decode()
        assert text.index("No session is planned.") < text.index("<h2>Past (2)</h2>") < text.index("Clôture</h")
    assert (
        "1 half-day that the trainer has not signed</strong></summary>" in signed_in(STAFF).get(LIST).content.decode()
    )
    api.sign_as_trainer(TRAINER, morning.uuid, now=MORNING + timedelta(days=2))
    assert "that the trainer has not signed" not in signed_in(STAFF).get(LIST).content.decode()


def test_cancelling_a_session_cancels_what_was_signed(
    session: LiveSession, morning: LiveSlot, clock: time_machine.Traveller
) -> None:
    api.sign_for(CAMILLE, morning.uuid, reason="x", by=TRAINER, now=MORNING)
    client = signed_in(TRAINER)
    client.post(at(session, "cancel/"), {"reason": ""})
    assert len(api.live_hours(CAMILLE, COURSE)) == 1
    client.post(at(session, "cancel/"), {"reason": "Salle fermée"})
    assert api.live_hours(CAMILLE, COURSE) == ()
    assert list(LiveSignature.objects.order_by("rank").values_list("method", flat=True)) == ["trainer", "cancelled"]
    for page in (signed_in(CAMILLE).get(f"/utop/live/{COURSE}/"), client.get(LIST)):
        assert "Salle fermée" in page.content.decode()
    with pytest.raises(api.SessionSettled):
        api.sign_for(CAMILLE, morning.uuid, reason="x", by=TRAINER, now=MORNING)


def test_no_more_places_are_given_than_there_are(session: LiveSession, clock: time_machine.Traveller) -> None:
    LiveSession.objects.update(capacity=1)
    camille, sacha = signed_in(CAMILLE), signed_in(SACHA)
    camille.post(at(session, "place/"))
    camille.post(at(session, "place/"))
    assert "No place is left" in sacha.post(at(session, "place/"), follow=True).content.decode()
    camille.post(at(session, "place/"), {"give_up": "1"})
    assert "You have a place." in sacha.post(at(session, "place/"), follow=True).content.decode()
    assert list(session.registrations.values_list("user_id", flat=True)) == [SACHA]


def test_where_places_are_counted_a_code_needs_one(
    session: LiveSession, morning: LiveSlot, clock: time_machine.Traveller
) -> None:
    LiveSession.objects.update(capacity=1)
    code = api.code_on_show(morning.uuid, MORNING + timedelta(minutes=10))
    sign = f"/utop/live/half-days/{morning.uuid}/sign/"
    assert signed_in(CAMILLE).post(sign, {"code": code}).status_code == 409
    signed_in(CAMILLE).post(at(session, "place/"))
    assert signed_in(CAMILLE).post(sign, {"code": code}).status_code == 302


def test_no_place_is_taken_in_what_is_over(session: LiveSession, clock: time_machine.Traveller) -> None:
    LiveSession.objects.update(capacity=1)
    clock.move_to(MORNING + timedelta(days=1))
    signed_in(CAMILLE).post(at(session, "place/"))
    assert not session.registrations.exists()


def test_places_do_not_shrink_below_those_taken(session: LiveSession, clock: time_machine.Traveller) -> None:
    found = entered(signed_in(STAFF))
    for learner in (CAMILLE, SACHA):
        api.register(learner, found.uuid, now=MORNING)
    assert signed_in(STAFF).post(at(found), FORM | {"capacity": "1"}).status_code == 400
    assert signed_in(STAFF).post(at(found), FORM | {"capacity": "2"}).status_code == 302


def test_only_the_staff_of_the_course_enters_sessions(session: LiveSession) -> None:
    for user_id in (CAMILLE, STRANGER, TRAINER, OTHER_STAFF):
        assert signed_in(user_id).get(NEW).status_code == 404
        assert signed_in(user_id).post(NEW, FORM).status_code == 404
    assert LiveSession.objects.count() == 1


def test_a_learner_sees_what_comes_and_what_was_signed(
    session: LiveSession, morning: LiveSlot, clock: time_machine.Traveller
) -> None:
    other = new_session(title="Plus tard")
    other.slots.exclude(start=MORNING).delete()
    other.slots.update(start=MORNING + timedelta(days=9), end=MORNING + timedelta(days=9) + HALF_DAY)
    api.sign_for(CAMILLE, morning.uuid, reason="x", by=TRAINER, now=MORNING)
    clock.move_to(MORNING + timedelta(days=1))
    answer = signed_in(CAMILLE).get(f"/utop/live/{COURSE}/")
    assert [each.session.title for each in answer.context["to_come"]] == ["Plus tard"]
    assert [each.session.title for each in answer.context["past"]] == ["Clôture"]
    page = answer.content.decode()
    assert "signed by the trainer for the learner" in page
    assert "Not signed" in page


def test_a_learner_who_left_the_course_still_reads_what_they_signed(
    session: LiveSession, morning: LiveSlot, clock: time_machine.Traveller, host: InMemoryPlatform
) -> None:
    api.sign_for(CAMILLE, morning.uuid, reason="x", by=TRAINER, now=MORNING)
    host.enrolments.clear()
    assert signed_in(CAMILLE).get(f"/utop/live/{COURSE}/").status_code == 200
    assert signed_in(SACHA).get(f"/utop/live/{COURSE}/").status_code == 404

"""Signing over HTTP: who, when, with which code, and what a guesser learns."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import segno
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from openedx_utop.attendance.live import api
from openedx_utop.attendance.live.models import (
    LiveRegistration,
    LiveSession,
    LiveSignature,
    LiveSlot,
    SigningAttempts,
    TrainerSignature,
)
from openedx_utop.events.signals import live_hours_changed
from openedx_utop.receivers import on_retirement
from tests.attendance.live.conftest import (
    AFTERNOON,
    CAMILLE,
    COURSE,
    HALF_DAY,
    MORNING,
    OTHER_COURSE,
    OTHER_STAFF,
    SACHA,
    STAFF,
    STRANGER,
    TRAINER,
    new_session,
    signed_in,
)
from tests.host import InMemoryPlatform

MINUTE = timedelta(minutes=1)


def address(slot: LiveSlot, page: str = "sign") -> str:
    return f"/utop/live/half-days/{slot.uuid}/{page}/" if page else f"/utop/live/half-days/{slot.uuid}/"


def code(slot: LiveSlot, later: timedelta = timedelta()) -> str:
    return api.code_on_show(slot.uuid, MORNING + 10 * MINUTE + later)


def wrong_code(slot: LiveSlot) -> str:
    taken = {code(slot), code(slot, -5 * MINUTE)}
    return next(f"{guess:06d}" for guess in range(3) if f"{guess:06d}" not in taken)


def test_one_tap_after_the_scan(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    client = signed_in(CAMILLE)
    page = client.get(address(morning), {"code": code(morning)})
    assert f'value="{code(morning)}"' in page.content.decode()
    answer = client.post(address(morning), {"code": code(morning)})
    assert (answer.status_code, answer["Location"]) == (302, address(morning))
    assert "Signed on" in client.get(address(morning)).content.decode()
    (hours,) = api.live_hours(CAMILLE, COURSE)
    assert (hours.start, hours.end) == (MORNING, MORNING + HALF_DAY)


def test_a_second_tap_changes_nothing(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    client = signed_in(CAMILLE)
    for _tap in range(2):
        assert client.post(address(morning), {"code": code(morning)}).status_code == 302
    assert LiveSignature.objects.count() == 1


def test_hours_that_come_or_go_are_told_once_they_are_committed(
    morning: LiveSlot, clock: time_machine.Traveller, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[tuple[int, object]] = []

    def hear(user_id: int, course_key: object, **_kwargs: object) -> None:
        heard.append((user_id, course_key))

    live_hours_changed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            for _tap in range(2):
                signed_in(CAMILLE).post(address(morning), {"code": code(morning)})
            assert heard == []
        assert heard == [(CAMILLE, COURSE)]
        with django_capture_on_commit_callbacks(execute=True):
            signed_in(TRAINER).post(address(morning, "cancel"), {"learner": str(CAMILLE), "reason": "Absente"})
        assert heard == [(CAMILLE, COURSE)] * 2
        with django_capture_on_commit_callbacks(execute=True):
            signed_in(TRAINER).post(address(morning, "for"), {"learner": "sacha", "reason": "Téléphone déchargé"})
            api.cancel_session(morning.session.uuid, reason="Salle fermée", by=TRAINER, now=MORNING)
        assert heard[2:] == [(SACHA, COURSE)] * 2
    finally:
        live_hours_changed.disconnect(hear)


def test_a_code_is_taken_for_ten_minutes(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    shown = code(morning)
    clock.shift(timedelta(minutes=9, seconds=59))
    assert signed_in(CAMILLE).post(address(morning), {"code": shown}).status_code == 302
    clock.shift(timedelta(seconds=1))
    assert signed_in(SACHA).post(address(morning), {"code": shown}).status_code == 400


def test_spaces_in_a_code_do_not_matter(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    typed = f" {code(morning)[:3]} {code(morning)[3:]}\u00a0"
    assert signed_in(CAMILLE).post(address(morning), {"code": typed}).status_code == 302


def test_wrong_expired_and_foreign_codes_answer_the_same(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    elsewhere = new_session(title="Autre").slots.get(start=MORNING)
    client, answers = signed_in(CAMILLE), set()
    for guess in (wrong_code(morning), code(morning, -10 * MINUTE), code(elsewhere)):
        answer = client.post(address(morning), {"code": guess})
        assert answer.status_code == 400
        answers.add(str(answer.context["error"]))
    assert len(answers) == 1
    assert not LiveSignature.objects.exists()


@pytest.mark.parametrize("text", ["", "abcdef", "1" * 500, "é\u0661\u0662", "\x00", "12345", "' or 1=1"])
def test_what_is_no_code_is_a_wrong_code(morning: LiveSlot, clock: time_machine.Traveller, text: str) -> None:
    assert signed_in(CAMILLE).post(address(morning), {"code": text}).status_code == 400


def test_guessing_at_speed_is_refused_even_when_right(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    client = signed_in(CAMILLE)
    for _guess in range(5):
        assert client.post(address(morning), {"code": wrong_code(morning)}).status_code == 400
    answers = [client.post(address(morning), {"code": each}) for each in (wrong_code(morning), code(morning))]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert {answer["Retry-After"] for answer in answers} == {"600"}
    assert len({str(answer.context["error"]) for answer in answers}) == 1
    clock.shift(10 * MINUTE)
    assert client.post(address(morning), {"code": code(morning, 10 * MINUTE)}).status_code == 302


def test_guesses_count_over_all_sessions(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    client, elsewhere = signed_in(CAMILLE), new_session(title="Autre").slots.get(start=MORNING)
    for slot in (morning, elsewhere, morning, elsewhere, morning):
        assert client.post(address(slot), {"code": wrong_code(slot)}).status_code == 400
    assert client.post(address(elsewhere), {"code": code(elsewhere)}).status_code == 429


def test_a_crowd_that_guesses_is_refused_too(
    morning: LiveSlot, clock: time_machine.Traveller, host: InMemoryPlatform
) -> None:
    for user_id in range(100, 161):
        host.enrolments.add((user_id, COURSE))
    for user_id in range(100, 160):
        with pytest.raises(api.WrongCode):
            api.sign_with_code(user_id, morning.uuid, wrong_code(morning), now=MORNING)
    with pytest.raises(api.TooManyAttempts):
        api.sign_with_code(160, morning.uuid, wrong_code(morning), now=MORNING)
    assert not SigningAttempts.objects.filter(user_id=160, attempts__gt=0).exists()


@pytest.mark.django_db(transaction=True)
def test_guesses_are_counted_where_each_request_is_a_transaction(
    morning: LiveSlot, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    client = signed_in(CAMILLE)
    statuses = [client.post(address(morning), {"code": wrong_code(morning)}).status_code for _guess in range(6)]
    assert statuses == [400] * 5 + [429]


def test_right_codes_count_against_nobody(
    morning: LiveSlot, clock: time_machine.Traveller, host: InMemoryPlatform
) -> None:
    for user_id in range(100, 162):
        host.enrolments.add((user_id, COURSE))
        api.sign_with_code(user_id, morning.uuid, code(morning), now=MORNING + 10 * MINUTE)
    assert not SigningAttempts.objects.filter(attempts__gt=0).exists()


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        (MORNING - timedelta(minutes=15, seconds=1), 409),
        (MORNING - 15 * MINUTE, 302),
        (MORNING + HALF_DAY + timedelta(minutes=29, seconds=59), 302),
        (MORNING + HALF_DAY + 30 * MINUTE, 409),
    ],
)
def test_only_around_the_half_day(
    morning: LiveSlot, clock: time_machine.Traveller, moment: object, status: int
) -> None:
    clock.move_to(moment)  # type: ignore[arg-type]
    sent = {"code": api.code_on_show(morning.uuid, moment)}  # type: ignore[arg-type]
    assert signed_in(CAMILLE).post(address(morning), sent).status_code == status
    assert not SigningAttempts.objects.filter(attempts__gt=0).exists()


def test_strangers_find_nothing(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    for user_id in (STRANGER, OTHER_STAFF):
        client = signed_in(user_id)
        assert client.get(address(morning)).status_code == 404
        assert client.post(address(morning), {"code": code(morning)}).status_code == 404
        for page in ("", "code", "print"):
            assert client.get(address(morning, page)).status_code == 404
        for page in ("trainer", "for", "cancel"):
            assert client.post(address(morning, page), {"learner": "camille", "reason": "x"}).status_code == 404
        assert client.get(f"/utop/live/{COURSE}/").status_code == 404
        assert client.get(f"/utop/live/{COURSE}/sessions/").status_code == 404
        assert client.get(f"/utop/live/sessions/{morning.session.uuid}/").status_code == 404
        assert client.post(f"/utop/live/sessions/{morning.session.uuid}/cancel/", {"reason": "x"}).status_code == 404
        assert client.post(f"/utop/live/sessions/{morning.session.uuid}/place/").status_code in {302, 404}
        assert client.get("/utop/live/").context["own"] == ()
    assert not LiveSignature.objects.exists()
    assert not LiveRegistration.objects.exists()
    assert Client().get(address(morning)).status_code == 302


def test_learners_see_no_sheet(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    client = signed_in(CAMILLE)
    for page in ("", "code", "print"):
        assert client.get(address(morning, page)).status_code == 404
    for page in ("trainer", "for", "cancel"):
        assert client.post(address(morning, page), {"learner": "camille", "reason": "x"}).status_code == 404
    assert client.get(f"/utop/live/{COURSE}/sessions/").status_code == 404
    assert client.get(f"/utop/live/{COURSE}/sessions/new/").status_code == 404


def test_the_trainer_of_one_session_sees_no_other(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    other = new_session(title="Autre", trainer_id=None).slots.get(start=MORNING)
    client = signed_in(TRAINER)
    assert client.get(address(morning, "")).status_code == 200
    assert client.get(address(other, "")).status_code == 404
    page = client.get(f"/utop/live/{COURSE}/sessions/").content.decode()
    assert "Clôture" in page
    assert "Autre" not in page


def test_who_trains_does_not_sign_as_a_learner(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    answer = signed_in(TRAINER).post(address(morning), {"code": code(morning)})
    assert (answer.status_code, answer["Location"]) == (302, address(morning, ""))
    with pytest.raises(api.NotALearner):
        api.sign_with_code(TRAINER, morning.uuid, code(morning), now=MORNING)
    assert not LiveSignature.objects.exists()


@pytest.mark.parametrize("name", ["maud", "agathe"])
def test_nobody_signs_for_who_keeps_the_sheet(
    morning: LiveSlot, clock: time_machine.Traveller, host: InMemoryPlatform, name: str
) -> None:
    host.enrolments.add((STAFF, COURSE))
    answer = signed_in(TRAINER).post(address(morning, "for"), {"learner": name, "reason": "x"}, follow=True)
    assert "not as a learner" in answer.content.decode()
    assert not LiveSignature.objects.exists()


def test_the_sheet_awaits_learners_only(
    morning: LiveSlot, clock: time_machine.Traveller, host: InMemoryPlatform
) -> None:
    host.enrolments.add((STAFF, COURSE))
    assert api.sheet(morning.uuid).expected == (CAMILLE, SACHA)


def test_a_sheet_outlives_its_course(morning: LiveSlot, clock: time_machine.Traveller, host: InMemoryPlatform) -> None:
    del host.courses[COURSE]
    for page in ("", "print"):
        assert str(COURSE) in signed_in(TRAINER).get(address(morning, page)).content.decode()
    assert signed_in(TRAINER).get(f"/utop/live/sessions/{morning.session.uuid}/").status_code == 200


def test_the_trainer_signs_for_a_learner_with_a_reason(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    client = signed_in(TRAINER)
    client.post(address(morning, "for"), {"learner": "sacha", "reason": " "})
    assert not LiveSignature.objects.exists()
    client.post(address(morning, "for"), {"learner": "sacha@example.org", "reason": "Téléphone déchargé"})
    signature = LiveSignature.objects.get()
    assert (signature.user_id, signature.signed_by, signature.reason) == (SACHA, TRAINER, "Téléphone déchargé")
    page = client.get(address(morning, "")).content.decode()
    assert "1 learner signed" in page
    waiting = page[page.index("1 learner has not signed</summary>") : page.index("Who signed, when and how")]
    assert "Camille Exemple" in waiting
    assert "Sacha" not in waiting
    assert "Téléphone déchargé" in page
    assert "Maud Formatrice" in page
    assert len(api.live_hours(SACHA, COURSE)) == 1


@pytest.mark.parametrize("name", ["noa", "noa@example.org", "nobody", ""])
def test_who_is_not_enrolled_is_told_apart_from_nobody_by_nothing(
    morning: LiveSlot, clock: time_machine.Traveller, name: str
) -> None:
    answer = signed_in(STAFF).post(address(morning, "for"), {"learner": name, "reason": "x"}, follow=True)
    assert "No learner enrolled in this course has this username" in answer.content.decode()
    assert not LiveSignature.objects.exists()


def test_a_trainer_cannot_sign_for_tomorrow(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    clock.move_to(MORNING - timedelta(days=1))
    signed_in(TRAINER).post(address(morning, "for"), {"learner": "sacha", "reason": "x"})
    signed_in(TRAINER).post(address(morning, "trainer"))
    assert not LiveSignature.objects.exists()
    assert not TrainerSignature.objects.exists()


def test_a_cancelled_signature_stays_on_record(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    signed_in(CAMILLE).post(address(morning), {"code": code(morning)})
    trainer = signed_in(TRAINER)
    trainer.post(address(morning, "cancel"), {"learner": str(CAMILLE), "reason": ""})
    assert len(api.live_hours(CAMILLE, COURSE)) == 1
    trainer.post(address(morning, "cancel"), {"learner": str(CAMILLE), "reason": "Absente, code transmis"})
    assert api.live_hours(CAMILLE, COURSE) == ()
    rows = LiveSignature.objects.order_by("rank").values_list("method", "reason")
    assert list(rows) == [("code", ""), ("cancelled", "Absente, code transmis")]
    with pytest.raises(api.NotSigned):
        api.cancel_signature(CAMILLE, morning.uuid, reason="x", by=TRAINER, now=MORNING)
    answer = signed_in(CAMILLE).post(address(morning), {"code": code(morning)})
    assert answer.status_code == 409
    trainer.post(address(morning, "for"), {"learner": "camille", "reason": "Arrivée à 10 h"})
    assert len(api.live_hours(CAMILLE, COURSE)) == 1
    assert LiveSignature.objects.count() == 3
    assert [slot.signed for slot in api.session_of_slot(morning.uuid).slots] == [1, 0]


def test_a_sheet_asks_as_many_queries_for_a_room_as_for_two(
    morning: LiveSlot, clock: time_machine.Traveller, host: InMemoryPlatform
) -> None:
    client, asked = signed_in(TRAINER), []
    for crowd in (range(100, 102), range(102, 120)):
        for user_id in crowd:
            host.enrolments.add((user_id, COURSE))
            api.sign_for(user_id, morning.uuid, reason="x", by=TRAINER, now=MORNING)
        for page in (address(morning, ""), f"/utop/live/{COURSE}/sessions/"):
            with CaptureQueriesContext(connection) as queries:
                assert "learners signed" in client.get(page).content.decode()
            asked.append(len(queries))
    assert asked[:2] == asked[2:]


@pytest.mark.parametrize("learner", ["", "abc", str(SACHA), "99999999999999999999"])
def test_only_who_signed_can_be_cancelled(morning: LiveSlot, clock: time_machine.Traveller, learner: str) -> None:
    answer = signed_in(TRAINER).post(address(morning, "cancel"), {"learner": learner, "reason": "x"}, follow=True)
    assert "There is no signature to cancel" in answer.content.decode()


def test_nobody_else_signs_as_trainer(morning: LiveSlot) -> None:
    for user_id in (CAMILLE, OTHER_STAFF):
        with pytest.raises(api.UnknownSession):
            api.sign_as_trainer(user_id, morning.uuid, now=MORNING)


def test_what_is_not_there_is_found_by_nobody(session: LiveSession) -> None:
    staff = signed_in(STAFF)
    for page in ("", "code/", "print/", "sign/", "import/"):
        assert staff.get(f"/utop/live/half-days/{uuid4()}/{page}").status_code == 404
    assert staff.get(f"/utop/live/sessions/{uuid4()}/").status_code == 404
    assert staff.post(f"/utop/live/sessions/{uuid4()}/place/").status_code == 404
    with pytest.raises(api.UnknownSession):
        api.sign_with_code(CAMILLE, uuid4(), "123456", now=MORNING)
    with pytest.raises(api.UnknownSession):
        api.cancel_session(uuid4(), reason="x", by=STAFF, now=MORNING)


def test_the_trainer_signs_the_half_day_once(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    for _tap in range(2):
        signed_in(TRAINER).post(address(morning, "trainer"))
    assert TrainerSignature.objects.get().user_id == TRAINER
    assert "Maud Formatrice signed on" in signed_in(STAFF).get(address(morning, "")).content.decode()
    assert "Maud Formatrice (trainer)" in signed_in(STAFF).get(address(morning, "print")).content.decode()


def test_the_screen_shows_the_code_and_its_qr(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    page = signed_in(TRAINER).get(address(morning, "code")).content.decode()
    link = f"http://testserver{address(morning)}?code={code(morning)}"
    assert segno.make(link, error="m", micro=False).svg_inline(omitsize=True, light="#fff") in page
    assert f"{code(morning)[:3]} {code(morning)[3:]}" in page
    assert 'data-seconds="300"' in page
    assert "<script>" not in page


def test_the_half_days_to_sign_now_without_a_scan(session: LiveSession, clock: time_machine.Traveller) -> None:
    new_session(title="Ailleurs", course=OTHER_COURSE)
    page = signed_in(CAMILLE).get("/utop/live/").content.decode()
    assert address(session.slots.get(start=MORNING)) in page
    assert address(session.slots.get(start=AFTERNOON)) not in page
    assert "Ailleurs" not in page


def test_retirement_keeps_signatures_and_nothing_else(
    morning: LiveSlot, clock: time_machine.Traveller, session: LiveSession
) -> None:
    LiveSession.objects.update(capacity=3)
    api.register(CAMILLE, session.uuid, now=MORNING)
    api.sign_with_code(CAMILLE, morning.uuid, code(morning), now=MORNING + 10 * MINUTE)
    with pytest.raises(api.WrongCode):
        api.sign_with_code(CAMILLE, morning.uuid, wrong_code(morning), now=MORNING + 10 * MINUTE)
    on_retirement(user=User(pk=CAMILLE))
    assert len(api.live_hours(CAMILLE, COURSE)) == 1
    assert not LiveRegistration.objects.exists()
    assert not SigningAttempts.objects.filter(user_id=CAMILLE).exists()

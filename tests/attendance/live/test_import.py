"""A half-day signed by a list of participants, over HTTP."""

import base64
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from openedx_utop.attendance.live import api
from openedx_utop.attendance.live.models import LiveSignature, LiveSlot
from openedx_utop.compat import Person
from tests.attendance.live.conftest import (
    CAMILLE,
    COURSE,
    HALF_DAY,
    MORNING,
    OTHER_STAFF,
    SACHA,
    STAFF,
    TRAINER,
    signed_in,
)
from tests.host import InMemoryPlatform

# The half-day is 9:00 to 12:00 in Paris.
HEADER = "Nom;E-mail;Arrivée;Départ\n"
LIST = f"""{HEADER}Camille;CAMILLE@example.org;08:50;10:00
Camille;camille@example.org;09:30;10:30
Camille;camille@example.org;11:00;13:00
EXEMPLE Sacha (invitée);;09:00;11:00
Noa Autre;noa@example.org;09:00;12:00
Personne;nobody@example.org;09:00;12:00
Maud Formatrice;maud@example.org;08:30;12:30
=cmd|'/c calc'!A1;camille@example.org;tôt;tard
"""


def page(slot: LiveSlot) -> str:
    return f"/utop/live/half-days/{slot.uuid}/import/"


def upload(text: str | bytes) -> dict[str, object]:
    return {"file": SimpleUploadedFile("list.csv", text if isinstance(text, bytes) else text.encode())}


def confirmed(text: str, **more: str) -> dict[str, str]:
    return {"list": base64.b64encode(text.encode()).decode(), **more}


def verdicts(answer: object) -> list[str]:
    return [str(row.line.verdict) for row in answer.context["rows"]]  # type: ignore[attr-defined]


def comes(host: InMemoryPlatform, person: Person) -> None:
    host.people[person.user_id] = person
    host.enrolments.add((person.user_id, COURSE))
    User.objects.create_user(person.username, pk=person.user_id)


def hours(user_id: int) -> list[tuple[float, float]]:
    zero = MORNING
    return [
        ((each.start - zero) / timedelta(hours=1), (each.end - zero) / timedelta(hours=1))
        for each in api.live_hours(user_id, COURSE)
    ]


def test_the_dry_run_says_and_writes_nothing(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    answer = signed_in(TRAINER).post(page(morning), upload(LIST))
    assert verdicts(answer) == [*["by_email"] * 3, "by_name", *["not_enrolled"] * 3, "malformed"]
    shown = answer.content.decode()
    assert "2 h 30 min" in shown
    assert "=cmd|&#x27;/c calc&#x27;!A1" in shown
    assert "Also sign those recognised by the name alone" in shown
    recognised = shown.index("3 lines recognised by the e-mail address, or signed already</summary>")
    assert shown.index("recognised by the name alone: check it") < shown.index("cannot be read") < recognised
    assert not LiveSignature.objects.exists()


def test_who_is_not_enrolled_is_shown_as_nobody(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    rows = signed_in(TRAINER).post(page(morning), upload(LIST)).context["rows"]
    stranger, nobody = rows[4], rows[5]
    assert (stranger.said, stranger.learner, stranger.seconds) == (nobody.said, nobody.learner, nobody.seconds)


def test_presences_are_united_and_cut_to_the_half_day(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    answer = signed_in(TRAINER).post(page(morning), confirmed(LIST), follow=True)
    assert "1 learner&#x27;s presence is signed." in answer.content.decode()
    assert hours(CAMILLE) == [(0, 1.5), (2, 3)]
    assert hours(SACHA) == []
    row = LiveSignature.objects.get()
    assert (row.method, row.signed_by) == ("import", TRAINER)


def test_names_alone_are_signed_when_the_trainer_says_so(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    signed_in(TRAINER).post(page(morning), confirmed(LIST, by_name="1"))
    assert hours(SACHA) == [(0, 2)]


def test_twice_is_once(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    client = signed_in(TRAINER)
    for _time in range(2):
        client.post(page(morning), confirmed(LIST, by_name="1"))
    assert LiveSignature.objects.count() == 2
    answer = client.post(page(morning), upload(LIST))
    assert verdicts(answer)[:4] == ["already_signed"] * 4
    assert "Sign for the learners recognised" not in answer.content.decode()


def test_one_who_signed_with_the_code_keeps_the_whole_half_day(
    morning: LiveSlot, clock: time_machine.Traveller
) -> None:
    api.sign_for(CAMILLE, morning.uuid, reason="x", by=TRAINER, now=MORNING)
    signed_in(TRAINER).post(page(morning), confirmed(LIST, by_name="1"))
    assert hours(CAMILLE) == [(0, HALF_DAY / timedelta(hours=1))]
    assert hours(SACHA) == [(0, 2)]


def test_a_cancelled_signature_is_not_brought_back(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    api.sign_for(CAMILLE, morning.uuid, reason="x", by=TRAINER, now=MORNING)
    api.cancel_signature(CAMILLE, morning.uuid, reason="y", by=TRAINER, now=MORNING)
    client = signed_in(TRAINER)
    assert verdicts(client.post(page(morning), upload(LIST)))[0] == "cancelled"
    client.post(page(morning), confirmed(LIST))
    assert hours(CAMILLE) == []


def test_two_learners_of_one_name_or_address_are_told_apart_by_nobody(
    morning: LiveSlot, clock: time_machine.Traveller, host: InMemoryPlatform
) -> None:
    comes(host, Person(50, "camille2", "Camille EXEMPLE", "camille@example.org", "fr"))
    text = f"{HEADER}Camille;camille@example.org;09:00;12:00\ncamille exemple;;09:00;12:00\n"
    client = signed_in(TRAINER)
    assert verdicts(client.post(page(morning), upload(text))) == ["ambiguous"] * 2
    client.post(page(morning), confirmed(text, by_name="1"))
    assert not LiveSignature.objects.exists()


def test_a_remark_in_brackets_is_the_name_of_nobody(
    morning: LiveSlot, clock: time_machine.Traveller, host: InMemoryPlatform
) -> None:
    comes(host, Person(50, "nameless", "–", "", "fr"))
    answer = signed_in(TRAINER).post(page(morning), upload(f"{HEADER}(invitée);;09:00;12:00\n"))
    assert verdicts(answer) == ["not_enrolled"]


def test_the_staff_of_the_course_is_not_signed_by_a_list(
    morning: LiveSlot, clock: time_machine.Traveller, host: InMemoryPlatform
) -> None:
    host.enrolments.add((STAFF, COURSE))
    answer = signed_in(TRAINER).post(page(morning), upload(f"{HEADER}Agathe;agathe@example.org;09:00;12:00\n"))
    assert verdicts(answer) == ["not_enrolled"]


def test_presence_outside_the_half_day_signs_nothing(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    text = f"{HEADER}Camille;camille@example.org;14:00;15:00\n"
    client = signed_in(TRAINER)
    assert verdicts(client.post(page(morning), upload(text))) == ["outside"]
    client.post(page(morning), confirmed(text))
    assert not LiveSignature.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [{}, upload(b""), upload(b"\xff\xfe\x00"), upload(b"x" * 1_000_001), {"list": ""}, {"list": "é"}, {"list": "AAA"}],
)
def test_what_is_no_list_is_refused_in_words(
    morning: LiveSlot, clock: time_machine.Traveller, sent: dict[str, object]
) -> None:
    answer = signed_in(TRAINER).post(page(morning), sent)
    assert answer.status_code == 400
    assert str(answer.context["error"])


def test_before_the_half_day_there_is_nothing_to_import(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    clock.move_to(MORNING - timedelta(days=1))
    assert signed_in(TRAINER).post(page(morning), upload(LIST)).status_code == 400


def test_only_who_keeps_the_sheet_imports(morning: LiveSlot, clock: time_machine.Traveller) -> None:
    for user_id in (CAMILLE, OTHER_STAFF):
        assert signed_in(user_id).get(page(morning)).status_code == 404
        assert signed_in(user_id).post(page(morning), confirmed(LIST)).status_code == 404
    assert not LiveSignature.objects.exists()

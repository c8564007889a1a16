"""The staff's desk and the learner's page over HTTP: who may, what is refused and said, what is shown to whom."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve
from django.utils.html import escape

from openedx_utop.attendance.corrections import api
from openedx_utop.attendance.corrections.models import Contest, ContestAnswer, Correction, CorrectionDecision
from tests.attendance.corrections.conftest import MODULE, OTHER_MODULE
from tests.attendance.corrections.factories import (
    AUTHOR,
    COURSE,
    LEARNER,
    NOW,
    OTHER_COURSE,
    SECOND,
    STRANGER,
    decided,
    written,
)

QUEUE, CONTEST = f"/utop/corrections/{COURSE}/", f"/utop/contests/{COURSE}/"
RECORD = f"{QUEUE}{LEARNER}/"
PDF = b"%PDF-1.7\n1 0 obj\n"
pytestmark = pytest.mark.usefixtures("action", "clock")


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def stored(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def signed_in(user_id: int) -> Client:
    accounts = get_user_model().objects
    client = Client()
    client.force_login(accounts.filter(pk=user_id).first() or accounts.create_user(f"user{user_id}", id=user_id))
    return client


def form(**values: Any) -> dict[str, Any]:
    return {
        "form_id": str(uuid4()),
        "day": "2026-03-02",
        "module": str(MODULE),
        "direction": "add",
        "minutes": "20",
        "reason": "incident",
        "text": "Panne du réseau.",
        **values,
    }


def question(**values: Any) -> dict[str, Any]:
    return {"day": "2026-03-02", "module": str(MODULE), "claimed_minutes": "50", "words": "J’y étais.", **values}


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def document(content: bytes = PDF, name: str = "feuille.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")


def test_a_correction_is_written_and_shown():
    staff = signed_in(AUTHOR)
    response = staff.post(RECORD, form(minutes="20", seconds="5"))
    assert (response.status_code, response["Location"]) == (302, RECORD)
    assert [facts.seconds for facts in api.effective(LEARNER, COURSE)] == [1205]
    text = staff.get(RECORD).content.decode()
    for expected in ("Camille Dupont", "0:20:05", "Alix Martin", "Panne du réseau.", escape("Protéger ses données")):
        assert expected in text


def test_the_platform_opens_no_transaction_around_it():
    """In one, of two corrections at once neither would see the other."""
    assert "default" in resolve(RECORD).func._non_atomic_requests


def test_a_withdrawal():
    signed_in(AUTHOR).post(RECORD, form(direction="withdraw", minutes="10"))
    assert Correction.objects.get().seconds == -600


def test_the_same_form_sent_twice_is_one_correction(stored):
    staff, sent = signed_in(AUTHOR), form()
    for _time in range(2):
        assert staff.post(RECORD, {**sent, "document": document()}).status_code == 302
    assert Correction.objects.count() == 1
    assert len([path for path in stored.rglob("*") if path.is_file()]) == 1


def test_the_form_of_somebody_elses_correction_writes_nothing():
    sent = form()
    signed_in(AUTHOR).post(RECORD, sent)
    assert signed_in(SECOND).post(RECORD, sent).status_code == 400
    assert Correction.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("day", "2026-03-04"),
        ("day", "2026-02-01"),
        ("day", "hier"),
        ("day", ""),
        ("module", str(OTHER_COURSE.make_usage_key("sequential", "module"))),
        ("module", "=1+1"),
        ("direction", ""),
        ("minutes", "-5"),
        ("minutes", "0"),
        ("minutes", "1441"),
        ("minutes", "9" * 400),
        ("minutes", "=1+1"),
        ("seconds", "60"),
        ("reason", "because"),
        ("text", " "),
        ("text", "x" * 1_000_000),
        ("form_id", "7"),
    ],
)
def test_what_is_mistyped_is_refused_and_kept_in_the_form(field, value):
    response = signed_in(AUTHOR).post(RECORD, form(**{field: value}))
    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()
    assert not Correction.objects.exists()


def test_the_refusal_says_what_is_left():
    response = signed_in(AUTHOR).post(RECORD, form(direction="withdraw", minutes="31"))
    assert response.status_code == 400
    assert "0:30:00" in response.content.decode()


def test_a_formula_is_only_text():
    staff = signed_in(AUTHOR)
    staff.post(RECORD, form(text='=HYPERLINK("http://x")<script>alert(1)</script>'))
    assert "<script>alert" not in staff.get(RECORD).content.decode()


@pytest.mark.parametrize("who", [LEARNER, STRANGER])
def test_the_staff_of_another_course_and_learners_learn_nothing(who):
    pending = written(9000, needs_second_person=True)
    contested = api.contest(
        LEARNER, COURSE, day=None, module_key=None, claimed_minutes=5, words="Secret de Camille", now=NOW
    )
    client = signed_in(who)
    for address in (QUEUE, RECORD, f"{QUEUE}?learner=user7"):
        assert client.get(address).status_code == 404
    assert client.post(RECORD, form()).status_code == 404
    assert client.post(f"/utop/corrections/{pending.uuid}/decision/", {"verdict": "accept"}).status_code == 404
    assert client.post(f"/utop/contests/{contested.uuid}/answer/", {"words": "Oui."}).status_code == 404
    assert (Correction.objects.count(), CorrectionDecision.objects.count(), ContestAnswer.objects.count()) == (1, 0, 0)


def test_each_course_has_its_own_queue():
    written(9000, needs_second_person=True, text="du premier cours")
    other = signed_in(STRANGER).get(f"/utop/corrections/{OTHER_COURSE}/")
    assert other.status_code == 200
    assert "du premier cours" not in other.content.decode()
    assert "du premier cours" in signed_in(SECOND).get(QUEUE).content.decode()


def test_visitors_sign_in_first(client):
    for address in (QUEUE, RECORD, CONTEST):
        assert "next=" in client.get(address)["Location"]


def test_of_somebody_who_is_not_in_the_course():
    assert signed_in(AUTHOR).get(f"{QUEUE}{STRANGER}/").status_code == 404
    assert signed_in(AUTHOR).post(f"{QUEUE}{STRANGER}/", form()).status_code == 404


def test_a_record_is_found_by_the_learners_name():
    staff = signed_in(AUTHOR)
    assert staff.get(QUEUE, {"learner": " user7 "})["Location"] == RECORD
    unknown, elsewhere = staff.get(QUEUE, {"learner": "personne"}), staff.get(QUEUE, {"learner": "user30"})
    assert unknown["Location"] == elsewhere["Location"] == QUEUE
    assert set(said(unknown)) == set(said(elsewhere))


def test_another_site_cannot_write():
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(AUTHOR).cookies
    assert strict.post(RECORD, form()).status_code == 403


def test_a_second_person_decides_from_the_queue():
    signed_in(AUTHOR).post(RECORD, form(minutes="90"))
    uuid = Correction.objects.get().uuid
    decision = f"/utop/corrections/{uuid}/decision/"
    assert decision not in signed_in(AUTHOR).get(QUEUE).content.decode()
    second = signed_in(SECOND)
    assert decision in second.get(QUEUE).content.decode()
    assert second.post(decision, {"verdict": "accept"})["Location"] == QUEUE
    assert [facts.seconds for facts in api.effective(LEARNER, COURSE)] == [5400]
    assert second.post(decision, {"verdict": "refuse", "why": "Trop tard."})["Location"] == QUEUE
    assert CorrectionDecision.objects.get().is_accepted


def test_each_line_of_the_queue_unfolds_with_its_form_and_one_with_errors_is_unfolded():
    signed_in(LEARNER).post(CONTEST, question())
    uuid = written(9000, needs_second_person=True).uuid
    second = signed_in(SECOND)
    page = second.get(QUEUE).content.decode()
    assert page.count('<details class="utop-card">') == 2
    assert page.count('<details class="utop-card" open>') == 0
    assert page.index("2:30:00</strong>") < page.index("</summary>") < page.index("/decision/")
    refused = second.post(f"/utop/corrections/{uuid}/decision/", {"verdict": "refuse"}).content.decode()
    assert refused.index('<details class="utop-card" open>') < refused.index("/decision/")
    assert refused.count('<details class="utop-card" open>') == 1


def test_the_form_for_a_correction_is_one_key_away_unless_it_has_errors():
    staff = signed_in(AUTHOR)
    assert '<details class="utop-card" id="utop-new">' in staff.get(RECORD).content.decode()
    refused = staff.post(RECORD, form(text=""))
    assert '<details class="utop-card" id="utop-new" open>' in refused.content.decode()


def test_the_author_cannot_decide_by_another_way():
    signed_in(AUTHOR).post(RECORD, form(minutes="90"))
    uuid = Correction.objects.get().uuid
    signed_in(AUTHOR).post(f"/utop/corrections/{uuid}/decision/", {"verdict": "accept"})
    assert not CorrectionDecision.objects.exists()


@pytest.mark.parametrize("sent", [{"verdict": "refuse"}, {"verdict": "maybe"}, {}])
def test_a_refusal_needs_a_reason_and_a_decision_a_verdict(sent):
    uuid = written(9000, needs_second_person=True).uuid
    response = signed_in(SECOND).post(f"/utop/corrections/{uuid}/decision/", sent)
    assert response.status_code == 400
    assert not CorrectionDecision.objects.exists()


def test_a_learner_contests_and_reads_the_answer():
    learner, staff = signed_in(LEARNER), signed_in(AUTHOR)
    assert learner.post(CONTEST, question())["Location"] == CONTEST
    contested = Contest.objects.get()
    assert (contested.shown_seconds, contested.claimed_minutes) == (1800, 50)
    assert "J’y étais." in staff.get(QUEUE).content.decode()
    staff.post(RECORD, form())
    correction = Correction.objects.get()
    answer = {"words": "C’est corrigé.", "correction": str(correction.uuid)}
    assert staff.post(f"/utop/contests/{contested.uuid}/answer/", answer)["Location"] == QUEUE
    text = learner.get(CONTEST).content.decode()
    assert "C’est corrigé." in text
    assert f"#correction-{correction.uuid}" in text
    assert f'id="correction-{correction.uuid}"' in text
    assert staff.post(f"/utop/contests/{contested.uuid}/answer/", answer).status_code == 302
    assert ContestAnswer.objects.count() == 1


def test_a_contest_sent_twice_is_one():
    learner = signed_in(LEARNER)
    for _time in range(2):
        learner.post(CONTEST, question(day="", module=""))
    assert Contest.objects.count() == 1


def test_contests_have_a_limit():
    learner = signed_in(LEARNER)
    answers = [learner.post(CONTEST, question(words=str(number))).status_code for number in range(11)]
    assert answers == [302] * 10 + [400]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("claimed_minutes", "-1"),
        ("claimed_minutes", ""),
        ("words", ""),
        ("words", "x" * 1_000_000),
        ("day", "0"),
        ("day", "2026-03-04"),
        ("day", "9999-12-31"),
        ("day", "0001-01-01"),
        ("module", "x"),
    ],
)
def test_a_mistyped_contest(field, value):
    assert signed_in(LEARNER).post(CONTEST, question(**{field: value})).status_code == 400
    assert not Contest.objects.exists()


def test_only_learners_of_the_course_contest(host):
    assert signed_in(STRANGER).get(CONTEST).status_code == 404
    assert signed_in(STRANGER).post(CONTEST, question()).status_code == 404
    host.masquerading = True
    assert signed_in(LEARNER).post(CONTEST, question()).status_code == 404
    assert not Contest.objects.exists()


def test_nobody_else_contests_and_nothing_of_another_course():
    said = {"day": None, "claimed_minutes": 5, "words": "x", "now": NOW}
    with pytest.raises(api.NoSuchLearner):
        api.contest(STRANGER, COURSE, module_key=None, **said)
    with pytest.raises(api.NoSuchModule):
        api.contest(LEARNER, COURSE, module_key=OTHER_COURSE.make_usage_key("sequential", "module"), **said)
    assert not Contest.objects.exists()


def test_an_answer_names_only_a_correction_of_that_learner():
    contested = api.contest(LEARNER, COURSE, day=None, module_key=None, claimed_minutes=5, words="x", now=NOW)
    stranger = written(60, user_id=STRANGER)
    sent = {"words": "Voilà.", "correction": str(stranger.uuid)}
    assert signed_in(AUTHOR).post(f"/utop/contests/{contested.uuid}/answer/", sent).status_code == 400
    with pytest.raises(api.UnknownCorrection):
        api.answer(contested.uuid, words="Voilà.", correction_uuid=stranger.uuid, by=AUTHOR, now=NOW)
    assert not ContestAnswer.objects.exists()


def test_a_contest_starts_from_the_figure_that_was_clicked():
    text = signed_in(LEARNER).get(CONTEST, {"module": str(OTHER_MODULE), "day": "2026-03-02"}).content.decode()
    assert f'value="{OTHER_MODULE}" selected' in text
    assert 'value="2026-03-02"' in text


def test_the_learner_sees_every_correction_but_not_who(action):
    written(600)
    decided(written(9000, needs_second_person=True), is_accepted=False, why="Sans preuve.")
    written(60, user_id=STRANGER, text="d’un autre")
    text = signed_in(LEARNER).get(CONTEST).content.decode()
    for shown in ("0:10:00", "2:30:00", "Sans preuve.", "Panne du réseau."):
        assert shown in text
    for hidden in ("Alix", "Sacha", "d’un autre"):
        assert hidden not in text


def kept(**values: Any) -> Correction:
    signed_in(AUTHOR).post(RECORD, form(document=document(), **values))
    return Correction.objects.get()


def test_a_document_is_kept_for_the_staff_and_the_learner_concerned(stored, host):
    record = kept()
    address = f"/utop/corrections/{record.uuid}/document/"
    assert address in signed_in(LEARNER).get(CONTEST).content.decode()
    for reader in (AUTHOR, SECOND, LEARNER):
        response = signed_in(reader).get(address)
        assert (response.status_code, response.content) == (200, PDF)
        assert response["Content-Disposition"] == 'attachment; filename="feuille.pdf"'
        assert (response["X-Content-Type-Options"], response["Content-Type"]) == ("nosniff", "application/pdf")
    assert signed_in(STRANGER).get(address).status_code == 404
    host.enrolments.add((99, COURSE))
    assert signed_in(99).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_where_it_is_kept_says_nothing(stored):
    record = kept()
    (path,) = [path for path in stored.rglob("*") if path.is_file()]
    assert (path.suffix, len(path.name)) == ("", 43)
    for page in (
        signed_in(AUTHOR).get(RECORD),
        signed_in(LEARNER).get(CONTEST),
        signed_in(LEARNER).get("/utop/my-data.json"),
    ):
        assert path.name not in page.content.decode()
    assert record.evidence_sha256 in signed_in(LEARNER).get(CONTEST).content.decode()


@pytest.mark.parametrize("content", [b"%PDF-1.7 another", None])
def test_a_document_that_is_not_what_was_recorded_is_not_given(stored, content):
    record = kept()
    (path,) = [path for path in stored.rglob("*") if path.is_file()]
    path.write_bytes(content) if content else path.unlink()
    response = signed_in(AUTHOR).get(f"/utop/corrections/{record.uuid}/document/")
    assert response.status_code == 410
    assert b"%PDF" not in response.content


def test_a_document_about_others_is_not_opened_by_the_learner():
    record = kept(names_others="on")
    address = f"/utop/corrections/{record.uuid}/document/"
    assert signed_in(AUTHOR).get(address).status_code == 200
    assert signed_in(LEARNER).get(address).status_code == 404
    assert address not in signed_in(LEARNER).get(CONTEST).content.decode()


@pytest.mark.parametrize(
    "content", [b"<html><script>alert(1)</script>", b"", b"MZ\x90", b"%PDF-" + b"x" * 5 * 1024 * 1024]
)
def test_what_is_no_picture_or_pdf_or_is_too_large_is_refused(content, stored):
    response = signed_in(AUTHOR).post(RECORD, form(document=document(content)))
    assert response.status_code == 400
    assert not Correction.objects.exists()
    assert not [path for path in stored.rglob("*") if path.is_file()]


def test_a_refused_correction_leaves_no_document(stored):
    signed_in(AUTHOR).post(RECORD, form(document=document(), day="2026-02-01"))
    signed_in(AUTHOR).post(RECORD, form(document=document(), direction="withdraw", minutes="60"))
    assert not [path for path in stored.rglob("*") if path.is_file()]


def test_a_malicious_name_stays_a_name():
    signed_in(AUTHOR).post(RECORD, form(document=document(name='a";\r\nX: y/../é.pdf')))
    record = Correction.objects.get()
    response = signed_in(AUTHOR).get(f"/utop/corrections/{record.uuid}/document/")
    assert "X" not in response.headers
    assert response["Content-Disposition"].startswith("attachment; filename")


def test_there_is_no_document_where_none_was_kept():
    assert signed_in(AUTHOR).get(f"/utop/corrections/{written(60).uuid}/document/").status_code == 404
    assert signed_in(AUTHOR).get(f"/utop/corrections/{uuid4()}/document/").status_code == 404


def test_after_the_account_is_gone_the_staff_still_reads_the_record(host):
    written(600, recorded_at=NOW - timedelta(days=1))
    del host.people[LEARNER]
    text = signed_in(AUTHOR).get(RECORD).content.decode()
    assert "Panne du réseau." in text


def test_the_registers_are_read_only(admin_client):
    record = written(600)
    base = "/admin/openedx_utop/correction/"
    assert admin_client.get(base).status_code == 200
    assert admin_client.get(f"{base}{record.pk}/change/").status_code == 200
    assert admin_client.post(f"{base}{record.pk}/change/", {"seconds": "1"}).status_code == 403
    assert admin_client.get(f"{base}add/").status_code == 403
    assert admin_client.get(f"{base}{record.pk}/delete/").status_code == 403

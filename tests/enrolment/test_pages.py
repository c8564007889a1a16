"""The pages of those who enrol people: two companies and an adviser, and everybody else."""

import base64
import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openedx_utop.enrolment.api import Desk, seats_of
from openedx_utop.enrolment.models import EnrolmentList, Seat, SeatPlan
from openedx_utop.events.signals import list_due
from openedx_utop.receivers import on_list
from tests.enrolment.conftest import BANK, COURSE, INN
from tests.enrolment.test_lists import apply

pytestmark = pytest.mark.django_db
PAGE = f"/utop/enrolment/{COURSE}/"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_paste_check_apply(innkeeper: Any) -> None:
    client = signed_in(innkeeper)
    tried = client.post(PAGE, {"list": "lea@example.org;Dupré;Léa\nnope"})
    assert tried.status_code == 200
    assert not Seat.objects.exists()
    sent = dict(re.findall(r'name="(company|form_id|list)" value="([^"]*)"', text(tried)))
    assert sent["company"] == INN
    applied = client.post(f"{PAGE}apply/", sent)
    assert applied.status_code == 302
    assert client.post(f"{PAGE}apply/", sent)["Location"] == applied["Location"]
    result = text(client.get(applied["Location"]))
    assert "lea@example.org" in result
    assert "nope" in result
    assert EnrolmentList.objects.count() == 1
    assert "lea@example.org" in text(client.get(PAGE))


def test_a_file_in_latin_1(innkeeper: Any) -> None:
    file = SimpleUploadedFile("liste.csv", "courriel;nom\nlea@example.org;Dupré".encode("latin-1"))
    assert "Dupré" in text(signed_in(innkeeper).post(PAGE, {"file": file}))


def test_a_hundred_thousand_lines_are_refused_with_a_sentence(innkeeper: Any) -> None:
    file = SimpleUploadedFile("liste.csv", b"p@example.org;x\n" * 100_000)
    answer = signed_in(innkeeper).post(PAGE, {"file": file})
    assert answer.status_code == 400
    assert 'role="alert"' in text(answer)


@pytest.mark.parametrize("sent", [{}, {"list": "%%%", "form_id": str(uuid4())}, {"list": "YQ==", "form_id": "x"}])
def test_a_damaged_form_is_told_so(innkeeper: Any, sent: dict[str, str]) -> None:
    assert signed_in(innkeeper).post(f"{PAGE}apply/", sent).status_code == 400


def test_it_does_not_exist_for_anybody_else(inn: Desk, sign_up: Any, client: Client) -> None:
    apply(inn, b"lea@example.org")
    seat, source = Seat.objects.get(), EnrolmentList.objects.get()
    reads = [PAGE, f"{PAGE}?company={INN}", f"{PAGE}seats.csv", f"{PAGE}lists/{source.uuid}/"]
    writes = [
        f"{PAGE}apply/",
        f"{PAGE}capacity/",
        *(f"{PAGE}seats/{seat.uuid}/{act}/" for act in ("withdraw", "invite")),
    ]
    for address in reads:
        assert client.get(address).status_code == 302
    stranger = signed_in(sign_up("stranger"))
    assert {stranger.get(address).status_code for address in reads} == {404}
    assert {stranger.post(address).status_code for address in writes} == {404}


def test_two_companies_see_nothing_of_each_other(inn: Desk, bank: Desk, banker: Any) -> None:
    apply(inn, b"lea@example.org")
    apply(bank, b"bob@example.org")
    client, source = signed_in(banker), EnrolmentList.objects.get(plan__company=INN)
    seat = Seat.objects.get(plan__company=INN)
    assert client.get(f"{PAGE}?company={INN}").status_code == 404
    assert client.get(f"{PAGE}seats.csv?company={INN}").status_code == 404
    assert client.get(f"{PAGE}lists/{source.uuid}/").status_code == 404
    assert client.get(f"{PAGE}lists/{source.uuid}/?company={INN}").status_code == 404
    for act in ("withdraw", "invite"):
        for company in ({}, {"company": INN}, {"company": BANK}):
            assert client.post(f"{PAGE}seats/{seat.uuid}/{act}/", company).status_code == 404
    assert client.post(f"{PAGE}capacity/", {"company": BANK, "capacity": "9"}).status_code == 404
    sent = {"company": INN, "form_id": str(uuid4()), "list": base64.b64encode(b"x@example.org").decode()}
    assert client.post(f"{PAGE}apply/", sent).status_code == 404
    page, table = text(client.get(PAGE)), b"".join(client.get(f"{PAGE}seats.csv").streaming_content).decode()
    for shown in (page, table):
        assert "bob@example.org" in shown
        assert "lea@example.org" not in shown
        assert INN not in shown
    assert Seat.objects.get(pk=seat.pk).state == "invited"


def test_the_adviser_sees_each_company_by_itself(inn: Desk, adviser: Any) -> None:
    apply(inn, b"lea@example.org")
    client = signed_in(adviser)
    assert "lea@example.org" not in text(client.get(PAGE))
    assert "lea@example.org" in text(client.get(f"{PAGE}?company={INN}"))
    assert client.get(f"{PAGE}?company=1234").status_code == 400
    assert client.post(f"{PAGE}capacity/", {"company": INN, "capacity": "3"}).status_code == 302
    assert SeatPlan.objects.get(company=INN).capacity == 3
    client.post(f"{PAGE}capacity/", {"company": INN, "capacity": "-3"})
    assert SeatPlan.objects.get(company=INN).capacity == 3


def test_a_seat_is_withdrawn_from_the_page(inn: Desk, innkeeper: Any) -> None:
    apply(inn, b"lea@example.org")
    client = signed_in(innkeeper)
    seat = seats_of(inn)[0].uuid
    assert client.post(f"{PAGE}seats/{seat}/withdraw/", {"company": INN}).status_code == 302
    assert seats_of(inn)[0].state == "withdrawn"
    assert client.get(f"{PAGE}seats/{seat}/withdraw/").status_code == 405


def test_a_name_that_is_a_formula_computes_nothing(inn: Desk, innkeeper: Any) -> None:
    apply(inn, b"lea@example.org;=1+1;@x")
    table = b"".join(signed_in(innkeeper).get(f"{PAGE}seats.csv").streaming_content).decode()
    assert "'=1+1" in table
    assert "'@x" in table


def test_a_long_list_shows_how_far_it_is_and_goes_on_without_a_worker(innkeeper: Any, banker: Any) -> None:
    content = base64.b64encode(b"".join(b"p%d@example.org\n" % number for number in range(1400))).decode()
    list_due.disconnect(dispatch_uid="utop_list")
    try:
        sent = {"company": INN, "form_id": str(uuid4()), "list": content}
        address = signed_in(innkeeper).post(f"{PAGE}apply/", sent)["Location"]
    finally:
        list_due.connect(on_list, dispatch_uid="utop_list")
    shown = text(signed_in(innkeeper).get(address))
    assert 'value="200" max="1400"' in shown
    assert "list_progress.js" in shown
    go_on = address.partition("?")[0] + "go-on/"
    assert signed_in(banker).post(go_on, {"company": BANK}).status_code == 404
    assert Seat.objects.count() == 200
    assert signed_in(innkeeper).post(go_on, {"company": INN})["Location"] == address
    assert 'value="1200" max="1400"' in text(signed_in(innkeeper).get(address))
    signed_in(innkeeper).post(go_on, {"company": INN})
    assert "p1399@example.org" in text(signed_in(innkeeper).get(address))

"""The same desks and the same rules, for programs."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from openedx_utop.enrolment.api import Desk, seats_of
from openedx_utop.enrolment.models import Seat
from tests.enrolment.conftest import COURSE, INN
from tests.enrolment.test_lists import apply

pytestmark = pytest.mark.django_db
API = f"/utop/api/v1/enrolment/{COURSE}/"


def signed_in(user: Any) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def test_check_apply_look_withdraw(innkeeper: Any) -> None:
    client = signed_in(innkeeper)
    sent = {"list": "lea@example.org;Dupré;Léa\nnope", "form_id": str(uuid4())}
    tried = client.post(f"{API}check/", {"list": sent["list"]}, format="json").json()
    assert [(each["line"], each["verdict"]) for each in tried["lines"]] == [(1, "seat"), (2, "bad_email")]
    assert not Seat.objects.exists()
    first, again = (client.post(f"{API}lists/", sent, format="json") for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert client.get(f"{API}lists/{first.json()['uuid']}/").json() == first.json()
    seats = client.get(f"{API}seats/").json()
    assert (seats["capacity"], seats["taken"], seats["waiting"]) == (None, 1, 0)
    (person,) = seats["people"]
    assert (person["email"], person["state"]) == ("lea@example.org", "invited")
    assert client.delete(f"{API}seats/{person['uuid']}/").json()["state"] == "withdrawn"


@pytest.mark.parametrize("sent", [{}, {"list": ""}, {"list": "a@b.fr"}, {"list": "a@b.fr", "form_id": "1"}])
def test_what_is_missing_is_told(innkeeper: Any, sent: dict[str, str]) -> None:
    assert signed_in(innkeeper).post(f"{API}lists/", sent, format="json").status_code == 400


def test_a_list_without_anybody(innkeeper: Any) -> None:
    answer = signed_in(innkeeper).post(f"{API}check/", {"list": "email;nom"}, format="json")
    assert answer.status_code == 400
    assert answer.json()["list"]


def test_another_company_gets_nothing(inn: Desk, banker: Any) -> None:
    apply(inn, b"lea@example.org")
    client, seat = signed_in(banker), seats_of(inn)[0].uuid
    assert client.get(f"{API}seats/").json()["people"] == []
    for company in ("", f"?company={INN}"):
        assert client.delete(f"{API}seats/{seat}/{company}").status_code == 404
    assert client.get(f"{API}seats/?company={INN}").status_code == 404
    assert client.post(f"{API}check/", {"company": INN, "list": "a@b.fr"}, format="json").status_code == 404


def test_strangers_and_visitors_get_nothing(inn: Desk, sign_up: Any) -> None:
    assert signed_in(sign_up("stranger")).get(f"{API}seats/").status_code == 404
    assert APIClient().get(f"{API}seats/").status_code in (401, 403)


def test_it_is_described(client: Any) -> None:
    described = client.get("/utop/api/v1/schema/", headers={"accept": "application/json"}).json()
    paths = [path for path in described["paths"] if "/enrolment/" in path]
    assert len(paths) == 5
    assert "post" in described["paths"]["/utop/api/v1/enrolment/{course_key}/lists/"]

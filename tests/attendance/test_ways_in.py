"""What is particular to each way in; what they have in common is in the tests marked `every_way`."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from openedx_utop.attendance import wire
from openedx_utop.attendance.answers import BEATS_PATH
from openedx_utop.attendance.backends.direct import DirectRecorder
from openedx_utop.attendance.middleware import BeatsFirst
from openedx_utop.settings import common, production
from openedx_utop.settings.extension_points import BEATS_FIRST, REFUSAL_PAGE
from tests.attendance.conftest import Desk, every_way
from tests.attendance.ways import through_intake


def refuse_everything(get_response: Any) -> Any:
    """A platform's middleware that a beat must not pay for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=418)

    return middleware


def beat(desk: Desk, seq: int = 1) -> dict[str, Any]:
    return {"lease": desk.lease(), "client": "tab-00001", "seq": seq, "quiet": 0, "appeared": True}


def test_they_answer_at_the_same_address() -> None:
    assert reverse("openedx_utop:beats") == BEATS_PATH


def test_first_is_first() -> None:
    assert configured.MIDDLEWARE[0] == BEATS_FIRST


@override_settings(MIDDLEWARE=[BEATS_FIRST, f"{__name__}.refuse_everything"], ALLOWED_HOSTS=[])
def test_the_platforms_stack_is_spared_by_beats_only(desk: Desk) -> None:
    desk.http = Client()
    assert desk.post(beat(desk)).status_code == 200
    assert desk.http.get("/utop/").status_code == 418
    assert desk.http.post(f"{BEATS_PATH}x").status_code == 418


@override_settings(MIDDLEWARE=[BEATS_FIRST, f"{__name__}.refuse_everything"])
@pytest.mark.parametrize("way", ["view"], indirect=True)
def test_the_operator_can_do_without(desk: Desk) -> None:
    assert desk.post(beat(desk)).status_code == 418


@override_settings(ROOT_URLCONF="tests.attendance.test_ways_in")
def test_it_steps_aside_where_the_plugin_has_no_addresses() -> None:
    with pytest.raises(MiddlewareNotUsed):
        BeatsFirst(lambda request: HttpResponse())


urlpatterns: list[Any] = []


@pytest.mark.parametrize("others", [[], ["a", "b"], ("a", BEATS_FIRST, "b")])
def test_settings_put_it_first_however_often_they_run(others: Any) -> None:
    host: Any = SimpleNamespace(MIDDLEWARE=others, LOCALE_PATHS=[])
    common.plugin_settings(host)
    host.MIDDLEWARE = ["added by the operator", *host.MIDDLEWARE]
    for _time in range(2):
        production.plugin_settings(host)
    rest = [name for name in others if name != BEATS_FIRST]
    assert [BEATS_FIRST, "added by the operator", *rest, REFUSAL_PAGE] == host.MIDDLEWARE


@pytest.mark.parametrize("path", ["/", "/utop/", "/utop/api/v1/leases/", f"/lms{BEATS_PATH}", f"{BEATS_PATH}x"])
def test_the_intake_answers_nothing_else(path: str) -> None:
    answer = through_intake()("POST", b"{}", path)
    assert (answer.status_code, answer.json()["title"]) == (404, "not-found")


class Faulty(DirectRecorder):
    """With a fault of ours."""

    def record_together(self, reports: Any) -> Any:
        raise ZeroDivisionError


@pytest.mark.parametrize("way", ["intake"], indirect=True)
@pytest.mark.parametrize("recorder", ["direct"], indirect=True)
def test_a_fault_of_ours_keeps_nobody_waiting(desk: Desk, settings: Any) -> None:
    settings.UTOP_RECORDER = f"{__name__}.{Faulty.__name__}"
    with pytest.raises(ZeroDivisionError):
        desk.post(beat(desk))


@pytest.mark.parametrize("declared", ["-1", "many", "²"])
def test_a_length_that_no_server_lets_through(declared: str) -> None:
    assert wire.body({"REQUEST_METHOD": "POST", "CONTENT_LENGTH": declared}, BytesIO(b"{}").read) == b""


class Broken:
    """A database that refuses to write."""

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")):
            raise DatabaseError("read-only")
        return execute(sql, *rest)


@every_way
@pytest.mark.parametrize("recorder", ["direct"], indirect=True)
def test_a_database_that_refuses_is_told_and_nothing_is_lost(desk: Desk) -> None:
    first = beat(desk)
    assert desk.post(first).status_code == 200
    desk.at(30)
    second = {**first, "seq": 2, "appeared": False}
    with connection.execute_wrapper(Broken()):
        answer = desk.post(second)
    assert (answer.status_code, answer["Content-Type"], answer["Retry-After"]) == (
        503,
        "application/problem+json",
        "30",
    )
    assert b"read-only" not in answer.content
    assert desk.post(second).status_code == 200
    assert desk.total() == 30

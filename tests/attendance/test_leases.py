"""Renewing a lease: for the signed-in learner, of their own, while enrolled."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.signing import Signer
from django.test import Client

from openedx_utop.attendance import api, lease
from openedx_utop.attendance.data import Lease
from openedx_utop.attendance.summary import milliseconds
from tests.attendance.conftest import LEARNER, MONDAY, Desk, course_key, usage_key
from tests.host import InMemoryPlatform

LEASES = "/utop/api/v1/leases/"


@pytest.fixture
def learner(db: None, host: InMemoryPlatform) -> User:
    host.enrolments.add((LEARNER, course_key()))
    return User.objects.create_user("camille", pk=LEARNER)


def renew(http: Client, lease: str, **headers: Any) -> Any:
    return http.post(LEASES, json.dumps({"lease": lease}), content_type="application/json", **headers)


def test_an_expired_lease_is_renewed(desk: Desk, learner: User) -> None:
    expired = desk.lease()
    desk.at(100_000)
    desk.http.force_login(learner)
    answer = renew(desk.http, expired)
    assert answer.status_code == 200
    beat = {"lease": answer.json()["lease"], "client": "tab-00001", "seq": 1, "quiet": 0, "appeared": True}
    assert desk.post(beat).status_code == 200


@pytest.mark.parametrize("signs", [{"SECRET_KEY": "now"}, {"SECRET_KEY": "later", "SECRET_KEY_FALLBACKS": ["now"]}])
def test_a_lease_is_signed_as_django_signs(settings: Any, signs: dict[str, Any]) -> None:
    for name, value in signs.items():
        setattr(settings, name, value)
    signed = Signer(key="now", salt=lease.SALT).sign(f"{LEARNER} course module unité 1")
    assert lease.read(signed) == Lease(LEARNER, "course", "module", "unité", 1)


def test_nobody_signed_in(desk: Desk, learner: User) -> None:
    answer = renew(desk.http, desk.lease())
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("kind", ["foreign", "forged"])
def test_a_lease_that_is_not_theirs(desk: Desk, learner: User, kind: str) -> None:
    desk.http.force_login(learner)
    lease = desk.lease(user_id=8) if kind == "foreign" else desk.lease() + "x"
    answer = renew(desk.http, lease)
    assert (answer.status_code, answer.json()["title"]) == (403, "bad-lease")


def test_no_longer_enrolled(desk: Desk, learner: User, host: InMemoryPlatform) -> None:
    host.enrolments.clear()
    desk.http.force_login(learner)
    answer = renew(desk.http, desk.lease())
    assert (answer.status_code, answer.json()["title"]) == (403, "not-enrolled")


def test_another_site_cannot_renew(desk: Desk, learner: User) -> None:
    http = Client(enforce_csrf_checks=True)
    http.force_login(learner)
    assert renew(http, desk.lease()).status_code == 403
    http.cookies["csrftoken"] = "a" * 32
    assert renew(http, desk.lease(), headers={"X-CSRFToken": "a" * 32}).status_code == 200


def test_wrong_method_and_body(desk: Desk, learner: User) -> None:
    desk.http.force_login(learner)
    assert desk.http.get(LEASES).status_code == 405
    assert desk.http.post(LEASES, "{}", content_type="application/json").status_code == 400


def test_a_key_that_was_changed_is_believed_as_long_as_it_is_a_fallback(desk: Desk, settings: Any) -> None:
    beat = {"lease": desk.lease(), "client": "tab-00001", "quiet": 0, "appeared": True}
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert desk.post({**beat, "seq": 1}).status_code == 403
    settings.SECRET_KEY_FALLBACKS = [former]
    assert desk.post({**beat, "seq": 2}).status_code == 200


def test_keys_in_any_script_come_back(desk: Desk) -> None:
    keys = course_key("été"), usage_key("été", "sequential", "模块"), usage_key("été", "vertical", "ünité")
    text = api.issue_lease(LEARNER, *keys, now=MONDAY, idle_seconds=300)
    assert lease.read(text) == Lease(LEARNER, *map(str, keys), milliseconds(MONDAY), 300_000)
    beat = {"lease": text, "client": "tab-00001", "quiet": 0}
    assert desk.post({**beat, "seq": 1, "appeared": True}).status_code == 200
    desk.at(30)
    assert desk.post({**beat, "seq": 2}).json()["status"] == "credited"
    assert desk.total("été") == 30

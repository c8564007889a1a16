"""Statements of badges, validations and sectors, by event-routing-backends: no part of the tests' environment.

`pip install --target DIRECTORY --no-deps edx-event-routing-backends edx-tincan-py35 isodate jsonfield
django-fernet-fields-v2 django-config-models` and PYTHONPATH lead to it; without it these tests are not run.
"""

import json
from typing import Any

import pytest

from openedx_utop import tracking

pytest.importorskip("event_routing_backends", reason="event-routing-backends is not installed")

EVENT: dict[str, Any] = {
    "name": tracking.BADGE_AWARDED,
    "timestamp": "2026-11-20T15:30:12.345678+00:00",
    "context": {"user_id": 7, "course_id": None},
    "data": {
        "user_id": 7,
        "credential": "https://lms.example.org/utop/credentials/1",
        "badge": "https://lms.example.org/utop/achievements/7",
        "badge_name": "Écoute active",
    },
}


@pytest.fixture
def camille(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever 7 is, known by a hash of the address: other ways need tables of the platform."""
    from event_routing_backends.processors.xapi import transformer

    settings.XAPI_AGENT_IFI_TYPE = "mbox_sha1sum"
    monkeypatch.setattr(transformer, "get_user_email", lambda _user: "camille@example.org")


def statement_of(event: str, **data: str) -> dict[str, Any]:
    from event_routing_backends.processors.xapi.registry import XApiTransformersRegistry

    from openedx_utop import xapi

    assert xapi
    told = {**EVENT, "name": event, "data": {**EVENT["data"], **data}}
    statement: dict[str, Any] = json.loads(XApiTransformersRegistry.get_transformer(told).transform().to_json())
    return statement


@pytest.mark.usefixtures("camille")
def test_the_statement_says_who_earned_which_badge_and_where_the_proof_is() -> None:
    from openedx_utop import xapi

    statement = statement_of(tracking.BADGE_AWARDED)
    assert statement["verb"]["id"] == "http://id.tincanapi.com/verb/earned"
    assert statement["object"]["id"] == EVENT["data"]["badge"]
    assert statement["object"]["definition"]["type"] == xapi.BADGE
    assert statement["object"]["definition"]["name"] == {"fr": "Écoute active"}
    assert statement["result"] == {"success": True, "extensions": {xapi.CREDENTIAL: EVENT["data"]["credential"]}}
    assert statement["timestamp"].startswith("2026-11-20T15:30:12")


@pytest.mark.usefixtures("camille")
@pytest.mark.parametrize(
    ("event", "verb", "succeeds"),
    [
        (tracking.BADGE_REISSUED, "receive", True),
        (tracking.BADGE_RENEWED, "receive", True),
        (tracking.BADGE_REVOKED, "lose", False),
        (tracking.BADGE_REFUSED, "reject", False),
        (tracking.VALIDATION_GIVEN, "qualify", True),
        (tracking.VALIDATION_WITHDRAWN, "qualify", False),
    ],
)
def test_what_becomes_of_a_badge(event: str, verb: str, succeeds: bool) -> None:
    from openedx_utop import xapi

    statement = statement_of(event, replaces="https://lms.example.org/utop/credentials/0")
    assert statement["verb"]["id"] == f"http://activitystrea.ms/schema/1.0/{verb}"
    assert statement["result"]["success"] is succeeds
    assert statement["result"]["extensions"][xapi.REPLACES].endswith("/credentials/0")


@pytest.mark.usefixtures("camille")
def test_a_change_of_trade_names_the_former_one() -> None:
    from openedx_utop import xapi

    statement = statement_of(tracking.SECTOR_CHANGED, sector="hotel", former_sector="banque", method="learner")
    assert statement["verb"]["id"] == xapi.SELECTED
    assert statement["object"]["id"].endswith("/utop/sectors/hotel")
    assert statement["result"] == {"response": "learner", "extensions": {xapi.REPLACES: "banque"}}
    assert "extensions" not in statement_of(tracking.SECTOR_CHOSEN, sector="hotel", method="learner")["result"]

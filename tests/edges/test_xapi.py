"""The statement of an earned badge, by event-routing-backends itself; it is no part of the tests' environment.

`pip install --target DIRECTORY --no-deps edx-event-routing-backends edx-tincan-py35 isodate jsonfield
django-fernet-fields-v2 django-config-models` and PYTHONPATH lead to it; without it these tests are not run.
"""

import json
from typing import Any

import pytest

from openedx_utop.tracking import BADGE_AWARDED

pytest.importorskip("event_routing_backends", reason="event-routing-backends is not installed")

EVENT: dict[str, Any] = {
    "name": BADGE_AWARDED,
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
def camille(db: None, settings: Any) -> None:
    """Whoever 7 is, known by a hash of the address: other ways need tables of the platform."""
    settings.XAPI_AGENT_IFI_TYPE = "mbox_sha1sum"


@pytest.mark.usefixtures("camille")
def test_the_statement_says_who_earned_which_badge_and_where_the_proof_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from event_routing_backends.processors.xapi import transformer
    from event_routing_backends.processors.xapi.registry import XApiTransformersRegistry

    from openedx_utop import xapi

    monkeypatch.setattr(transformer, "get_user_email", lambda _user: "camille@example.org")
    statement = json.loads(XApiTransformersRegistry.get_transformer(EVENT).transform().to_json())
    assert statement["verb"]["id"] == "http://id.tincanapi.com/verb/earned"
    assert statement["object"]["id"] == EVENT["data"]["badge"]
    assert statement["object"]["definition"]["type"] == xapi.BADGE
    assert statement["object"]["definition"]["name"] == {"fr": "Écoute active"}
    assert statement["result"]["extensions"] == {xapi.CREDENTIAL: EVENT["data"]["credential"]}
    assert statement["timestamp"].startswith("2026-11-20T15:30:12")

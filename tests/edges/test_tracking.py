"""The platform's tracking log, and the settings under which event-routing-backends makes statements of it."""

from types import SimpleNamespace
from typing import Any

import pytest
from eventtracking import tracker
from eventtracking.backends.logger import LoggerBackend
from eventtracking.tracker import Tracker

from openedx_utop import tracking
from openedx_utop.badges import api
from openedx_utop.compat import OpenEdxPlatform
from openedx_utop.settings.extension_points import STATEMENTS, merge_extension_points
from tests.badges.factories import CAMILLE, COURSE, NOW, learner_at_the_end, training_action
from tests.badges.minimal import SEED
from tests.host import InMemoryPlatform


@pytest.mark.django_db(transaction=True)
def test_awards_and_badges_are_noted_without_a_name(host: InMemoryPlatform, settings: Any) -> None:
    settings.UTOP_SIGNING_KEY = SEED
    training_action()
    learner_at_the_end(host)
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    (badge,) = api.credentials_of(CAMILLE)
    api.revoke(badge.uuid, "Erreur", by=1, now=NOW)
    noted = {name: data for name, user_id, key, data in host.tracked if (user_id, key) == (CAMILLE, COURSE)}
    assert set(noted) == {
        "openedx.utop.award.granted",
        "openedx.utop.badge.awarded",
        "openedx.utop.badge.revoked",
    }
    assert noted["openedx.utop.award.granted"]["award"] == str(award.uuid)
    assert noted["openedx.utop.badge.awarded"]["credential"].endswith(str(badge.uuid))
    assert "Camille" not in str(noted)


@pytest.mark.django_db(transaction=True)
def test_what_becomes_of_a_badge_is_noted_once_each(host: InMemoryPlatform, settings: Any) -> None:
    settings.UTOP_SIGNING_KEY = SEED
    training_action()
    learner_at_the_end(host)
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    (first,) = api.credentials_of(CAMILLE)
    second = api.reissue(first.uuid, "Nom corrigé", by=1, now=NOW)
    third = api.renew(second.uuid, "Renouvelé", by=1, now=NOW)
    api.refuse(award.uuid, CAMILLE, now=NOW)
    fourth = api.accept(award.uuid, CAMILLE, now=NOW)
    noted = [(name.rpartition(".")[2], data) for name, _user, _key, data in host.tracked if ".badge." in name]
    assert [name for name, _data in noted] == ["awarded", "reissued", "renewed", "refused", "reissued"]
    replaced = [(data["credential"][-36:], data["replaces"][-36:]) for _name, data in noted if "replaces" in data]
    chain = [str(each.uuid) for each in (first, second, third, fourth)]
    assert replaced == [(chain[1], chain[0]), (chain[2], chain[1]), (chain[3], chain[2])]


def test_the_platforms_tracker_is_told_whose_course_it_is() -> None:
    heard: list[dict[str, Any]] = []

    class Heard(LoggerBackend):
        def send(self, event: dict[str, Any]) -> None:
            heard.append(event)

    former = dict(tracker.TRACKERS)
    tracker.register_tracker(Tracker({"heard": Heard()}))
    try:
        OpenEdxPlatform().track(tracking.BADGE_AWARDED, 7, COURSE, {"user_id": 7})
    finally:
        tracker.TRACKERS.clear()
        tracker.TRACKERS.update(former)
    (event,) = heard
    assert (event["name"], event["data"]) == (tracking.BADGE_AWARDED, {"user_id": 7})
    assert event["context"] == {"user_id": 7, "course_id": str(COURSE), "org_id": COURSE.org}


@pytest.mark.parametrize("is_there", [False, True], ids=["before", "after"])
def test_statements_are_allowed_whichever_settings_come_first(is_there: bool) -> None:
    listed: list[str] = ["edx.course.enrollment.activated"]
    outer = {"OPTIONS": {"whitelist": {*listed}}}
    there = {
        "EVENT_TRACKING_BACKENDS_ALLOWED_XAPI_EVENTS": listed,
        "EVENT_TRACKING_BACKENDS": {"event_transformer": {"OPTIONS": {"processors": [outer]}}},
        "EVENT_BUS_TRACKING_LOGS": {*listed},
    }
    settings = SimpleNamespace(**(there if is_there else {}))
    for _twice in range(2):
        merge_extension_points(settings)
    allowed = settings.EVENT_TRACKING_BACKENDS_ALLOWED_XAPI_EVENTS
    assert all(allowed.count(event) == 1 for event in STATEMENTS)
    named = {value for name, value in vars(tracking).items() if name.isupper() and isinstance(value, str)}
    assert set(STATEMENTS) == named - {tracking.AWARD_GRANTED}
    if is_there:
        assert listed[1:] == [*STATEMENTS]
        assert outer["OPTIONS"]["whitelist"] >= {*STATEMENTS}
        assert {*STATEMENTS} <= settings.EVENT_BUS_TRACKING_LOGS

"""The platform's own events, and the way from an award to a badge elsewhere, tasks included."""

from dataclasses import replace
from typing import Any

import pytest
from openedx_events.learning.signals import BADGE_AWARDED, BADGE_REVOKED

from openedx_utop.badges import api
from openedx_utop.badges.platforms.models import PlatformAchievement
from tests.badges.factories import CAMILLE, COURSE, NOW, learner_at_the_end
from tests.badges.platforms.conftest import Account
from tests.badges.revocations import LATER, STAFF, issue
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_award_reaches_the_platform_by_itself(account: Account, known: PlatformAchievement) -> None:
    heard: list[tuple[str, Any]] = []

    def on_awarded(badge: Any, **_kwargs: Any) -> None:
        heard.append(("awarded", badge))

    def on_revoked(badge: Any, **_kwargs: Any) -> None:
        heard.append(("revoked", badge))

    BADGE_AWARDED.connect(on_awarded)
    BADGE_REVOKED.connect(on_revoked)
    try:
        credential = issue()
        assert len(account.live()) == 1
        api.revoke(credential.uuid, "Erreur", by=STAFF, now=LATER)
        api.revoke(credential.uuid, "Erreur", by=STAFF, now=LATER)
    finally:
        BADGE_AWARDED.disconnect(on_awarded)
        BADGE_REVOKED.disconnect(on_revoked)
    assert [(what, badge.uuid) for what, badge in heard] == [
        ("awarded", str(credential.uuid)),
        ("revoked", str(credential.uuid)),
    ]
    assert heard[0][1].user.pii.email == "Camille.Dupont@example.fr"
    assert heard[0][1].template.name == "Transition"


def test_a_portion_of_learners_reaches_the_platform_too(
    account: Account, known: PlatformAchievement, host: InMemoryPlatform
) -> None:
    heard: list[str] = []

    def on_awarded(badge: Any, **_kwargs: Any) -> None:
        heard.append(badge.user.pii.username)

    learners = range(CAMILLE + 1, CAMILLE + 4)
    for user_id in learners:
        learner_at_the_end(host, user_id)
        host.people[user_id] = replace(host.people[user_id], email=f"learner{user_id}@example.org")
    before = len(account.live())
    BADGE_AWARDED.connect(on_awarded)
    try:
        assert api.award_learners(learners, COURSE, now=NOW).signed == 3
    finally:
        BADGE_AWARDED.disconnect(on_awarded)
    assert set(heard) == {f"user{user_id}" for user_id in learners}
    assert len(account.live()) == before + 3

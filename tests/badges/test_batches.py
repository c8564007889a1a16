"""Portions of learners: the same awards and badges as one by one, all of them or none, whoever is at it at once."""

import json
from typing import Any

import jwt
import pytest
from django.core.management import CommandError, call_command

from openedx_utop.badges import api
from openedx_utop.badges.data import Tally
from openedx_utop.badges.models import Credential, StatusList
from openedx_utop.badges.tokens import public_jwk
from tests.badges.factories import CAMILLE, COURSE, NOW, learner_at_the_end
from tests.badges.minimal import SEED
from tests.badges.revocations import LATER
from tests.badges.tokens import KEY
from tests.host import InMemoryPlatform

CLASS = range(CAMILLE, CAMILLE + 6)


@pytest.fixture
def learners(finished: InMemoryPlatform) -> InMemoryPlatform:
    """Six learners at the end of the course, and one who is not."""
    for user_id in CLASS:
        learner_at_the_end(finished, user_id)
    finished.enrolments.add((99, COURSE))
    return finished


def award(*user_ids: int) -> Tally:
    return api.award_learners(user_ids or (*CLASS, 99), COURSE, now=NOW)


@pytest.mark.usefixtures("learners", "key")
def test_everyone_at_the_end_has_an_award_and_a_badge(settings: Any) -> None:
    settings.UTOP_JWT_SIGNING_KEY = KEY
    assert award() == Tally(learners=7, held=6, made=6, signed=6)
    for each in map(api.credentials_of, CLASS):
        (badge,) = each
        document = json.loads(badge.document)
        assert api.proof_holds(badge.document)
        claims = jwt.decode(
            badge.token, jwt.PyJWK(public_jwk(KEY)), algorithms=["RS256"], options={"verify_nbf": False}
        )
        assert {**document, **claims} == {**claims, "proof": document["proof"]}
    assert not api.awards_of(99)
    places = Credential.objects.values_list("status_list", "status_index")
    assert len(set(places)) == 6
    assert StatusList.objects.count() == 1


@pytest.mark.usefixtures("learners", "key")
def test_a_second_time_adds_nothing() -> None:
    award(*CLASS[:3])
    assert award() == Tally(learners=7, held=6, made=3, signed=3)
    assert award() == Tally(learners=7, held=6)
    assert Credential.objects.count() == 6


@pytest.mark.usefixtures("learners")
@pytest.mark.parametrize("seed", ["", "not a seed"])
def test_without_a_key_that_signs_the_awards_wait_for_their_badges(settings: Any, seed: str) -> None:
    settings.UTOP_SIGNING_KEY = seed
    assert award() == Tally(learners=7, held=6, made=6)
    settings.UTOP_SIGNING_KEY = SEED
    assert award() == Tally(learners=7, held=6, signed=6)


@pytest.mark.usefixtures("key")
def test_a_badge_that_is_revoked_refused_or_of_nobody_is_not_made(learners: InMemoryPlatform) -> None:
    award(CAMILLE)
    (badge,) = api.credentials_of(CAMILLE)
    api.revoke(badge.uuid, "Erreur", by=1, now=LATER)
    api.choose(CLASS[1], is_wanted=False, now=NOW)
    del learners.people[CLASS[2]]
    assert award() == Tally(learners=7, held=6, made=5, signed=3)


@pytest.mark.usefixtures("key")
def test_one_who_cannot_be_looked_at_does_not_stop_the_others(learners: InMemoryPlatform) -> None:
    learners.grades[CAMILLE, COURSE] = "unknown"  # type: ignore[assignment]
    assert award() == Tally(learners=7, failed=1, held=5, made=5, signed=5)
    with pytest.raises(CommandError, match="1 learners"):
        call_command("utop_award", str(COURSE))

"""An endorser on a server of its own, and a badge for it to endorse."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pytest_django import Settings

from demo.fakes.endorser import FakeEndorser
from openedx_utop.badges.endorsements import api
from openedx_utop.badges.endorsements.models import Endorsement
from openedx_utop.badges.models import Achievement
from openedx_utop.training.models import TrainingAction
from tests.badges.factories import NOW
from tests.badges.revocations import STAFF
from tests.badges.tokens import KEY
from tests.host import InMemoryPlatform

Json = dict[str, Any]
Sign = Callable[..., str]
ELLIPTIC = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def endorser(settings: Settings) -> Iterator[FakeEndorser]:
    with FakeEndorser() as running:
        settings.UTOP_PRIVATE_ENDORSERS = [running.host]
        yield running


@pytest.fixture
def achievement(finished: InMemoryPlatform, key: str) -> Achievement:
    action = TrainingAction.objects.get()
    return Achievement.objects.create(action=action, name="Transition", description="Suivie.", criteria="Tout.")


@pytest.fixture
def sign(endorser: FakeEndorser) -> Sign:
    """What a library that is not ours makes of a credential; the endorser lists the key."""
    private = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).prepare_key(KEY)
    assert isinstance(private, rsa.RSAPrivateKey)
    endorser.jwks["rsa"] = jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    endorser.jwks["p256"] = jwt.algorithms.ECAlgorithm.to_jwk(ELLIPTIC.public_key(), as_dict=True)

    def made(document: Json, *, alg: str = "RS256", headers: Json | None = None, **claims: Any) -> str:
        said = {name: value for name, value in document.items() if name != "proof"}
        said |= {"iss": endorser.did, "jti": said["id"], "sub": said["credentialSubject"]["id"]}
        said |= {"nbf": int(datetime.fromisoformat(said["validFrom"]).timestamp()), **claims}
        said = {name: value for name, value in said.items() if value is not None}
        names = {"RS256": "rsa", "ES256": "p256"}
        key = {"RS256": private, "ES256": ELLIPTIC}.get(alg, "secret" * 8)
        kid = {"kid": f"{endorser.did}#{names.get(alg, 'rsa')}"}
        return jwt.encode(said, key, algorithm=alg, headers=kid if headers is None else headers)

    return made


@pytest.fixture
def signs_tokens(settings: Settings) -> None:
    settings.UTOP_JWT_SIGNING_KEY = KEY


def address(achievement: Achievement) -> str:
    return f"https://lms.example.org/utop/achievements/{achievement.uuid}"


def kept(achievement: Achievement, document: dict[str, Any] | str) -> Endorsement:
    text = document if isinstance(document, str) else json.dumps(document)
    return api.keep(achievement.uuid, text, by=STAFF, now=NOW)

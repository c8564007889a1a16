"""Endorsements of one learner's badge: it is signed again with them, under its own address; its former text holds."""

import json
from typing import Any

import jwt
import pytest
from django.test import Client
from pytest_django import Settings

from demo.fakes.endorser import FakeEndorser
from openedx_utop.badges import api
from openedx_utop.badges.endorsements import api as endorsements
from openedx_utop.badges.endorsements.data import EndorsementRefused
from openedx_utop.badges.endorsements.models import Endorsement, FormerText
from openedx_utop.badges.models import Achievement
from openedx_utop.signing_keys import SigningKeyMissing
from openedx_utop.verification import api as verification
from tests.badges.endorsements.conftest import Sign, address, kept
from tests.badges.endorsements.test_embedding import by_a_stranger, every_alteration_is_found
from tests.badges.factories import NOW
from tests.badges.revocations import LATER, STAFF, issue

Json = dict[str, Any]


def word(endorser: FakeEndorser, credential: api.CredentialFacts, **about: str) -> Json:
    said = {
        "id": f"https://lms.example.org/utop/credentials/{credential.uuid}",
        "type": ["EndorsementSubject"],
        "endorsementComment": "Nous l’avons vue à l’œuvre pendant six mois.",
    }
    return endorser.endorsement("", credentialSubject={**said, **about})


def bring(credential: api.CredentialFacts, document: Json | str) -> Endorsement:
    text = document if isinstance(document, str) else json.dumps(document)
    return endorsements.keep_of_credential(credential.uuid, text, by=STAFF, now=NOW)


def anew(credential: api.CredentialFacts) -> api.CredentialFacts:
    return api.credential(credential.uuid)


def verified(credential: api.CredentialFacts) -> verification.Verification:
    return verification.verify(credential.uuid, now=LATER)


def statuses(credential: api.CredentialFacts) -> list[tuple[str, bool]]:
    shown = verified(credential).shown
    assert isinstance(shown, verification.Badge)
    return [(each.status, each.is_of_award) for each in shown.endorsements]


@pytest.mark.usefixtures("signs_tokens")
def test_it_says_the_same_and_their_words(client: Client, achievement: Achievement, endorser: FakeEndorser) -> None:
    credential = issue()
    said = word(endorser, credential)
    bring(credential, said)
    found = anew(credential)
    former, today = json.loads(credential.document), json.loads(found.document)
    assert {**today, "proof": former["proof"]} == {**former, "endorsement": [said]}
    by_a_stranger(today, today["proof"][0]["verificationMethod"].partition("#")[2])
    by_a_stranger(said, endorser.key.multikey)
    assert jwt.decode(found.token, options={"verify_signature": False})["endorsement"] == [said]
    assert statuses(credential) == [("valid", True)]
    assert "six mois" in client.get(f"/utop/verify/{credential.uuid}/").content.decode()
    # What its holder sent to somebody the day before still holds, and is kept.
    assert api.proof_holds(credential.document)
    former_text = FormerText.objects.get()
    assert (former_text.document, former_text.token) == (credential.document, credential.token)


def test_every_alteration_is_found(achievement: Achievement, endorser: FakeEndorser) -> None:
    credential = issue()
    bring(credential, word(endorser, credential))
    every_alteration_is_found(anew(credential))


def test_both_texts_are_revoked_at_once(achievement: Achievement, endorser: FakeEndorser) -> None:
    credential = issue()
    bring(credential, word(endorser, credential))
    after = api.reissue(credential.uuid, "Nom", by=STAFF, now=LATER)
    assert verified(credential).status == "revoked"
    assert api.is_listed_as_revoked(credential.document)
    # It was of the former one.
    assert "endorsement" not in json.loads(after.document)
    with pytest.raises(EndorsementRefused):
        bring(credential, word(endorser, credential, endorsementComment="Encore."))


def test_who_endorses_the_badge_as_well_does_so_as_a_token(
    achievement: Achievement, endorser: FakeEndorser, sign: Sign
) -> None:
    kept(achievement, endorser.endorsement(address(achievement)))
    credential = issue()
    said = word(endorser, credential)
    with pytest.raises(EndorsementRefused):
        bring(credential, said)
    assert not FormerText.objects.exists()
    bring(credential, sign(said))
    assert statuses(credential) == [("valid", True), ("valid", False)]


def test_it_is_withdrawn(achievement: Achievement, endorser: FakeEndorser) -> None:
    credential = issue()
    found = bring(credential, word(endorser, credential))
    endorsements.withdraw(found.pk, by=STAFF, now=NOW)
    assert statuses(credential) == [("withdrawn", True)]
    bring(credential, word(endorser, credential, endorsementComment="Toujours là."))
    assert statuses(credential) == [("valid", True)]
    assert FormerText.objects.count() == 2


def test_what_is_refused_leaves_it_as_it_was(
    achievement: Achievement, endorser: FakeEndorser, settings: Settings
) -> None:
    credential = issue()
    for bad in (word(endorser, credential, id="https://a.org/1"), endorser.endorsement(address(achievement))):
        with pytest.raises(EndorsementRefused):
            bring(credential, bad)
    settings.UTOP_SIGNING_KEY = ""
    with pytest.raises(SigningKeyMissing):
        bring(credential, word(endorser, credential))
    assert (anew(credential).document, Endorsement.objects.count()) == (credential.document, 0)

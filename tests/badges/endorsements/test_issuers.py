"""Endorsements of a training provider: inside the badges that it issues, and in nobody else's."""

import json
from typing import Any

import pytest
from django.test import Client

from demo.fakes.endorser import FakeEndorser, endorsement
from openedx_utop.badges import api
from openedx_utop.badges.endorsements import api as endorsements
from openedx_utop.badges.endorsements.covering import is_covered
from openedx_utop.badges.endorsements.models import Endorsement
from openedx_utop.badges.issuing import achievement_said, issuer_said
from openedx_utop.badges.models import Achievement
from openedx_utop.organizations.models import Provider
from openedx_utop.signing_keys import key_from_seed, new_seed
from tests.badges.endorsements.conftest import address, kept
from tests.badges.endorsements.test_embedding import by_a_stranger, every_alteration_is_found, inside
from tests.badges.factories import NOW
from tests.badges.revocations import LATER, STAFF, issue

DID = "did:web:lms.example.org:utop"
ABOUT = {
    "id": DID,
    "type": ["EndorsementSubject"],
    "endorsementComment": "Campus d'essai est labellisé par notre branche.",
}


def of_issuer(endorser: FakeEndorser, **changes: Any) -> dict[str, Any]:
    return endorser.endorsement("", credentialSubject={**ABOUT, **changes})


def keep(document: dict[str, Any]) -> Endorsement:
    return endorsements.keep_of_issuer(Provider.objects.order_by("pk")[0].pk, json.dumps(document), by=STAFF, now=NOW)


def on_the_issuer(credential: api.CredentialFacts) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(credential.document)["issuer"].get("endorsement", [])
    return found


def test_every_badge_of_the_provider_carries_it_and_strangers_verify_it(
    client: Client, achievement: Achievement, endorser: FakeEndorser
) -> None:
    document = of_issuer(endorser)
    assert keep(document).provider_id
    credential = issue()
    assert (on_the_issuer(credential), inside(credential)) == ([document], [])
    by_a_stranger(document, endorser.key.multikey)
    served = client.get(f"/utop/credentials/{credential.uuid}.json").json()
    by_a_stranger(served, served["proof"][0]["verificationMethod"].partition("#")[2])
    (told,) = client.get(f"/utop/verify/{credential.uuid}/?format=json").json()["shown"]["endorsements"]
    assert (told["name"], told["is_of_issuer"], told["status"]) == ("OPCO d’essai", True, "valid")
    page = client.get(f"/utop/verify/{credential.uuid}/").content.decode()
    assert "est labellisé par notre branche" in page


def test_every_alteration_is_found(achievement: Achievement, endorser: FakeEndorser) -> None:
    keep(of_issuer(endorser))
    key = key_from_seed(new_seed())
    profile = {"id": f"did:key:{key.multikey}", "type": ["Profile"], "name": "Région d’essai"}
    about = {**ABOUT, "endorsementComment": "Campus d'essai : partenaire de la Région."}
    keep(endorsement(profile["id"], key, "", issuer=profile, credentialSubject=about))
    credential = issue()
    assert len(on_the_issuer(credential)) == 2
    assert api.proof_holds(credential.document)
    every_alteration_is_found(credential)


def test_whoever_vouches_for_badge_and_issuer_says_it_once(achievement: Achievement, endorser: FakeEndorser) -> None:
    """Its name would be there twice, and one of them could be taken away."""
    keep(of_issuer(endorser))
    document = endorser.endorsement(address(achievement))
    kept(achievement, document)
    credential = issue()
    assert (on_the_issuer(credential), inside(credential)) == ([], [document])
    # Without what the issuer would have carried, nothing is said twice; with it, its name is.
    both = issuer_said(credential.award.action)
    assert both.endorsements
    assert not is_covered(both, achievement_said(achievement))


def test_it_is_of_one_provider_by_its_name(achievement: Achievement, endorser: FakeEndorser) -> None:
    """Providers of one installation share its identity."""
    other = Provider.objects.create(name="CFA voisin", siret="00000000000026")
    with pytest.raises(endorsements.EndorsementRefused):
        keep(of_issuer(endorser, endorsementComment="Labellisé par notre branche."))
    keep(of_issuer(endorser))
    credential = issue()
    assert len(on_the_issuer(credential)) == 1
    achievement.action.provider = other
    achievement.action.save()
    assert on_the_issuer(api.reissue(credential.uuid, "Organisme", by=STAFF, now=LATER)) == []


def test_a_provider_that_becomes_another_loses_it(achievement: Achievement, endorser: FakeEndorser) -> None:
    keep(of_issuer(endorser))
    Provider.objects.update(name="Tout autre organisme")
    assert on_the_issuer(issue()) == []


@pytest.mark.parametrize(
    "changes",
    [{"id": "did:web:a.org"}, {"id": "https://lms.example.org/utop/achievements/1"}, {"endorsementComment": ""}],
    ids=["another DID", "a badge", "nothing"],
)  # fmt: skip
def test_what_is_not_of_the_issuer(achievement: Achievement, endorser: FakeEndorser, changes: dict[str, str]) -> None:
    document = {**of_issuer(endorser), "credentialSubject": {**ABOUT, **changes}}
    with pytest.raises(endorsements.EndorsementRefused):
        keep(document)


def test_one_organisation_endorses_a_provider_once(achievement: Achievement, endorser: FakeEndorser) -> None:
    first = keep(of_issuer(endorser))
    with pytest.raises(endorsements.EndorsementRefused):
        keep(of_issuer(endorser, endorsementComment="Campus d'essai, encore."))
    endorsements.withdraw(first.pk, by=STAFF, now=NOW)
    keep(of_issuer(endorser, endorsementComment="Campus d'essai, encore."))

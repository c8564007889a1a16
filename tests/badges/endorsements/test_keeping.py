"""What is kept of what an endorser sends, and what is refused with a sentence."""

import json
from datetime import timedelta
from typing import Any

import pytest

from demo.fakes.endorser import FakeEndorser, endorsement
from demo.fakes.http_server import Fault
from openedx_utop.badges.endorsements import api
from openedx_utop.badges.endorsements.models import Endorsement
from openedx_utop.badges.models import Achievement
from openedx_utop.signing_keys import key_from_seed, new_seed, signing_key
from tests.badges.endorsements.conftest import address, kept
from tests.badges.factories import NOW
from tests.badges.revocations import STAFF


def test_it_is_kept_to_the_letter_with_its_key(achievement: Achievement, endorser: FakeEndorser) -> None:
    document = endorser.endorsement(address(achievement))
    text = json.dumps(document, indent=3)
    found = kept(achievement, f"\n{text}\n")
    assert found.document == text
    assert (found.endorser, found.public_key, found.kept_by) == (endorser.did, endorser.key.multikey, STAFF)
    assert [call.path for call in endorser.calls] == ["/opco/did.json"]


def test_a_key_can_be_its_own_name(achievement: Achievement) -> None:
    key = key_from_seed(new_seed())
    assert (
        kept(achievement, endorsement(f"did:key:{key.multikey}", key, address(achievement))).public_key == key.multikey
    )


def changed(document: dict[str, Any], *path: Any, to: Any) -> dict[str, Any]:
    altered: Any = json.loads(json.dumps(document))
    holder = altered
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = to
    return altered


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("credentialSubject", "endorsementComment"), "Tout est excellent."),
        (("issuer", "name"), "Une autre organisation"),
        (("validFrom",), "2026-01-06T09:00:00Z"),
        (("proof", 0, "created"), "2026-01-06T09:00:00Z"),
        (("proof", 0, "proofValue"), "z1111"),
        (("proof", 0, "proofValue"), "rien"),
    ],
)
def test_what_was_altered_is_refused(
    achievement: Achievement, endorser: FakeEndorser, path: tuple[Any, ...], value: str
) -> None:
    document = changed(endorser.endorsement(address(achievement)), *path, to=value)
    with pytest.raises(api.EndorsementRefused):
        kept(achievement, document)
    assert not Endorsement.objects.exists()


OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
ABOUT = {"type": ["EndorsementSubject"], "endorsementComment": "Bien."}
BAD_MEMBERS: dict[str, dict[str, Any]] = {
    "other contexts": {"@context": ["https://www.w3.org/ns/credentials/v2", OB, "https://evil.example.org/context.json"]},
    "no endorsement": {"type": ["VerifiableCredential", "OpenBadgeCredential"]},
    "no kind of credential": {"type": ["EndorsementCredential"]},
    "another badge": {"credentialSubject": {**ABOUT, "id": "https://a.org/1"}},
    "to come": {"validFrom": "2027-01-01T00:00:00Z"},
    "expired": {"validUntil": "2026-06-01T00:00:00Z"},
    "no date": {"validFrom": "hier"},
}  # fmt: skip


@pytest.mark.parametrize("changes", BAD_MEMBERS.values(), ids=BAD_MEMBERS)
def test_what_no_badge_could_carry(achievement: Achievement, endorser: FakeEndorser, changes: dict[str, Any]) -> None:
    good = endorser.endorsement(address(achievement))
    with pytest.raises(api.EndorsementRefused) as refusal:
        kept(achievement, {**good, **changes})
    assert str(refusal.value)


@pytest.mark.parametrize(
    "name", ["name", "issuer", "credentialSubject", "proof", "id", "@context", "type", "validFrom"]
)
def test_nothing_may_be_missing(achievement: Achievement, endorser: FakeEndorser, name: str) -> None:
    document = endorser.endorsement(address(achievement))
    del document[name]
    with pytest.raises(api.EndorsementRefused):
        kept(achievement, document)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '"x"', "1e400", "NaN", "[" * 20000, "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", '{"a":1,"a":2}',
     "x" * 70000],
    ids=["empty", "cut", "list", "null", "text", "float", "nan", "deep", "token", "twice", "long"],
)  # fmt: skip
def test_what_is_no_endorsement_at_all(achievement: Achievement, text: str) -> None:
    with pytest.raises(api.EndorsementRefused):
        kept(achievement, text)


@pytest.mark.parametrize("comment", ["Bien\x0bjoué", "Bien\ufffejoué", "", None, []])
def test_what_could_not_be_signed_safely(achievement: Achievement, endorser: FakeEndorser, comment: Any) -> None:
    document = changed(
        endorser.endorsement(address(achievement)), "credentialSubject", "endorsementComment", to=comment
    )
    with pytest.raises(api.EndorsementRefused):
        kept(achievement, document)


def test_the_issuers_own_word_says_nothing(achievement: Achievement) -> None:
    with pytest.raises(api.EndorsementRefused):
        kept(achievement, endorsement("did:web:lms.example.org:utop", signing_key(), address(achievement)))


def test_one_organisation_endorses_a_badge_once(achievement: Achievement, endorser: FakeEndorser) -> None:
    first = kept(achievement, endorser.endorsement(address(achievement)))
    with pytest.raises(api.EndorsementRefused):
        kept(achievement, endorser.endorsement(address(achievement), name="Encore"))
    assert api.withdraw(first.pk, by=STAFF, now=NOW)
    assert not api.withdraw(first.pk, by=STAFF, now=NOW + timedelta(days=1))
    kept(achievement, endorser.endorsement(address(achievement), name="Encore"))


def test_what_another_says_word_for_word_could_be_taken_away_unnoticed(
    achievement: Achievement, endorser: FakeEndorser
) -> None:
    kept(achievement, endorser.endorsement(address(achievement)))
    key = key_from_seed(new_seed())
    with pytest.raises(api.EndorsementRefused):
        kept(achievement, endorsement(f"did:key:{key.multikey}", key, address(achievement)))


FAULTS = [
    Fault(status=404),
    Fault(status=500),
    Fault(lost=Fault.DROP_BEFORE_STORE),
    Fault(status=302, headers=(("Location", "http://127.0.0.1:1/"),)),
    Fault(status=200, body=b"<html>"),
    Fault(status=200, body=b'{"id":"did:web:somebody.example.org"}'),
    Fault(status=200, body=b"x" * 100_000),
]


@pytest.mark.parametrize("fault", FAULTS, ids=["404", "500", "dropped", "moved", "html", "another", "endless"])
def test_a_server_that_fails_keeps_nothing(achievement: Achievement, endorser: FakeEndorser, fault: Fault) -> None:
    endorser.faults.append(fault)
    document = endorser.endorsement(address(achievement))
    with pytest.raises(api.EndorsementRefused):
        kept(achievement, document)
    assert not Endorsement.objects.exists()
    assert kept(achievement, document).is_live


def test_a_key_that_is_not_listed(achievement: Achievement, endorser: FakeEndorser) -> None:
    endorser.lists_key = False
    with pytest.raises(api.EndorsementRefused):
        kept(achievement, endorser.endorsement(address(achievement)))


def test_its_key_is_asked_for_again(achievement: Achievement, endorser: FakeEndorser) -> None:
    found = kept(achievement, endorser.endorsement(address(achievement)))
    later = NOW + timedelta(days=8)
    endorser.lists_key = False
    assert api.look_up_endorsers(before=later - timedelta(days=9), now=later) == 0
    assert api.look_up_endorsers(before=later - timedelta(days=7), now=later) == 1
    assert not Endorsement.objects.get().key_is_listed
    endorser.lists_key = True
    assert api.look_up_key(found, now=later)
    endorser.stop()
    assert api.look_up_key(found, now=later) is None
    assert Endorsement.objects.get().key_is_listed

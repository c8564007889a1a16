"""An endorser's own status list: asked, checked, told to recruiters; never a place to lead the product astray."""

import gzip
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from demo.fakes.endorser import FakeEndorser
from demo.fakes.http_server import Fault
from openedx_utop.badges import api as badges
from openedx_utop.badges import bitstring
from openedx_utop.badges.endorsements import api, rules, standing
from openedx_utop.badges.endorsements.data import StandingUnknown
from openedx_utop.badges.endorsements.models import Endorsement
from openedx_utop.badges.models import Achievement
from openedx_utop.badges.terms import CONTEXTS, EXTENSIONS
from openedx_utop.signing_keys import key_from_seed, new_seed
from tests.badges.endorsements.conftest import address, kept
from tests.badges.endorsements.test_embedding import inside, status
from tests.badges.factories import NOW
from tests.badges.revocations import LATER, STAFF, issue


def in_bits(endorser: FakeEndorser, achievement: Achievement) -> dict[str, Any]:
    return endorser.endorsement(address(achievement), credentialStatus=endorser.entry())


def by_name(endorser: FakeEndorser, achievement: Achievement) -> dict[str, Any]:
    entry = {"id": f"{endorser.url}/opco/revoked", "type": "1EdTechRevocationList"}
    return endorser.endorsement(address(achievement), **{"@context": [*CONTEXTS, EXTENSIONS]}, credentialStatus=entry)


def revoke(endorser: FakeEndorser, document: dict[str, Any]) -> None:
    endorser.revoked.add(7)
    endorser.revoked_names.add(document["id"])


def ask(now: Any = LATER) -> None:
    api.look_up_endorsers(before=now - timedelta(days=7), now=now)


Made = Callable[[FakeEndorser, Achievement], dict[str, Any]]
METHODS = pytest.mark.parametrize("made", [in_bits, by_name], ids=["bits", "names"])


@METHODS
def test_a_recruiter_reads_that_the_endorser_revoked_it(
    client: Client, achievement: Achievement, endorser: FakeEndorser, made: Made
) -> None:
    document = made(endorser, achievement)
    kept(achievement, document)
    credential = issue()
    assert inside(credential) == [document]
    assert status(credential) == "valid"
    revoke(endorser, document)
    ask()
    assert status(credential) == "revoked"
    (told,) = client.get(f"/utop/verify/{credential.uuid}/?format=json").json()["shown"]["endorsements"]
    assert (told["status"], told["checked_at"][:10]) == ("revoked", LATER.date().isoformat())
    assert inside(badges.reissue(credential.uuid, "Nom", by=STAFF, now=LATER)) == []


@METHODS
def test_what_is_revoked_already_is_not_kept(achievement: Achievement, endorser: FakeEndorser, made: Made) -> None:
    document = made(endorser, achievement)
    revoke(endorser, document)
    with pytest.raises(api.EndorsementRefused):
        kept(achievement, document)
    assert not Endorsement.objects.exists()


def test_a_suspension_can_be_lifted(achievement: Achievement, endorser: FakeEndorser) -> None:
    endorser.purpose = "suspension"
    kept(achievement, in_bits(endorser, achievement))
    credential = issue()
    endorser.revoked.add(7)
    ask()
    assert status(credential) == "suspended"
    endorser.revoked.clear()
    ask()
    assert status(credential) == "valid"


FAULTS = {
    "gone": Fault(status=404),
    "dropped": Fault(lost=Fault.DROP_BEFORE_STORE),
    "elsewhere": Fault(status=302, headers=(("Location", "http://127.0.0.1:1/"),)),
    "html": Fault(status=200, body=b"<html>"),
    "list": Fault(status=200, body=b"[]"),
    "empty": Fault(status=200, body=b"{}"),
    "deep": Fault(status=200, body=b"[" * 20_000),
    "endless": Fault(status=200, body=b" " * 300_000),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_list_that_does_not_answer_changes_nothing_and_is_told_after_a_while(
    achievement: Achievement, endorser: FakeEndorser, fault: Fault
) -> None:
    kept(achievement, in_bits(endorser, achievement))
    credential = issue()
    endorser.faults.append(fault)
    ask()
    assert Endorsement.objects.get().standing_checked_at == NOW
    assert status(credential) == "valid"
    assert status(credential, NOW + timedelta(days=8)) == "unchecked"


def test_without_an_answer_nothing_new_is_kept(achievement: Achievement, endorser: FakeEndorser) -> None:
    document = in_bits(endorser, achievement)
    endorser.faults.extend([Fault(), Fault(status=503)])
    with pytest.raises(api.EndorsementRefused):
        kept(achievement, document)


def test_a_list_that_somebody_else_signed_is_not_believed(achievement: Achievement, endorser: FakeEndorser) -> None:
    kept(achievement, in_bits(endorser, achievement))
    endorser.status_key = key_from_seed(new_seed())
    endorser.revoked.add(7)
    ask()
    assert not Endorsement.objects.get().standing


def bomb() -> str:
    return "u" + urlsafe_b64encode(gzip.compress(bytes(8 * 1024 * 1024))).rstrip(b"=").decode()


@pytest.mark.parametrize("encoded", ["", "u", "u!", "uAAAA", bomb()], ids=["none", "empty", "text", "no gzip", "bomb"])
def test_bits_that_do_not_unpack(encoded: str) -> None:
    with pytest.raises((ValueError, standing.zlib.error)):
        bitstring.has_bit(encoded, 0)


ENTRIES: dict[str, dict[str, Any]] = {
    "private": {"statusListCredential": "https://127.0.0.1/list"},
    "inside": {"statusListCredential": "https://169.254.169.254/latest/meta-data"},
    "without TLS": {"statusListCredential": "http://opco.example.org/list"},
    "a file": {"statusListCredential": "file:///etc/passwd"},
    "a user": {"statusListCredential": "https://a:b@127.0.0.1/list"},
    "a port": {"statusListCredential": "https://127.0.0.1:99999/list"},
    "no text": {"statusListCredential": 7},
    "before the start": {"statusListIndex": "-1"},
    "after the end": {"statusListIndex": "999999999"},
    "no number": {"statusListIndex": "x"},
    "another purpose": {"statusPurpose": "suspension"},
    "wider places": {"statusSize": 2},
    "another kind": {"type": "StatusList2021Entry"},
}


@pytest.mark.parametrize("changes", ENTRIES.values(), ids=ENTRIES)
def test_where_nothing_can_be_looked_up(
    achievement: Achievement, endorser: FakeEndorser, changes: dict[str, Any]
) -> None:
    document = {**endorser.endorsement(address(achievement)), "credentialStatus": {**endorser.entry(), **changes}}
    with pytest.raises(StandingUnknown) as unknown:
        standing.looked_up(document, now=NOW)
    assert str(unknown.value)


def test_it_goes_nowhere_private_unless_the_operator_says_so(
    achievement: Achievement, endorser: FakeEndorser, settings: Settings
) -> None:
    document = in_bits(endorser, achievement)
    settings.UTOP_PRIVATE_ENDORSERS = []
    for scheme in ("http", "https"):
        document["credentialStatus"]["statusListCredential"] = f"{scheme}://{endorser.host}/opco/status"
        with pytest.raises(StandingUnknown):
            standing.looked_up(document, now=NOW)
    assert endorser.calls == []


def test_several_entries_the_worst_counts(achievement: Achievement, endorser: FakeEndorser) -> None:
    document = in_bits(endorser, achievement)
    document["credentialStatus"] = [endorser.entry(3), endorser.entry(9)]
    assert standing.looked_up(document, now=NOW) is None
    endorser.revoked.add(9)
    assert standing.looked_up(document, now=NOW) == "revoked"
    message = {**endorser.entry(9), "statusPurpose": "message"}
    assert rules.status_entries({"credentialStatus": [message]}) == []
    assert rules.status_entries(json.loads("{}")) == []

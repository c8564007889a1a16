"""Revoked for everyone to see, for a reason, and issued anew when somebody says so."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from openedx_utop.badges import api
from openedx_utop.badges.models import Credential
from openedx_utop.compat import Person
from tests.badges.factories import CAMILLE, NOW, learner_at_the_end
from tests.badges.revocations import LATER, STAFF, is_revoked, issue
from tests.badges.test_awards import Racing
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.usefixtures("key")


def test_revocation_reaches_whoever_verifies(client: Client, credential: api.CredentialFacts) -> None:
    assert not is_revoked(client, credential)
    revoked = api.revoke(credential.uuid, " Délivré par\x0b erreur ", by=STAFF, now=LATER)
    assert revoked.revocation == api.Revocation(LATER, "Délivré par erreur")
    assert is_revoked(client, credential)
    assert Credential.objects.get().revoked_by == STAFF
    assert revoked.document == credential.document
    assert api.credentials_of(CAMILLE) == (revoked,)


def test_only_that_one_is_revoked(client: Client, credential: api.CredentialFacts, finished: InMemoryPlatform) -> None:
    learner_at_the_end(finished, CAMILLE + 1)
    other = issue(CAMILLE + 1)
    api.revoke(credential.uuid, "Erreur", by=STAFF, now=LATER)
    assert (is_revoked(client, credential), is_revoked(client, other)) == (True, False)
    api.revoke(other.uuid, "Erreur", by=STAFF, now=LATER)
    assert is_revoked(client, credential)
    assert is_revoked(client, other)


def test_the_first_reason_stays(credential: api.CredentialFacts) -> None:
    first = api.revoke(credential.uuid, "Erreur", by=STAFF, now=LATER)
    assert api.revoke(credential.uuid, "Autre", by=STAFF, now=LATER + timedelta(days=1)) == first


@pytest.mark.parametrize("reason", ["", "  \n", "\x0b"])
def test_no_revocation_without_a_reason(credential: api.CredentialFacts, reason: str) -> None:
    with pytest.raises(api.ReasonMissing):
        api.revoke(credential.uuid, reason, by=STAFF, now=LATER)
    assert api.credential(credential.uuid).revocation is None


def test_without_a_key_nothing_is_revoked_by_half(credential: api.CredentialFacts, settings: Settings) -> None:
    settings.UTOP_SIGNING_KEY = ""
    with pytest.raises(api.SigningKeyMissing):
        api.revoke(credential.uuid, "Erreur", by=STAFF, now=LATER)
    assert api.credential(credential.uuid) == credential


@pytest.mark.django_db
def test_what_nobody_issued_cannot_be_revoked() -> None:
    with pytest.raises(api.UnknownCredential):
        api.revoke(uuid4(), "Erreur", by=STAFF, now=LATER)


def test_what_was_issued_before_there_were_lists(credential: api.CredentialFacts) -> None:
    Credential.objects.update(status_list=None, status_index=None)
    assert api.revoke(credential.uuid, "Erreur", by=STAFF, now=LATER).revocation is not None


def test_a_revocation_is_undone_by_nothing_that_runs_by_itself(credential: api.CredentialFacts) -> None:
    revoked = api.revoke(credential.uuid, "Erreur", by=STAFF, now=LATER)
    assert api.issue_credential(credential.award.uuid, now=LATER) == revoked


def test_the_same_award_can_have_a_new_credential(client: Client, credential: api.CredentialFacts) -> None:
    api.revoke(credential.uuid, "Erreur", by=STAFF, now=LATER)
    new = api.issue_credential(credential.award.uuid, now=LATER, again=True)
    assert new.uuid != credential.uuid
    assert json.loads(new.document)["id"] != json.loads(credential.document)["id"]
    assert (is_revoked(client, credential), is_revoked(client, new)) == (True, False)
    assert api.issue_credential(credential.award.uuid, now=LATER, again=True) == new
    assert api.issue_credential(credential.award.uuid, now=LATER) == new
    assert [each.revocation is None for each in api.credentials_of(CAMILLE)] == [True, False]
    assert api.credentials_of(CAMILLE)[0] == new


def test_the_latest_is_the_last_made_though_the_clock_was_set_back(credential: api.CredentialFacts) -> None:
    api.reissue(credential.uuid, "Nom corrigé", by=STAFF, now=NOW - timedelta(days=2))
    assert [each.revocation is None for each in api.credentials_of(CAMILLE)] == [True, False]


def test_two_at_once_leave_one_new_credential(credential: api.CredentialFacts, finished: InMemoryPlatform) -> None:
    api.revoke(credential.uuid, "Erreur", by=STAFF, now=LATER)
    award, winners = credential.award.uuid, []
    again: Callable[[], Any] = lambda: api.issue_credential(award, now=LATER, again=True)  # noqa: E731
    finished.people = Racing(finished.people, lambda: winners.append(again()))
    assert winners == []
    assert again() == winners[0]
    assert Credential.objects.count() == 2


def test_the_database_refuses_a_second_live_credential(credential: api.CredentialFacts) -> None:
    record = Credential.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.create(award=record.award, document="{}", issued_at=NOW, holder_name="Camille")


def test_a_corrected_name_is_issued_anew(credential: api.CredentialFacts, finished: InMemoryPlatform) -> None:
    api.show_name(credential.uuid, CAMILLE, public=True)
    finished.people[CAMILLE] = Person(CAMILLE, "user7", "Camille Durand", "camille.durand@example.fr", "fr")
    new = api.reissue(credential.uuid, "Nom corrigé", by=STAFF, now=LATER)
    assert (new.holder_name, new.name_is_public, new.award) == ("Camille Durand", True, credential.award)
    assert api.credential(credential.uuid).revocation == api.Revocation(LATER, "Nom corrigé")
    assert api.proof_holds(new.document)


def test_what_cannot_be_issued_anew_is_not_revoked(
    credential: api.CredentialFacts, finished: InMemoryPlatform, client: Client
) -> None:
    finished.people.clear()
    with pytest.raises(api.HolderGone):
        api.reissue(credential.uuid, "Nom corrigé", by=STAFF, now=LATER)
    assert api.credential(credential.uuid).revocation is None
    assert not is_revoked(client, credential)

"""What a stranger learns of a revoked badge."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils.html import escape

from openedx_utop.badges import api as badges
from openedx_utop.badges.models import Credential, StatusList
from openedx_utop.organizations.api import RevocationMethod
from openedx_utop.organizations.models import Provider
from openedx_utop.verification import api
from tests.badges.factories import CAMILLE, NOW
from tests.verification.test_verify import BROWSER, award, credential, page

__all__ = ["award", "credential"]
pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def revoked(credential: UUID) -> UUID:
    badges.show_name(credential, CAMILLE, public=True)
    badges.revoke(credential, "Délivré par <erreur>", by=2, now=LATER)
    return credential


def test_the_status_is_revoked_with_date_and_reason(revoked: UUID) -> None:
    found = api.verify(revoked, now=LATER)
    assert (found.status, found.kind) == (api.Status.REVOKED, api.Kind.CREDENTIAL)
    assert found.revocation == api.Revocation(LATER, "Délivré par <erreur>")


def test_the_page_says_so_in_words(revoked: UUID, client: Client) -> None:
    text = page(client, revoked)
    assert "utop-status--bad" in text
    assert "utop-status--good" not in text
    assert "23 novembre 2026" in text
    assert escape("Délivré par <erreur>") in text
    assert "Camille D." in text
    assert "Dupont" not in text


def test_programs_are_told_too(revoked: UUID, client: Client) -> None:
    answer = client.get(f"/utop/verify/{revoked}/?format=json").json()
    assert (answer["status"], answer["revocation"]["reason"]) == ("revoked", "Délivré par <erreur>")
    assert answer["revocation"]["at"].startswith("2026-11-23T15:30:12")


def test_the_signed_files_are_still_served(revoked: UUID, client: Client) -> None:
    for form in ("json", "png"):
        assert client.get(f"/utop/credentials/{revoked}.{form}", HTTP_ACCEPT=BROWSER).status_code == 200


def test_an_altered_one_is_not_called_revoked(revoked: UUID) -> None:
    record = Credential.objects.get()
    Credential.objects.update(document=record.document.replace("87.5", "97.5"))
    assert api.verify(revoked, now=LATER).status == api.Status.ALTERED


def test_the_new_one_is_authentic(revoked: UUID) -> None:
    new = badges.issue_credential(badges.credential(revoked).award.uuid, now=LATER, again=True)
    assert api.verify(new.uuid, now=LATER).status == api.Status.AUTHENTIC


def test_a_recruiter_reads_that_the_list_was_asked(credential: UUID, client: Client) -> None:
    shown = api.verify(credential, now=LATER).shown
    assert isinstance(shown, api.Badge)
    assert shown.is_revoked is False
    assert page(client, credential).count("utop-status--good") == 2


@pytest.mark.parametrize("method", RevocationMethod.values)
def test_a_row_that_was_made_good_again_does_not_deceive_the_list(
    credential: UUID, client: Client, method: str
) -> None:
    Provider.objects.update(revocation_method=method)
    again = badges.reissue(credential, "Nom", by=2, now=LATER).uuid
    badges.revoke(again, "Délivré par erreur", by=2, now=LATER)
    assert api.verify(again, now=LATER).status == api.Status.REVOKED
    Credential.objects.filter(uuid=again).update(is_live=True, revoked_at=None, revocation_reason="")
    assert api.verify(again, now=LATER).status == api.Status.ALTERED


def test_a_list_that_was_altered_is_not_believed(credential: UUID, client: Client) -> None:
    record = StatusList.objects.get()
    StatusList.objects.update(document=record.document.replace("2026-11", "2025-11"))
    assert api.verify(credential, now=LATER).status == api.Status.AUTHENTIC
    text = page(client, credential)
    assert (text.count("utop-status--warn"), text.count("utop-status--good")) == (1, 1)

"""What an operator revokes by hand."""

from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import Settings

from openedx_utop.badges import api
from openedx_utop.badges.models import Credential
from tests.badges.factories import CAMILLE
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.usefixtures("key")


def submit(client: Client, uuid: UUID, action: str, **values: str) -> Any:
    chosen = Credential.objects.get(uuid=uuid).pk
    data = {"action": action, "_selected_action": chosen, **values}
    return client.post("/admin/openedx_utop/credential/", data, follow=True)


@pytest.mark.parametrize(("action", "live"), [("revoke", 0), ("reissue", 1)])
def test_an_operator_revokes_with_a_reason(
    admin_client: Client, credential: api.CredentialFacts, action: str, live: int
) -> None:
    asked = submit(admin_client, credential.uuid, action)
    assert 'name="reason"' in asked.content.decode()
    assert 'name="reason"' in submit(admin_client, credential.uuid, action, reason=" ").content.decode()
    assert api.credential(credential.uuid).revocation is None
    done = submit(admin_client, credential.uuid, action, reason="Délivré par erreur")
    assert "messagelist" in done.content.decode()
    revocation = api.credential(credential.uuid).revocation
    assert revocation is not None
    assert revocation.reason == "Délivré par erreur"
    assert sum(each.revocation is None for each in api.credentials_of(CAMILLE)) == live
    assert Credential.objects.get(uuid=credential.uuid).revoked_by is not None


def test_the_operator_is_told_why_nothing_changed(
    admin_client: Client, credential: api.CredentialFacts, finished: InMemoryPlatform, settings: Settings
) -> None:
    finished.people.clear()
    told = submit(admin_client, credential.uuid, "reissue", reason="Erreur").content.decode()
    assert f"{credential.uuid}\N{NO-BREAK SPACE}: " in told
    settings.UTOP_SIGNING_KEY = ""
    assert "UTOP_SIGNING_KEY" in submit(admin_client, credential.uuid, "revoke", reason="Erreur").content.decode()
    assert api.credential(credential.uuid).revocation is None


def test_who_may_only_look_does_not_revoke(client: Client, credential: api.CredentialFacts) -> None:
    reader = get_user_model().objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_credential"))
    client.force_login(reader)
    submit(client, credential.uuid, "revoke", reason="Erreur")
    assert api.credential(credential.uuid).revocation is None


def test_an_operator_finds_a_badge_by_whom_it_was_issued_to(
    admin_client: Client, credential: api.CredentialFacts
) -> None:
    def found(words: str) -> bool:
        page = admin_client.get("/admin/openedx_utop/credential/", {"q": words}).content.decode()
        return str(credential.uuid) in page

    held = Credential.objects.get(uuid=credential.uuid)
    assert found(held.holder_name.split()[0].lower())
    assert not found("Personne")

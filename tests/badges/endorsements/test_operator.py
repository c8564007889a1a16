"""Endorsements in the administration."""

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from demo.fakes.endorser import FakeEndorser
from openedx_utop.badges.endorsements.models import Endorsement
from openedx_utop.badges.models import Achievement
from openedx_utop.organizations.models import Provider
from tests.badges.endorsements.conftest import address, kept
from tests.badges.revocations import issue

ADD = "admin:openedx_utop_endorsement_add"
LIST = "admin:openedx_utop_endorsement_changelist"


@pytest.fixture
def operator(client: Client, db: None) -> Client:
    client.force_login(get_user_model().objects.create_superuser("operator", password="x"))
    return client


def brought(client: Client, achievement: Achievement, **form: Any) -> str:
    """What the page says of it; empty once it is kept."""
    answer = client.post(reverse(ADD), {"achievement": achievement.pk, **form})
    return answer.content.decode() if answer.status_code == 200 else ""


def test_it_is_pasted_or_uploaded(operator: Client, achievement: Achievement, endorser: FakeEndorser) -> None:
    assert operator.get(reverse(ADD)).status_code == 200
    text = json.dumps(endorser.endorsement(address(achievement)))
    assert "errorlist" in brought(operator, achievement)
    assert "errorlist" in brought(operator, achievement, text=text.replace("branche", "région"))
    assert "errorlist" in brought(operator, achievement, file=SimpleUploadedFile("e.json", b"\xff\xfe\x00"))
    assert not Endorsement.objects.exists()
    file = SimpleUploadedFile("e.json", b"\xef\xbb\xbf" + text.encode(), "application/json")
    assert brought(operator, achievement, file=file) == ""
    found = Endorsement.objects.get()
    assert (found.document, found.kept_by) == (text, get_user_model().objects.get().pk)
    page = operator.get(reverse("admin:openedx_utop_endorsement_change", args=[found.pk])).content.decode()
    assert endorser.did in page
    assert "OPCO d’essai" in operator.get(reverse(LIST)).content.decode()


def test_it_is_of_a_badge_or_of_a_provider(operator: Client, achievement: Achievement, endorser: FakeEndorser) -> None:
    provider = Provider.objects.get()
    about = {"type": ["EndorsementSubject"], "id": "did:web:lms.example.org:utop", "endorsementComment": "Sérieux."}
    text = json.dumps(endorser.endorsement("", credentialSubject=about))
    assert "errorlist" in brought(operator, achievement, provider=provider.pk, text=text)
    assert "errorlist" in brought(operator, achievement, text=text)
    assert operator.post(reverse(ADD), {"text": text}).status_code == 200
    assert not Endorsement.objects.exists()
    assert operator.post(reverse(ADD), {"provider": provider.pk, "text": text}).status_code == 302
    assert Endorsement.objects.get().provider == provider
    assert escape(provider.name) in operator.get(reverse(LIST)).content.decode()


def test_it_is_of_one_learners_badge(operator: Client, achievement: Achievement, endorser: FakeEndorser) -> None:
    credential = issue()
    text = json.dumps(endorser.endorsement(f"https://lms.example.org/utop/credentials/{credential.uuid}"))
    for form in ({"credential": "no uuid"}, {"credential": credential.uuid, "achievement": achievement.pk}):
        assert operator.post(reverse(ADD), {"text": text, **form}).status_code == 200
    assert operator.post(reverse(ADD), {"text": text, "credential": credential.uuid}).status_code == 302
    assert Endorsement.objects.get().credential
    assert str(credential.uuid) in operator.get(reverse(LIST)).content.decode()


def act(client: Client, action: str) -> str:
    chosen = list(Endorsement.objects.values_list("pk", flat=True))
    answer = client.post(reverse(LIST), {"action": action, "_selected_action": chosen}, follow=True)
    return answer.content.decode()


def test_it_is_withdrawn_and_its_key_asked_for(
    operator: Client, achievement: Achievement, endorser: FakeEndorser
) -> None:
    kept(achievement, endorser.endorsement(address(achievement)))
    endorser.lists_key = False
    assert "OPCO d’essai" in act(operator, "look_up")
    assert not Endorsement.objects.get().key_is_listed
    act(operator, "withdraw")
    assert Endorsement.objects.get().withdrawn_by == get_user_model().objects.get().pk


def test_who_only_looks_changes_nothing(client: Client, achievement: Achievement, endorser: FakeEndorser) -> None:
    kept(achievement, endorser.endorsement(address(achievement)))
    reader = get_user_model().objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_endorsement"))
    client.force_login(reader)
    assert client.get(reverse(LIST)).status_code == 200
    assert client.get(reverse(ADD)).status_code == 403
    act(client, "withdraw")
    assert Endorsement.objects.get().is_live

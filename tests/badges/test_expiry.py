"""Holders are told before a badge expires, once, and it is shown as expired afterwards."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from openedx_utop.badges import api
from openedx_utop.badges.expiry import api as expiry
from openedx_utop.badges.expiry.models import ExpiryReminder
from openedx_utop.badges.models import Achievement, Credential
from tests.badges.factories import CAMILLE, NOW
from tests.badges.revocations import LATER, STAFF, issue
from tests.host import InMemoryPlatform

END = NOW.replace(year=NOW.year + 1, microsecond=0)
SOON = END - timedelta(days=10)


class Broken(BaseEmailBackend):
    """A mail server that is down."""

    def send_messages(self, _messages: object) -> int:
        raise ConnectionError


@pytest.fixture
def dated(credential: api.CredentialFacts) -> api.CredentialFacts:
    """A badge that is valid for a year."""
    Achievement.objects.update(validity_months=12)
    return api.reissue(credential.uuid, "Validité", by=STAFF, now=NOW)


def test_the_holder_is_told_once(dated: api.CredentialFacts) -> None:
    assert expiry.expiring(now=END - timedelta(days=31)) == ()
    assert expiry.expiring(now=SOON) == (dated.uuid,)
    assert expiry.remind(dated.uuid, now=SOON)
    assert not expiry.remind(dated.uuid, now=SOON)
    assert expiry.expiring(now=SOON) == ()
    (message,) = mail.outbox
    assert message.to == ["Camille.Dupont@example.fr"]
    assert message.reply_to == ["badges@example.org"]
    assert dated.award.achievement.name in message.subject
    assert "20 novembre 2027" in message.subject
    assert "https://lms.example.org/utop/badges/" in message.body
    assert message.extra_headers["Message-ID"] == f"<{dated.uuid}.expiry@utop>"


@pytest.mark.parametrize("is_late", [True, False])
def test_nobody_is_told_of_what_is_over(dated: api.CredentialFacts, settings: Settings, is_late: bool) -> None:
    if is_late:
        assert expiry.expiring(now=END) == ()
    else:
        settings.UTOP_EXPIRY_NOTICE_DAYS = 0
        assert expiry.expiring(now=SOON) == ()


def test_a_revoked_badge_is_not_told(dated: api.CredentialFacts) -> None:
    api.revoke(dated.uuid, "Erreur", by=STAFF, now=LATER)
    assert expiry.expiring(now=SOON) == ()
    assert not expiry.remind(dated.uuid, now=SOON)


def test_a_mail_server_that_is_down_loses_nothing(dated: api.CredentialFacts, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tests.badges.test_expiry.Broken"
    with pytest.raises(ConnectionError):
        expiry.remind(dated.uuid, now=SOON)
    assert expiry.expiring(now=SOON) == (dated.uuid,)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert expiry.remind(dated.uuid, now=SOON)
    assert len(mail.outbox) == 1


def test_a_worker_that_died_is_succeeded(dated: api.CredentialFacts) -> None:
    ExpiryReminder.objects.create(credential=Credential.objects.get(uuid=dated.uuid), claimed_at=SOON)
    assert not expiry.remind(dated.uuid, now=SOON + timedelta(minutes=59))
    assert expiry.expiring(now=SOON + timedelta(minutes=59)) == ()
    assert expiry.remind(dated.uuid, now=SOON + timedelta(minutes=61))


def test_nobody_to_write_to(dated: api.CredentialFacts, finished: InMemoryPlatform) -> None:
    finished.people.clear()
    assert not expiry.remind(dated.uuid, now=SOON)
    assert mail.outbox == []


def test_the_nightly_command_tells(finished: InMemoryPlatform, key: str) -> None:
    """In the days of today: the command has the clock of the machine."""
    credential = Credential.objects.get(uuid=issue().uuid)
    credential.expires_at = timezone.now() + timedelta(days=3)
    credential.save()
    call_command("utop_reconcile")
    call_command("utop_reconcile")
    assert len(mail.outbox) == 1


def test_an_expired_badge_says_so_to_its_holder(client: Client, dated: api.CredentialFacts) -> None:
    client.force_login(get_user_model().objects.create_user("camille", pk=CAMILLE))
    assert "20 novembre 2027" in client.get("/utop/badges/").content.decode()
    Credential.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert "utop-status--warn" in client.get("/utop/badges/").content.decode()
    home = client.get("/utop/").content.decode()
    assert "utop-status--warn" in home
    assert "mailto:badges@example.org" in home
    answer = client.get(f"/utop/verify/{dated.uuid}/?format=json").json()
    assert answer["status"] == "expired"


def test_staff_renew_it(client: Client, dated: api.CredentialFacts) -> None:
    client.force_login(get_user_model().objects.create_superuser("operator", password="x"))
    chosen = Credential.objects.get(uuid=dated.uuid).pk
    form = {"action": "renew", "_selected_action": [chosen]}
    assert "reason" in client.post("/admin/openedx_utop/credential/", form).content.decode()
    client.post("/admin/openedx_utop/credential/", {**form, "reason": "Recyclage suivi"})
    new = api.credentials_of(CAMILLE)[0]
    assert new.uuid != dated.uuid
    assert json.loads(new.document)["validFrom"] > json.loads(dated.document)["validFrom"]
    former = api.credential(dated.uuid).revocation
    assert former is not None
    assert former.reason == "Recyclage suivi"

"""One badge there for one here, whatever goes wrong on the way."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from demo.fakes.http_server import Fault
from openedx_utop.badges import api
from openedx_utop.badges.models import Credential
from openedx_utop.badges.platforms import api as platforms
from openedx_utop.badges.platforms.models import Delivery, DeliveryKind, DeliveryState, PlatformAchievement
from openedx_utop.badges.platforms.outbox import HELD
from tests.badges.factories import CAMILLE, NOW, learner_at_the_end
from tests.badges.platforms.conftest import Account
from tests.badges.revocations import LATER, STAFF, issue
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.django_db


def sent(kind: str = DeliveryKind.ISSUE) -> Delivery:
    return Delivery.objects.get(kind=kind)


def deliver_all(now: datetime) -> None:
    for delivery_id in platforms.due(now=now):
        platforms.deliver(delivery_id, now=now)


def test_a_badge_arrives_once(account: Account, credential: api.CredentialFacts) -> None:
    deliver_all(NOW)
    deliver_all(NOW + timedelta(days=1))
    assert [each["recipient"] for each in account.issued()] in (
        [["Camille Dupont <Camille.Dupont@example.fr>"]],
        [{"identity": "Camille.Dupont@example.fr", "type": "email", "hashed": True}],
    )
    done = sent()
    assert (done.state, done.attempts, done.email, done.done_at) == (DeliveryState.DONE, 1, "", NOW)
    assert done.identifier in {each.get("entityId", each.get("id")) for each in account.issued()}


@pytest.mark.parametrize(
    "fault",
    [
        Fault(lost=Fault.STORE_THEN_DROP, method="POST"),
        Fault(lost=Fault.DROP_BEFORE_STORE, method="POST"),
        Fault(status=503, method="POST"),
        Fault(status=500, body=b"<html>oops</html>", method="POST"),
        Fault(status=429, headers=(("Retry-After", "120"),), method="POST"),
        Fault(status=201, body=b"<html>proxy</html>", method="POST"),
    ],
    ids=["store-then-drop", "drop-before-store", "503", "500", "429", "no-answer"],
)
def test_a_fault_makes_neither_two_nor_none(account: Account, credential: api.CredentialFacts, fault: Fault) -> None:
    platforms.badge_platform(account.name).badges()  # The token is there, so the fault hits the order itself.
    account.service.faults.append(fault)
    again_at = platforms.deliver(sent().pk, now=NOW)
    assert again_at is not None
    assert again_at >= NOW + timedelta(seconds=120 if fault.status == 429 else 60)
    assert sent().reason
    assert "example.fr" not in sent().reason
    assert platforms.deliver(sent().pk, now=again_at - timedelta(seconds=1)) is None
    deliver_all(again_at)
    assert (len(account.issued()), sent().state) == (1, DeliveryState.DONE)


@pytest.mark.parametrize("account", ["badgr"], indirect=True)
def test_a_platform_whose_clock_is_behind_is_asked_again(account: Account, credential: api.CredentialFacts) -> None:
    account.service.clock = lambda: NOW - timedelta(hours=3)
    deliver_all(NOW)
    assert (sent().state, "issuedOn" in sent().reason) == (DeliveryState.WAITING, True)
    account.service.clock = lambda: NOW + timedelta(seconds=1)
    deliver_all(NOW + timedelta(hours=3))
    assert (len(account.issued()), sent().state) == (1, DeliveryState.DONE)


def test_an_award_of_the_future_is_issued_today(account: Account, credential: api.CredentialFacts) -> None:
    """Our own clock was ahead when it was made, and is right when it is sent."""
    yesterday = NOW - timedelta(days=1)
    account.service.clock = lambda: yesterday
    deliver_all(yesterday)
    (there,) = account.issued()
    assert sent().state == DeliveryState.DONE
    assert (there.get("issued_on") or datetime.fromisoformat(there["issuedOn"]).timestamp()) <= yesterday.timestamp()


def test_a_worker_whose_clock_is_behind_sends_at_once(account: Account, credential: api.CredentialFacts) -> None:
    platforms.deliver(sent().pk, now=NOW - timedelta(minutes=1))
    assert (len(account.issued()), sent().state) == (1, DeliveryState.DONE)


def test_what_is_stuck_is_taken_up_by_a_worker_whose_clock_is_behind(
    account: Account, credential: api.CredentialFacts
) -> None:
    Delivery.objects.update(state=DeliveryState.STUCK, attempts=20)
    assert platforms.try_again(sent().pk, now=LATER)
    deliver_all(LATER - timedelta(minutes=1))
    assert (len(account.issued()), sent().state) == (1, DeliveryState.DONE)


def test_an_expired_token_is_renewed(account: Account, credential: api.CredentialFacts) -> None:
    platforms.badge_platform(account.name).badges()
    account.service.expire_tokens()
    deliver_all(NOW)
    assert (len(account.issued()), sent().attempts) == (1, 1)


def test_one_token_serves_many(account: Account, known: PlatformAchievement, finished: InMemoryPlatform) -> None:
    for user_id in range(CAMILLE, CAMILLE + 3):
        learner_at_the_end(finished, user_id)
        finished.people[user_id] = finished.people[user_id].__class__(user_id, "u", "Nom", f"{user_id}@a.fr", "fr")
        issue(user_id)
    deliver_all(NOW)
    assert len(account.issued()) == 3
    assert len([call for call in account.service.calls if call.path.endswith("token")]) == 1


def test_a_worker_that_dies_is_succeeded(account: Account, credential: api.CredentialFacts) -> None:
    """Killed between the answer and its record: the next one finds what is there."""
    delivery = sent()
    platforms.deliver(delivery.pk, now=NOW)
    Delivery.objects.update(state=DeliveryState.SENDING, identifier="", due_at=NOW + HELD, email=credential_email())
    assert platforms.due(now=NOW + HELD - timedelta(seconds=1)) == ()
    deliver_all(NOW + HELD)
    assert (len(account.issued()), sent().state) == (1, DeliveryState.DONE)


def test_a_refusal_waits_for_a_person(account: Account, credential: api.CredentialFacts, settings: Settings) -> None:
    Delivery.objects.update(badge="unknown")
    deliver_all(NOW)
    stuck = sent()
    assert (stuck.state, stuck.reason[:3]) == (DeliveryState.STUCK, "404")
    assert platforms.due(now=NOW + timedelta(days=30)) == ()
    Delivery.objects.update(badge=account.badge)
    assert platforms.try_again(stuck.pk, now=LATER)
    deliver_all(LATER)
    assert (len(account.issued()), sent().state) == (1, DeliveryState.DONE)
    assert not platforms.try_again(stuck.pk, now=LATER)


def test_bad_credentials_are_told(account: Account, credential: api.CredentialFacts, settings: Settings) -> None:
    secret = "client_secret" if account.name == "obf" else "password"
    account.configured["OPTIONS"][secret] = "wrong"
    deliver_all(NOW)
    assert sent().state == DeliveryState.STUCK
    assert "invalid" in sent().reason.lower()
    assert "wrong" not in sent().reason


def test_a_platform_taken_out_of_the_settings(
    account: Account, credential: api.CredentialFacts, settings: Settings
) -> None:
    settings.UTOP_BADGE_PLATFORMS = {}
    deliver_all(NOW)
    assert (sent().state, account.name in sent().reason) == (DeliveryState.STUCK, True)


def test_a_platform_that_stays_away_is_told_in_the_end(account: Account, credential: api.CredentialFacts) -> None:
    account.service.faults.extend([Fault(status=503)] * 100)
    now: datetime | None = NOW
    while now is not None:
        last, now = now, platforms.deliver(sent().pk, now=now)
    assert last - NOW > timedelta(days=1)
    assert sent().state == DeliveryState.STUCK


def test_a_revocation_follows(account: Account, credential: api.CredentialFacts) -> None:
    deliver_all(NOW)
    api.revoke(credential.uuid, "Délivré par erreur", by=STAFF, now=LATER)
    deliver_all(LATER)
    assert (len(account.issued()), account.live()) == (1, [])
    assert sent(DeliveryKind.REVOKE).state == DeliveryState.DONE


def test_a_revocation_whose_answer_is_lost(account: Account, credential: api.CredentialFacts) -> None:
    deliver_all(NOW)
    api.revoke(credential.uuid, "Délivré par erreur", by=STAFF, now=LATER)
    account.service.faults.append(Fault(lost=Fault.STORE_THEN_DROP, method="DELETE"))
    deliver_all(LATER)
    assert sent(DeliveryKind.REVOKE).state == DeliveryState.WAITING
    deliver_all(LATER + timedelta(hours=1))
    assert (account.live(), sent(DeliveryKind.REVOKE).state) == ([], DeliveryState.DONE)


def test_what_is_revoked_before_it_left_never_leaves(account: Account, credential: api.CredentialFacts) -> None:
    api.revoke(credential.uuid, "Délivré par erreur", by=STAFF, now=NOW)
    deliver_all(NOW)
    deliver_all(LATER)
    assert account.issued() == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.CANCELLED}


def test_what_is_issued_anew_replaces_the_former(account: Account, credential: api.CredentialFacts) -> None:
    deliver_all(NOW)
    api.reissue(credential.uuid, "Nom corrigé", by=STAFF, now=LATER)
    for hours in range(4):
        deliver_all(LATER + timedelta(hours=hours))
    assert (len(account.issued()), len(account.live())) == (2, 1)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("lost", [Fault.STORE_THEN_DROP, Fault.DROP_BEFORE_STORE])
def test_a_corrected_name_reaches_the_platform_whatever_answer_is_lost(
    account: Account, credential: api.CredentialFacts, finished: InMemoryPlatform, lost: str, method: str
) -> None:
    deliver_all(NOW)
    finished.people[CAMILLE] = replace(finished.people[CAMILLE], full_name="Camille Dupond")
    new = api.reissue(credential.uuid, "Nom corrigé", by=STAFF, now=LATER)
    account.service.faults.append(Fault(lost=lost, method=method))
    for hours in range(6):
        deliver_all(LATER + timedelta(hours=hours))
    assert len(account.issued()) == 2
    (live,) = account.live()
    assert str(new.uuid) in json.dumps(live)
    assert "Dupont <" not in str(live["recipient"])
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DONE}
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DONE}


def test_nobody_is_sent_after_retirement(account: Account, credential: api.CredentialFacts) -> None:
    api.forget_learner(CAMILLE)
    deliver_all(NOW)
    assert (account.issued(), sent().state, sent().email) == ([], DeliveryState.CANCELLED, "")


def test_retirement_while_it_is_on_its_way(account: Account, credential: api.CredentialFacts) -> None:
    account.service.faults.append(Fault(status=503))
    deliver_all(NOW)
    Delivery.objects.update(state=DeliveryState.SENDING, due_at=NOW)
    api.forget_learner(CAMILLE)
    deliver_all(LATER)
    assert (account.issued(), sent().state) == ([], DeliveryState.CANCELLED)


def test_badges_issued_before_are_sent_on_demand(account: Account, credential: api.CredentialFacts) -> None:
    Delivery.objects.all().delete()
    assert platforms.post_earlier(PlatformAchievement.objects.get(), now=LATER) == 1
    assert platforms.post_earlier(PlatformAchievement.objects.get(), now=LATER) == 0
    deliver_all(LATER)
    assert len(account.issued()) == 1


def test_without_a_known_badge_nothing_is_owed(finished: InMemoryPlatform, key: str, account: Account) -> None:
    issue()
    assert not Delivery.objects.exists()


def credential_email() -> str:
    assert Credential.objects.count() == 1
    return "Camille.Dupont@example.fr"

"""The learner decides: no badge, no badge any more, a badge after all, a badge for nobody's eyes."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from openedx_utop import tasks
from openedx_utop.badges import api
from openedx_utop.badges.models import Award, Credential
from openedx_utop.outcomes import outcome
from openedx_utop.verification import api as verification
from tests.badges.factories import CAMILLE, COURSE, NOW
from tests.badges.revocations import LATER, STAFF, is_revoked, issue
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.usefixtures("key")
FORMS = (".json", ".png", ".svg", "")
PAGE = "/utop/badges/"


@pytest.fixture
def camille(client: Client, credential: api.CredentialFacts) -> Client:
    client.force_login(get_user_model().objects.create_user("camille", pk=CAMILLE))
    return client


@pytest.fixture
def stranger(credential: api.CredentialFacts) -> Client:
    return Client()


def status(client: Client, credential: api.CredentialFacts, form: str = "") -> int:
    accept = "application/json" if form in {"", ".json"} else "*/*"
    return client.get(f"/utop/credentials/{credential.uuid}{form}", HTTP_ACCEPT=accept).status_code


def test_a_refused_badge_ends_for_everyone_and_says_nothing_more(
    camille: Client, stranger: Client, credential: api.CredentialFacts
) -> None:
    answer = camille.post(f"/utop/awards/{credential.award.uuid}/refuse/")
    assert answer["Location"] == PAGE
    assert is_revoked(stranger, credential)
    assert [status(stranger, credential, form) for form in FORMS] == [404] * 4
    hosted = stranger.get(f"/utop/assertions/{credential.uuid}.json")
    assert (hosted.status_code, set(hosted.json())) == (410, {"id", "revoked", "revocationReason"})
    found = stranger.get(f"/utop/verify/{credential.uuid}/?format=json").json()
    assert (found["status"], found["shown"]) == ("revoked", None)
    page = stranger.get(f"/utop/verify/{credential.uuid}/").content.decode()
    assert "Camille" not in page
    assert credential.award.action.title not in page
    assert Award.objects.get().evaluation == credential.award.evaluation
    assert "linkedin" not in camille.get(PAGE).content.decode()
    reached = outcome(CAMILLE, COURSE)
    assert reached is not None
    assert reached.is_badge_refused


def test_it_can_be_had_after_all(camille: Client, credential: api.CredentialFacts) -> None:
    camille.post(f"/utop/awards/{credential.award.uuid}/refuse/")
    camille.post(f"/utop/awards/{credential.award.uuid}/accept/")
    new = api.credentials_of(CAMILLE)[0]
    assert (new.uuid != credential.uuid, new.revocation, new.is_shown) == (True, None, True)
    camille.post(f"/utop/awards/{credential.award.uuid}/accept/")
    assert Credential.objects.count() == 2


def test_what_the_issuer_ended_is_not_had_back(credential: api.CredentialFacts) -> None:
    api.revoke(credential.uuid, "Fraude", by=STAFF, now=LATER)
    api.refuse(credential.award.uuid, CAMILLE, now=LATER)
    kept = api.accept(credential.award.uuid, CAMILLE, now=LATER)
    assert (kept.uuid, kept.revocation) == (credential.uuid, api.Revocation(LATER, "Fraude"))


def test_a_refusal_before_there_is_a_badge(finished: InMemoryPlatform) -> None:
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    api.refuse(award.uuid, CAMILLE, now=NOW)
    with pytest.raises(api.BadgeRefused):
        api.issue_credential(award.uuid, now=NOW)
    tasks.issue_credential(str(award.uuid))
    assert not Credential.objects.exists()
    assert [each.uuid for each in api.refused_awards(CAMILLE)] == [award.uuid]
    assert api.accept(award.uuid, CAMILLE, now=LATER).revocation is None
    assert api.refused_awards(CAMILLE) == ()


def test_no_badge_of_any_award_to_come(client: Client, finished: InMemoryPlatform) -> None:
    client.force_login(get_user_model().objects.create_user("camille", pk=CAMILLE))
    client.post("/utop/badges/choice/", {"wanted": "0"})
    assert not api.wants_badges(CAMILLE)
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    with pytest.raises(api.BadgeRefused):
        api.issue_credential(award.uuid, now=NOW)
    assert "obtenir finalement" in client.get(PAGE).content.decode()
    # One may still be wanted.
    assert api.accept(award.uuid, CAMILLE, now=LATER).revocation is None
    client.post("/utop/badges/choice/", {"wanted": "1"})
    assert api.wants_badges(CAMILLE)


def test_staff_do_not_issue_what_is_refused(credential: api.CredentialFacts) -> None:
    api.refuse(credential.award.uuid, CAMILLE, now=LATER)
    for again in (api.renew, api.reissue):
        with pytest.raises(api.BadgeRefused):
            again(credential.uuid, "Nom", by=STAFF, now=LATER)


def test_without_a_key_nothing_is_refused_by_half(
    camille: Client, credential: api.CredentialFacts, settings: Settings
) -> None:
    settings.UTOP_SIGNING_KEY = ""
    camille.post(f"/utop/awards/{credential.award.uuid}/refuse/")
    assert api.credential(credential.uuid) == credential
    assert api.refused_awards(CAMILLE) == ()


def test_a_hidden_badge_is_for_its_holder_alone(
    camille: Client, stranger: Client, credential: api.CredentialFacts
) -> None:
    camille.post(f"/utop/badges/{credential.uuid}/shown/", {"shown": "0"})
    assert [status(stranger, credential, form) for form in FORMS] == [404] * 4
    assert stranger.get(f"/utop/assertions/{credential.uuid}.json").status_code == 404
    assert [status(camille, credential, form) for form in FORMS] == [200] * 4
    found = stranger.get(f"/utop/verify/{credential.uuid}/?format=json").json()
    assert (found["status"], found["shown"]) == ("hidden", None)
    assert "Camille" not in stranger.get(f"/utop/verify/{credential.uuid}/").content.decode()
    # What was handed out before still verifies: nothing is revoked.
    assert not is_revoked(stranger, credential)
    camille.post(f"/utop/badges/{credential.uuid}/shown/", {"shown": "1"})
    assert status(stranger, credential) == 200


def test_a_new_credential_stays_as_hidden_as_the_former(credential: api.CredentialFacts) -> None:
    api.show(credential.uuid, CAMILLE, shown=False)
    assert not api.reissue(credential.uuid, "Nom corrigé", by=STAFF, now=LATER).is_shown


@pytest.mark.parametrize("path", ["awards/{award}/refuse/", "awards/{award}/accept/", "badges/{badge}/shown/"])
def test_nobody_decides_for_another(client: Client, credential: api.CredentialFacts, path: str) -> None:
    address = "/utop/" + path.format(award=credential.award.uuid, badge=credential.uuid)
    assert client.post(address)["Location"].startswith("/accounts/login/")
    client.force_login(get_user_model().objects.create_user("alix", pk=CAMILLE + 1))
    assert client.post(address).status_code == 404
    assert client.get(address).status_code == 405
    assert api.credential(credential.uuid) == credential


def test_after_the_account_is_gone(stranger: Client, credential: api.CredentialFacts) -> None:
    api.show_name(credential.uuid, CAMILLE, public=True)
    api.forget_learner(CAMILLE)
    found = verification.verify(credential.uuid, now=LATER)
    assert (found.status, found.shown) == (verification.Status.HIDDEN, None)
    assert [status(stranger, credential, form) for form in FORMS] == [404] * 4
    assert stranger.get(f"/utop/assertions/{credential.uuid}.json").status_code == 404
    # The evidence stays, and the file that the learner took away is as good as before.
    assert api.proof_holds(api.credential(credential.uuid).document)
    assert not is_revoked(stranger, credential)
    with pytest.raises(api.BadgeRefused):
        api.reissue(credential.uuid, "Nom corrigé", by=STAFF, now=LATER)


def test_no_badge_is_made_for_an_account_that_is_gone(finished: InMemoryPlatform) -> None:
    """The platform keeps the row of a retired user, under another address."""
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    api.forget_learner(CAMILLE)
    tasks.issue_credential(str(award.uuid))
    assert not Credential.objects.exists()


def test_a_sheet_of_paper(camille: Client, credential: api.CredentialFacts) -> None:
    page = camille.get(f"/utop/badges/{credential.uuid}/print/").content.decode()
    for said in ("Camille Dupont", credential.award.action.title, f"/utop/verify/{credential.uuid}/", "<svg"):
        assert said in page
    camille.force_login(get_user_model().objects.create_user("alix", pk=CAMILLE + 1))
    assert camille.get(f"/utop/badges/{credential.uuid}/print/").status_code == 404


def test_a_renewal_is_valid_from_now_on(finished: InMemoryPlatform) -> None:
    first = issue()
    from openedx_utop.badges.models import Achievement

    Achievement.objects.update(validity_months=12)
    dated = api.reissue(first.uuid, "Validité", by=STAFF, now=NOW)
    end = NOW.replace(year=NOW.year + 1, microsecond=0)
    assert dated.expires_at == end
    renewed = api.renew(dated.uuid, "Recyclage suivi", by=STAFF, now=end + timedelta(days=3))
    said = json.loads(renewed.document)
    assert said["validFrom"] == "2027-11-23T15:30:12Z"
    assert said["validUntil"] == "2028-11-23T15:30:12Z"
    assert "20 novembre 2026" in said["evidence"][0]["narrative"]
    assert renewed.award == first.award
    assert Credential.objects.filter(is_live=True).count() == 1

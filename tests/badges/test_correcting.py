"""A name or an address that was corrected since: the holder has the badge issued anew, once, and is led to it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from openedx_utop import tasks
from openedx_utop.attestations import api as attestations
from openedx_utop.badges import api
from openedx_utop.badges.models import Credential
from openedx_utop.verification import api as verification
from tests.badges.factories import CAMILLE
from tests.badges.revocations import LATER, STAFF, is_revoked
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.django_db


@pytest.fixture
def camille(client: Client, credential: api.CredentialFacts) -> Client:
    client.force_login(get_user_model().objects.create_user("camille", pk=CAMILLE))
    return client


@pytest.fixture
def rename(finished: InMemoryPlatform) -> Callable[..., None]:
    """Change what the account says of Camille."""

    def _rename(**values: str) -> None:
        finished.people[CAMILLE] = replace(finished.people[CAMILLE], **values)

    return _rename


def correct(client: Client) -> int:
    return client.post("/utop/badges/correct/").status_code


def test_nothing_is_offered_while_nothing_changed(camille: Client, credential: api.CredentialFacts) -> None:
    assert "/correct/" not in camille.get("/utop/badges/").content.decode()
    assert correct(camille) == 302
    assert api.credentials_of(CAMILLE) == (credential,)


@pytest.mark.parametrize("changed", [{"full_name": "Camille <Martin>"}, {"email": "camille.martin@example.fr"}])
def test_the_holder_has_it_issued_anew_once(
    camille: Client, credential: api.CredentialFacts, rename: Callable[..., None], changed: dict[str, str]
) -> None:
    api.show_name(credential.uuid, CAMILLE, public=True)
    rename(**changed)
    page = camille.get("/utop/badges/").content.decode()
    assert "/utop/badges/correct/" in page
    assert ("Camille &lt;Martin&gt;" in page) == ("full_name" in changed)
    for _twice in range(2):
        assert correct(camille) == 302
    new, former = api.credentials_of(CAMILLE)
    assert (former.uuid, new.award.uuid) == (credential.uuid, credential.award.uuid)
    assert new.holder_name == changed.get("full_name", "Camille Dupont")
    assert new.name_is_public
    assert former.revocation is not None
    assert not former.revocation.by_holder
    assert is_revoked(camille, former)
    assert not is_revoked(camille, new)
    page = camille.get("/utop/badges/").content.decode()
    assert "/correct/" not in page
    assert str(former.uuid) not in page


def test_the_former_link_leads_to_the_new_badge_and_no_longer_names_anybody(
    camille: Client, credential: api.CredentialFacts, rename: Callable[..., None]
) -> None:
    rename(full_name="Alix Martin")
    correct(camille)
    new = api.credentials_of(CAMILLE)[0]
    page = Client().get(f"/utop/verify/{credential.uuid}/").content.decode()
    assert f'href="/utop/verify/{new.uuid}/"' in page
    assert "Camille" not in page
    answer = Client().get(f"/utop/verify/{credential.uuid}/?format=json").json()
    assert (answer["status"], answer["successor"]["uuid"]) == ("revoked", str(new.uuid))
    api.show(new.uuid, CAMILLE, shown=False)
    assert str(new.uuid) not in Client().get(f"/utop/verify/{credential.uuid}/").content.decode()


def test_the_certificate_follows_in_the_same_name(
    camille: Client, credential: api.CredentialFacts, rename: Callable[..., None]
) -> None:
    tasks.issue_attestation(str(credential.award.uuid))
    rename(full_name="Alix Martin")
    for _twice in range(2):
        correct(camille)
    new, former = attestations.attestations_of(CAMILLE)
    assert (new.holder_name, former.holder_name) == ("Alix Martin", "Camille Dupont")
    assert new.replaces is not None
    tasks.issue_attestation(str(credential.award.uuid))
    assert len(attestations.attestations_of(CAMILLE)) == 2


def test_what_was_revoked_or_refused_does_not_come_back(
    camille: Client, credential: api.CredentialFacts, rename: Callable[..., None]
) -> None:
    rename(full_name="Alix Martin")
    api.revoke(credential.uuid, "Erreur", by=STAFF, now=LATER)
    assert correct(camille) == 302
    assert len(api.credentials_of(CAMILLE)) == 1
    assert verification.verify(credential.uuid, now=LATER).successor is None


def test_who_wants_no_badge_any_more_keeps_the_former_and_is_told(
    camille: Client, credential: api.CredentialFacts, rename: Callable[..., None]
) -> None:
    camille.post("/utop/badges/choice/", {"wanted": "0"})
    rename(full_name="Alix Martin")
    assert correct(camille) == 302
    assert api.credentials_of(CAMILLE) == (credential,)
    camille.post("/utop/badges/choice/", {"wanted": "1"})
    assert correct(camille) == 302
    assert api.credentials_of(CAMILLE)[0].holder_name == "Alix Martin"


def test_nobody_corrects_anothers(client: Client, credential: api.CredentialFacts, rename: Callable[..., None]) -> None:
    rename(full_name="Alix Martin")
    client.force_login(get_user_model().objects.create_user("noa", pk=CAMILLE + 1))
    assert correct(client) == 302
    with pytest.raises(api.UnknownCredential):
        api.correct(credential.uuid, CAMILLE + 1, now=LATER)
    assert api.credential(credential.uuid).revocation is None


def test_a_refused_badge_leads_nowhere(camille: Client, credential: api.CredentialFacts) -> None:
    api.refuse(credential.award.uuid, CAMILLE, now=LATER)
    api.accept(credential.award.uuid, CAMILLE, now=LATER)
    assert verification.verify(credential.uuid, now=LATER).successor is None


@pytest.mark.mariadb
@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_make_one(credential: api.CredentialFacts, rename: Callable[..., None]) -> None:
    rename(full_name="Alix Martin")
    barrier = Barrier(3)

    def click(_number: int) -> None:
        try:
            barrier.wait()
            api.correct(credential.uuid, CAMILLE, now=LATER)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(click, range(3)))
    assert Credential.objects.count() == 2
    assert Credential.objects.filter(is_live=True).count() == 1

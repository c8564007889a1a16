"""Issuing, once per award."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from openedx_utop.attestations import api
from openedx_utop.attestations.models import Attestation
from openedx_utop.compat import Person
from openedx_utop.organizations import api as organizations
from openedx_utop.training.models import TrainingAction
from tests.attestations.factories import AWARDED, CAMILLE, COURSE, STRANGER, finished_path, spend, usage_key


def test_facts_of_a_document(issued):
    assert issued == api.attestation(issued.uuid)
    assert issued.number.startswith("2027-")
    assert (issued.holder_name, issued.provider_name) == ("Camille Dubœuf-N’Guyen", "Campus Numérique d’Essai")
    assert (issued.estimated_seconds, issued.realised_seconds, issued.connection_seconds) == (14400, 14400, 12760)
    assert not issued.name_is_public


def test_a_second_call_answers_with_the_first_document(award, issued):
    spend(usage_key(0), AWARDED, minutes=5)
    assert api.issue_attestation(**award | {"now": AWARDED + timedelta(days=1)}) == issued
    assert Attestation.objects.count() == 1


def test_two_awards_have_two_numbers(award, issued):
    other = api.issue_attestation(**award | {"award_uuid": uuid4()})
    assert other.number != issued.number
    assert {facts.number for facts in api.attestations_of(CAMILLE)} == {other.number, issued.number}


def test_the_latest_document_comes_first(award, issued):
    later = api.issue_attestation(**award | {"award_uuid": uuid4(), "now": AWARDED + timedelta(days=2)})
    assert api.attestations_of(CAMILLE) == (later, issued)
    assert api.attestations_of(STRANGER) == ()


def test_the_latest_is_what_was_made_last_though_the_clock_was_set_back(award, issued):
    later = api.issue_attestation(**award | {"award_uuid": uuid4(), "now": AWARDED - timedelta(days=2)})
    assert api.attestations_of(CAMILLE) == (later, issued)


def test_days_are_those_of_the_installation_whoever_asks(award):
    award |= {"now": award["now"].replace(month=12, day=31, hour=23, minute=30)}
    with timezone.override("America/Guadeloupe"):
        issued = api.issue_attestation(**award)
    context = Attestation.objects.get(uuid=issued.uuid).context
    assert context["issued_on"]["iso"] == "2028-01-01"
    assert issued.number.startswith("2028-")


def test_a_week_is_that_of_the_installation_whoever_asks(award):
    Attestation.objects.all().delete()
    spend(usage_key(0), AWARDED.replace(month=2, day=7, hour=23, minute=10), minutes=5)
    with timezone.override("America/Guadeloupe"):
        issued = api.issue_attestation(**award)
    weeks = Attestation.objects.get(uuid=issued.uuid).context["attendance"]["weeks"]
    assert weeks[-1]["monday"]["iso"] == "2027-02-08"


def test_an_account_without_a_name_is_known_by_its_username(award, host):
    host.people[CAMILLE] = Person(CAMILLE, "camille", " ", "camille@example.fr", "fr")
    assert api.issue_attestation(**award).holder_name == "camille"


def test_nothing_is_attested_of_an_account_that_is_gone(award, host):
    host.people.clear()
    with pytest.raises(api.CannotAttest):
        api.issue_attestation(**award)
    assert not Attestation.objects.exists()


def test_nothing_is_attested_without_a_training_action(award):
    TrainingAction.objects.all().delete()
    with pytest.raises(api.CannotAttest):
        api.issue_attestation(**award)


def test_the_document_outlives_the_account(issued, host):
    before = api.pdf(issued.uuid)
    host.people.clear()
    organizations.forget_learner(CAMILLE)
    TrainingAction.objects.filter(course_key=COURSE).update(title="Autre chose")
    assert api.pdf(issued.uuid) == before


def test_the_holder_decides_whether_the_name_is_shown(issued):
    api.show_name(issued.uuid, CAMILLE, public=True)
    assert api.attestation(issued.uuid).name_is_public
    api.show_name(issued.uuid, CAMILLE, public=False)
    assert not api.attestation(issued.uuid).name_is_public


def test_nobody_else_decides(issued):
    with pytest.raises(api.UnknownAttestation):
        api.show_name(issued.uuid, STRANGER, public=True)
    assert not api.attestation(issued.uuid).name_is_public


@pytest.mark.django_db
def test_an_unknown_document():
    with pytest.raises(api.UnknownAttestation):
        api.attestation(uuid4())
    with pytest.raises(api.UnknownAttestation):
        api.pdf(uuid4())


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_issue_one_document(host):
    """SQLite refuses a second writer in shared memory at once: the worker tries again, as the task does."""
    award = finished_path(host)
    start, numbers = threading.Barrier(4), []

    def work() -> None:
        start.wait()
        while True:
            try:
                numbers.append(api.issue_attestation(**award).number)
            except OperationalError:
                continue
            break
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 4
    assert len(set(numbers)) == 1
    assert Attestation.objects.count() == 1

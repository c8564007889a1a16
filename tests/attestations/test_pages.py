"""Who may open a document."""

from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.attestations.factories import CAMILLE, COURSE, STRANGER, TEACHER


def signed_in(user_id: int) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user(f"user{user_id}", id=user_id))
    return client


@pytest.fixture
def address(issued):
    return f"/utop/documents/{issued.uuid}.pdf"


def test_the_holder_reads_the_document(issued, address):
    response = signed_in(CAMILLE).get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="certificat-de-realisation-{issued.number}.pdf"'
    assert response.content.startswith(b"%PDF-")


def test_no_cache_keeps_it(address):
    assert set(signed_in(CAMILLE).get(address)["Cache-Control"].split(", ")) == {"private", "no-store"}


def test_the_staff_of_the_course_reads_it(address, host):
    host.staff.add((TEACHER, COURSE))
    assert signed_in(TEACHER).get(address).status_code == 200


def test_the_staff_of_another_course_does_not(address, host):
    host.staff.add((TEACHER, COURSE.replace(run="2028")))
    assert signed_in(TEACHER).get(address).status_code == 404


def test_a_stranger_learns_nothing(address):
    stranger = signed_in(STRANGER)
    refused, unknown = stranger.get(address), stranger.get(f"/utop/documents/{uuid4()}.pdf")
    assert refused.status_code == unknown.status_code == 404
    assert refused.content == unknown.content


def test_a_visitor_is_asked_to_sign_in(address, client):
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={address}")


def test_it_is_only_read(address):
    assert signed_in(CAMILLE).post(address).status_code == 405


def test_the_register_is_read_only(issued, admin_client):
    from openedx_utop.attestations.models import Attestation

    record = Attestation.objects.get(uuid=issued.uuid)
    base = "/admin/openedx_utop/attestation/"
    assert issued.number in admin_client.get(base).content.decode()
    assert admin_client.get(f"{base}{record.pk}/change/").status_code == 200
    assert admin_client.post(f"{base}{record.pk}/change/", {"number": "1"}).status_code == 403
    assert admin_client.get(f"{base}add/").status_code == 403
    assert admin_client.get(f"{base}{record.pk}/delete/").status_code == 403

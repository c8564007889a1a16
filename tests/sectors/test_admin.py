"""The operator's forms."""

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from opaque_keys.edx.keys import CourseKey

from openedx_utop.organizations import admin as organizations_admin
from openedx_utop.organizations.models import Employer
from openedx_utop.sectors import admin as sectors_admin
from openedx_utop.sectors.api import choose_sector
from openedx_utop.sectors.models import Sector
from openedx_utop.sectors.rulebook import admin as rulebook_admin
from openedx_utop.sectors.rulebook.models import SectorRule
from tests.sectors.conftest import LEARNER, NOW

ADMIN = "/admin/openedx_utop"

assert organizations_admin
assert sectors_admin
assert rulebook_admin


@pytest.fixture
def operator(course: CourseKey) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("operator"))
    return client


def test_a_sector_that_is_held_stays_and_the_operator_is_told_what_to_do(operator: Client, course: CourseKey) -> None:
    choose_sector(LEARNER, course, "sante", chosen_by=LEARNER, now=NOW)
    url = f"{ADMIN}/sector/{Sector.objects.get(slug='sante').pk}/delete/"
    for response in (operator.get(url), operator.post(url, {"post": "yes"})):
        assert response.status_code == 200
        assert [message.level_tag for message in get_messages(response.wsgi_request)] == ["warning"]
    assert Sector.objects.filter(slug="sante").exists()


def test_a_sector_that_nothing_holds_goes(operator: Client) -> None:
    url = f"{ADMIN}/sector/{Sector.objects.get(slug='banque').pk}/delete/"
    assert operator.post(url, {"post": "yes"}).status_code == 302
    assert not Sector.objects.filter(slug="banque").exists()


def test_a_sector_is_not_placed_under_its_branch(operator: Client) -> None:
    hotel, branch = Sector.objects.get(slug="hotel"), Sector.objects.get(slug="traiteur")
    form = {"name": "Hôtellerie", "slug": "hotel", "parent": branch.pk}
    assert operator.post(f"{ADMIN}/sector/{hotel.pk}/change/", form).status_code == 200
    hotel.refresh_from_db()
    assert hotel.parent is None


def test_a_rule_is_kept_as_companies_carry_its_code(operator: Client) -> None:
    form = {"kind": "idcc", "code": "29", "sector": Sector.objects.get(slug="sante").pk, "valid_from": "2020-01-01"}
    assert operator.post(f"{ADMIN}/sectorrule/add/", form).status_code == 302
    assert SectorRule.objects.filter(kind="idcc", code="0029").exists()
    assert operator.post(f"{ADMIN}/sectorrule/add/", {**form, "code": "HCR"}).status_code == 200


def test_choices_are_read_only(operator: Client, course: CourseKey) -> None:
    choose_sector(LEARNER, course, "sante", chosen_by=LEARNER, now=NOW)
    assert operator.get(f"{ADMIN}/sectorchoice/").status_code == 200
    assert operator.get(f"{ADMIN}/sectorchoice/add/").status_code == 403


def test_a_company_is_kept_with_normalised_facts(operator: Client) -> None:
    form = {"siret": "356 000 000 09090", "name": "Bureau de poste", "idcc": "5516", "naf": "5310z"}
    assert operator.post(f"{ADMIN}/employer/add/", form).status_code == 302
    employer = Employer.objects.get()
    assert (employer.siret, employer.naf, employer.checksum_warning) == ("35600000009090", "53.10Z", True)
    refused = operator.post(f"{ADMIN}/employer/add/", {**form, "siret": "00000000000000"})
    assert refused.status_code == 200
    assert Employer.objects.count() == 1

"""The operator's forms."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.test import Client
from opaque_keys.edx.keys import CourseKey

from openedx_utop.organizations import admin as organizations_admin
from openedx_utop.organizations.models import Employer
from openedx_utop.sectors import admin as sectors_admin
from openedx_utop.sectors import rule_admin
from openedx_utop.sectors.api import choose_sector, learner_sector
from openedx_utop.sectors.models import Sector
from openedx_utop.sectors.rulebook.models import AgreementOpco, RuleImport, SectorRule
from tests.sectors.conftest import LEARNER, NOW, SIRET, employ

ADMIN = "/admin/openedx_utop"

assert organizations_admin
assert sectors_admin
assert rule_admin


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


def test_the_list_is_the_tree(operator: Client) -> None:
    shown = [(each.slug, each.level) for each in operator.get(f"{ADMIN}/sector/").context["cl"].result_list]
    assert shown == [("alimentaire", 0), ("banque", 0), ("hotel", 0), ("traiteur", 1), ("sante", 0)]


def test_a_sector_is_withdrawn_and_who_holds_it_keeps_it(operator: Client, course: CourseKey) -> None:
    choose_sector(LEARNER, course, "sante", chosen_by=LEARNER, now=NOW)
    form = {"action": "withdraw", "_selected_action": [Sector.objects.get(slug="sante").pk]}
    assert operator.post(f"{ADMIN}/sector/", form).status_code == 302
    assert not Sector.objects.get(slug="sante").is_offered
    held = learner_sector(LEARNER, course)
    assert held is not None
    assert held.slug == "sante"


def test_an_agreement_has_one_opco_at_a_time(operator: Client) -> None:
    form = {"idcc": "1979", "opco": "AKTO", "valid_from": "2019-07-19"}
    assert operator.post(f"{ADMIN}/agreementopco/add/", form).status_code == 302
    moved = {**form, "opco": "L’Opcommerce", "valid_from": "2027-01-01"}
    refused = operator.post(f"{ADMIN}/agreementopco/add/", moved)
    assert refused.status_code == 200
    assert list(AgreementOpco.objects.values_list("idcc", "opco")) == [("1979", "akto")]
    assert operator.post(f"{ADMIN}/agreementopco/add/", {**form, "idcc": "29", "opco": "N/C"}).status_code == 200


def test_a_rule_does_not_end_before_it_begins(operator: Client) -> None:
    sector = Sector.objects.get(slug="sante").pk
    form = {
        "kind": "opco",
        "code": "OPCO Santé",
        "sector": sector,
        "valid_from": "2020-01-02",
        "valid_to": "2020-01-01",
    }
    assert operator.post(f"{ADMIN}/sectorrule/add/", form).status_code == 200
    assert operator.post(f"{ADMIN}/sectorrule/add/", {**form, "valid_to": ""}).status_code == 302
    assert SectorRule.objects.filter(kind="opco", code="sante").exists()


def test_what_was_imported_is_read_only(operator: Client) -> None:
    assert operator.get(f"{ADMIN}/ruleimport/").status_code == 200
    assert operator.get(f"{ADMIN}/ruleimport/{RuleImport.objects.get().pk}/change/").status_code == 200
    assert operator.get(f"{ADMIN}/ruleimport/add/").status_code == 403


@pytest.mark.parametrize("model", ["sectorrule", "agreementopco"])
def test_the_import_is_one_click_from_the_rules(operator: Client, model: str) -> None:
    assert 'href="/utop/rules/"' in operator.get(f"{ADMIN}/{model}/").content.decode()


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
    for rows in ("answers", "decisions"):
        form |= {f"{rows}-TOTAL_FORMS": "0", f"{rows}-INITIAL_FORMS": "0"}
    assert operator.post(f"{ADMIN}/employer/add/", form).status_code == 302
    employer = Employer.objects.get()
    assert (employer.siret, employer.naf, employer.checksum_warning) == ("35600000009090", "53.10Z", True)
    refused = operator.post(f"{ADMIN}/employer/add/", {**form, "siret": "00000000000000"})
    assert refused.status_code == 200
    assert Employer.objects.count() == 1


@pytest.fixture
def led_to_hotel(operator: Client, course: CourseKey) -> SectorRule:
    """The rule that leads the learner's company to its trade."""
    employ(LEARNER, idccs=["1979"])
    return SectorRule.objects.get(code="1979")


def typed(rule: SectorRule, **changes: Any) -> dict[str, Any]:
    """What the form of the rule sends."""
    held = {"kind": rule.kind, "code": rule.code, "sector": rule.sector_id, "valid_from": "2020-01-01", "valid_to": ""}
    return {**held, "source": "", **changes}


def test_a_rule_that_moves_somebody_is_saved_once_that_was_seen(operator: Client, led_to_hotel: SectorRule) -> None:
    url = f"{ADMIN}/sectorrule/{led_to_hotel.pk}/change/"
    sent = typed(led_to_hotel, sector=Sector.objects.get(slug="sante").pk)
    shown = operator.post(url, sent)
    assert shown.status_code == 200
    assert [impact.companies for impact in shown.context["impacts"]] == [1]
    assert SIRET in shown.content.decode()
    assert SectorRule.objects.get(pk=led_to_hotel.pk).sector.slug == "hotel"
    again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown.content.decode()))
    assert operator.post(url, again).status_code == 302
    assert SectorRule.objects.get(pk=led_to_hotel.pk).sector.slug == "sante"


def test_the_day_on_which_a_rule_ends_is_shown(operator: Client, led_to_hotel: SectorRule) -> None:
    SectorRule.objects.filter(kind="naf").delete()
    url = f"{ADMIN}/sectorrule/{led_to_hotel.pk}/change/"
    shown = operator.post(url, typed(led_to_hotel, valid_to="2099-12-31"))
    assert [impact.day.isoformat() for impact in shown.context["impacts"]] == ["2100-01-01"]


def test_a_rule_that_moves_nobody_is_saved_at_once(operator: Client, led_to_hotel: SectorRule) -> None:
    url = f"{ADMIN}/sectorrule/{led_to_hotel.pk}/change/"
    assert operator.post(url, typed(led_to_hotel, source="Table 2027")).status_code == 302
    assert operator.post(f"{ADMIN}/sectorrule/add/", typed(led_to_hotel, code="9998")).status_code == 302
    assert operator.post(url, typed(led_to_hotel, code="-")).context["errors"]


def test_a_new_rule_is_shown_too(operator: Client, led_to_hotel: SectorRule) -> None:
    sante = Sector.objects.get(slug="sante").pk
    shown = operator.post(f"{ADMIN}/sectorrule/add/", typed(led_to_hotel, sector=sante))
    assert [impact.named[0].after for impact in shown.context["impacts"]] == [("Hôtellerie et restauration", "Santé")]
    assert SectorRule.objects.filter(code="1979").count() == 1


def test_a_rule_is_deleted_by_itself_with_whom_it_leads(operator: Client, led_to_hotel: SectorRule) -> None:
    url = f"{ADMIN}/sectorrule/{led_to_hotel.pk}/delete/"
    assert SIRET in operator.get(url).content.decode()
    assert operator.post(url, {"post": "yes"}).status_code == 302
    assert not SectorRule.objects.filter(pk=led_to_hotel.pk).exists()
    assert "delete_selected" not in operator.get(f"{ADMIN}/sectorrule/").content.decode()


def test_whoever_may_only_look_is_shown_nobody(operator: Client, led_to_hotel: SectorRule) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_sectorrule"))
    client = Client()
    client.force_login(reader)
    url = f"{ADMIN}/sectorrule/{led_to_hotel.pk}"
    sent = typed(led_to_hotel, sector=Sector.objects.get(slug="sante").pk)
    for answer in (client.post(f"{url}/change/", sent), client.get(f"{url}/delete/")):
        assert answer.status_code == 403
        assert SIRET not in answer.content.decode()

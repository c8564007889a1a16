"""The operator's page of the rules: send, look, apply."""

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from opaque_keys.edx.keys import CourseKey

from openedx_utop.organizations.api import declare_employer
from openedx_utop.organizations.models import Employer
from openedx_utop.sectors.rulebook.models import AgreementOpco, RuleImport, SectorRule
from tests.sectors.conftest import LEARNER, NOW

PAGE = "/utop/rules/"


@pytest.fixture
def operator(course: CourseKey) -> Client:
    account = User.objects.create_user("operator")
    account.user_permissions.set(Permission.objects.filter(codename__in=["add_sectorrule", "change_sectorrule"]))
    client = Client()
    client.force_login(account)
    return client


def send(client: Client, content: bytes, table: str = "sectors"):
    return client.post(PAGE, {"file": SimpleUploadedFile("rules.csv", content), "table": table})


def since(client: Client, address: str) -> str:
    return str(client.get(address).context["preview"].since)


def test_only_who_may_change_rules_comes_in(client: Client, course: CourseKey) -> None:
    assert client.get(PAGE).status_code == 302
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert client.get(PAGE).status_code == 403
    assert send(client, b"idcc;1979;sante").status_code == 403
    assert not RuleImport.objects.filter(edition=None).exists()


def test_a_file_is_looked_at_then_applied(operator: Client) -> None:
    declare_employer(LEARNER, "90000000100017", idcc="3248", now=NOW)
    Employer.objects.update(register_name="Hôtel <du> Port")
    assert "3248" in operator.get(PAGE).content.decode()
    sent = send(operator, "idcc;3248;sante;2020-01-01;;Décret".encode("latin-1"))
    page = operator.get(sent["Location"]).content.decode()
    assert "Hôtel &lt;du&gt; Port" in page
    assert "Transition numérique" in page
    assert not SectorRule.objects.filter(code="3248").exists()
    done = operator.post(sent["Location"], {"since": since(operator, sent["Location"])}, follow=True)
    assert "1" in str(next(iter(done.context["messages"])))
    rule = SectorRule.objects.get(code="3248")
    assert (rule.sector.slug, rule.source) == ("sante", "Décret")
    applied = RuleImport.objects.get(sent_by__isnull=False)
    assert (applied.created, applied.edition, applied.applied_by) == (1, 2, applied.sent_by)


def test_the_opco_table_has_the_same_page(operator: Client) -> None:
    sent = send(operator, b"3248,Opco EP,2020-01-01", "opcos")
    operator.post(sent["Location"], {"since": since(operator, sent["Location"])})
    assert AgreementOpco.objects.get().opco == "ep"


def test_wrong_lines_are_named_and_cannot_be_applied(operator: Client) -> None:
    sent = send(operator, b"idcc;3248;sante\nidcc;1979;<b>inconnu")
    page = operator.get(sent["Location"])
    assert "&lt;b&gt;inconnu" in page.content.decode()
    assert 'name="since"' not in page.content.decode()
    assert operator.post(sent["Location"], {"since": "1"}).status_code == 302
    assert not SectorRule.objects.filter(code="3248").exists()


def test_the_second_of_two_operators_looks_again(operator: Client) -> None:
    first, second = (send(operator, f"idcc;{idcc};sante;2020-01-01".encode()) for idcc in (1111, 2222))
    seen = since(operator, second["Location"])
    operator.post(first["Location"], {"since": seen})
    late = operator.post(second["Location"], {"since": seen})
    assert late["Location"] == second["Location"]
    assert not SectorRule.objects.filter(code="2222").exists()
    operator.post(second["Location"], {"since": since(operator, second["Location"])})
    assert SectorRule.objects.filter(code="2222").exists()


@pytest.mark.parametrize("seen", ["", "-1", "99999999999", "x", "0"])
def test_nobody_applies_what_was_not_looked_at(operator: Client, seen: str) -> None:
    sent = send(operator, b"idcc;3248;sante;2020-01-01")
    assert operator.post(sent["Location"], {"since": seen})["Location"] == sent["Location"]
    assert not SectorRule.objects.filter(code="3248").exists()


def test_a_file_is_applied_once(operator: Client) -> None:
    sent = send(operator, b"idcc;3248;sante;2020-01-01")
    form = {"since": since(operator, sent["Location"])}
    assert operator.post(sent["Location"], form)["Location"] == PAGE
    again = operator.post(sent["Location"], form, follow=True)
    assert [message.level_tag for message in again.context["messages"]][-1] == "warning"
    assert SectorRule.objects.filter(code="3248").count() == 1


@pytest.mark.parametrize("content", [b"", b" \n"])
def test_an_empty_file_is_refused_with_a_sentence(operator: Client, content: bytes) -> None:
    answer = send(operator, content)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_no_file_and_no_table_are_refused(operator: Client) -> None:
    assert operator.post(PAGE, {"table": "sectors"}).status_code == 400
    assert send(operator, b"idcc;1979;sante", "other").status_code == 400


def test_a_day_on_which_something_changes_may_be_looked_at(operator: Client) -> None:
    declare_employer(LEARNER, "90000000100017", idcc="3248", now=NOW)
    address = send(operator, b"idcc;3248;sante;2099-01-01")["Location"]
    assert operator.get(address).context["impact"].learners == 0
    assert operator.get(address, {"on": "2099-01-01"}).context["impact"].learners == 1
    assert operator.get(address, {"on": "<x>"}).status_code == 200

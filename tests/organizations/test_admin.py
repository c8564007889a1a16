"""The operator's forms: what was declared, what the register says, what was decided."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client

from demo.fakes.faults import Fault
from demo.fakes.register import Register
from openedx_utop.organizations.api import Situation, declare_employer, declare_without_company, eligibility, look_up
from openedx_utop.organizations.models import EligibilityDecision, Employer

pytestmark = pytest.mark.django_db

ADMIN = "/admin/openedx_utop"
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
BANK, SOLE_TRADER = "90000001900019", "90000009200016"


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("operator"))
    return client


def form_of(record: Employer, **changes: str) -> dict[str, Any]:
    inlines = {
        f"{name}-{part}": "0"
        for name in ("answers", "decisions")
        for part in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    declared = {"siret": record.siret, "name": record.name, "idcc": record.idcc, "naf": record.naf}
    return {**inlines, **declared, "decision": "", "decision_reason": "", **changes}


def page_of(record: Employer) -> str:
    return f"{ADMIN}/employer/{record.pk}/change/"


def test_the_facts_are_shown_and_not_to_be_typed(operator: Client, register: Register) -> None:
    look_up(BANK, now=NOW)
    record = Employer.objects.get()
    page = operator.get(page_of(record)).content.decode()
    assert "BANQUE D&#x27;ESSAI" in page
    assert "2120" in page
    operator.post(page_of(record), form_of(record, register_name="Autre", enterprise_band="01"))
    record.refresh_from_db()
    assert (record.register_name, record.enterprise_band) == ("BANQUE D'ESSAI", "53")


def test_a_decision_is_taken_with_its_reason_and_lifted(operator: Client, register: Register) -> None:
    look_up(BANK, now=NOW)
    record = Employer.objects.get()
    without_reason = operator.post(page_of(record), form_of(record, decision="eligible"))
    assert without_reason.status_code == 200
    assert not EligibilityDecision.objects.exists()
    operator.post(page_of(record), form_of(record, decision="eligible", decision_reason="Agence reprise"))
    assert eligibility(BANK, now=NOW).override_reason == "Agence reprise"
    assert EligibilityDecision.objects.get().decided_by == User.objects.get().pk
    assert "Agence reprise" in operator.get(page_of(record)).content.decode()
    operator.post(page_of(record), form_of(record, decision="rule", decision_reason="Erreur"))
    assert eligibility(BANK, now=NOW).resolved_by is None


def test_looking_up_again_asks_the_register_now(operator: Client, register: Register) -> None:
    look_up(BANK, now=datetime.now(UTC))
    record = Employer.objects.get()
    chosen = {"action": "look_up_again", "_selected_action": [record.pk]}
    answer = operator.post(f"{ADMIN}/employer/", chosen)
    assert len(register.asked) == 2
    assert [message.level_tag for message in get_messages(answer.wsgi_request)] == ["success"]


def test_a_register_that_is_down_is_told_to_the_operator(operator: Client, register: Register) -> None:
    register.faults.order(Fault.MALFORMED)
    declare_employer(7, BANK, now=NOW)
    chosen = {"action": "look_up_again", "_selected_action": [Employer.objects.get().pk]}
    answer = operator.post(f"{ADMIN}/employer/", chosen)
    assert [message.level_tag for message in get_messages(answer.wsgi_request)] == ["warning"]


def test_lists_never_show_the_mask(operator: Client, register: Register) -> None:
    look_up(SOLE_TRADER, now=NOW)
    assert "NON-DIFFUSIBLE]" not in operator.get(f"{ADMIN}/employer/").content.decode()


def test_who_has_no_company_is_listed_and_not_to_be_changed(operator: Client) -> None:
    declare_without_company(7, Situation.STUDENT, now=NOW)
    assert operator.get(f"{ADMIN}/withoutcompany/").status_code == 200
    assert operator.get(f"{ADMIN}/withoutcompany/add/").status_code == 403

"""A company that the register did not answer for is looked up later, without anybody asking."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache

from demo.fakes.faults import Fault
from demo.fakes.register import Register
from openedx_utop import tasks
from openedx_utop.organizations.api import FactsStatus, RegisterUnavailable, declare_employer, known_company

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
HOTEL = "90000000100017"


def test_the_look_up_is_put_off_once(register: Register, settings: Any) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = False
    register.faults.order(Fault.MALFORMED)
    declare_employer(7, HOTEL, now=NOW)
    assert cache.get(f"utop.company-due.{HOTEL}")
    assert known_company(HOTEL, now=NOW).status is FactsStatus.UNAVAILABLE


def test_it_comes_back_until_the_register_answers(register: Register) -> None:
    register.faults.order(Fault.MALFORMED, times=1)
    declare_employer(7, HOTEL, now=NOW)
    with pytest.raises(RegisterUnavailable):
        tasks.look_up_company(HOTEL)
    cache.clear()
    tasks.look_up_company(HOTEL)
    assert known_company(HOTEL, now=datetime.now(UTC)).status is FactsStatus.FOUND


def test_a_company_that_was_found_is_not_put_off(register: Register) -> None:
    declare_employer(7, HOTEL, now=NOW)
    assert cache.get(f"utop.company-due.{HOTEL}") is None

"""A register of companies to ask, over real HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from demo.fakes.register import KEY, Register


@pytest.fixture(scope="session")
def register_process() -> Iterator[Register]:
    """A register that takes any number of questions."""
    with Register(rate=None) as running:
        yield running


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """No test begins with what another one learnt, nor with a register that another one broke."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def register(register_process: Register, settings: Any) -> Iterator[Register]:
    """The same, in good health, and the product asks it."""
    settings.UTOP_COMPANY_REGISTER_URL = register_process.url
    settings.UTOP_COMPANY_REGISTER_RATE = 1000
    register_process.asked.clear()
    yield register_process
    register_process.faults.lift()


@pytest.fixture
def funds(register: Register, settings: Any) -> Register:
    """The same, asked for the fund of each company too."""
    settings.UTOP_OPCO_REGISTER_URL = register.url
    settings.UTOP_OPCO_REGISTER_KEY = KEY
    return register

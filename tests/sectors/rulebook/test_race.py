"""Operators who import at the same instant."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from openedx_utop.sectors.api import define_sector, import_rules
from openedx_utop.sectors.rulebook.models import RuleImport, SectorRule
from tests.sectors.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=connection.vendor != "sqlite")

OPERATORS = 4


def test_imports_at_once_go_one_after_the_other_and_none_is_lost_or_doubled(at_once: Callable[..., list[Any]]) -> None:
    define_sector("hotel", name="Hôtellerie")
    lines = [f"idcc;{code};hotel;2020-01-01" for code in range(1, 200)]

    def bring(number: int) -> int:
        return import_rules([*lines, f"idcc;{1000 + number};hotel;2020-01-01"], today=NOW.date()).created

    assert sum(at_once(bring, OPERATORS)) == SectorRule.objects.count() == 203
    assert list(RuleImport.objects.order_by("edition").values_list("edition", flat=True)) == [1, 2, 3, 4]

"""What is worth a look."""

from datetime import date

import pytest

from openedx_utop.attendance.flags import module_flags
from openedx_utop.attendance.record import ONLINE, Portion, Rule
from openedx_utop.training.data import Module
from tests.attendance.conftest import usage_key

KEY = usage_key("first", "sequential", "module")


@pytest.mark.parametrize(
    ("seconds", "is_complete", "remarks"),
    [
        (269, True, ["fast"]),
        (270, True, []),
        (269, False, []),
        (2700, False, []),
        (2701, False, ["slow"]),
        (2701, True, ["slow"]),
        (0, True, ["fast"]),
    ],
)
def test_a_quarter_of_an_hours_module(seconds: int, is_complete: bool, remarks: list[str]) -> None:
    module = Module(KEY, "Module", "Semaine 1", 900, is_complete, None, 0, 0)
    certified, capped = Portion(date(2026, 3, 2), KEY, ONLINE, seconds // 2, 0), seconds - seconds // 2
    portions = [certified, Portion(date(2026, 3, 2), KEY, ONLINE, capped, 0, Rule.ACTIVITY)]
    flags = module_flags([module], portions)
    assert [flag.remark for flag in flags] == remarks
    assert all((flag.seconds, flag.compared_with, flag.module) == (seconds, 900, KEY) for flag in flags)

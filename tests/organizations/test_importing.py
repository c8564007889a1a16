"""Lists of companies: as they come out of spreadsheets, at the register's pace, and once each."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError

from demo.fakes.faults import Fault
from demo.fakes.register import Register
from openedx_utop.organizations.api import FactsStatus, declare_employer, due_numbers, look_up, look_up_each, numbers_in
from openedx_utop.organizations.models import Employer

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
HOTEL, BANK, NOBODY = "90000000100017", "90000001900019", "90000099900018"


def command(*arguments: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("utop_look_up_companies", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        f"siret\n{HOTEL}\n{BANK}\n".encode(),
        f"{HOTEL}\r\n\r\n{BANK}".encode(),
        f"\ufeffnom;SIRET;ville\nAuberge;{HOTEL};Rennes\nBanque;{BANK}\n".encode(),
        f'nom,siret\n"Hôtel, bar",{HOTEL}\nBanque,{BANK}\n'.encode("latin-1"),
        f"# une liste\nsiret;nom\n'{HOTEL};a\n{BANK};b;c\n".encode(),
    ],
)
def test_a_list_is_read_whatever_the_spreadsheet(content: bytes) -> None:
    numbers = [text.removeprefix("'") for _line, text in numbers_in(content.splitlines(keepends=True))]
    assert numbers == [HOTEL, BANK]


def test_each_line_is_told_with_what_became_of_it(register: Register, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_text(f"siret\n{HOTEL}\n{HOTEL}\n9000000100017\n4,18166E+13\n{NOBODY}\n-\n", encoding="utf-8")
    out, err = command(file)
    assert Employer.objects.count() == 2
    assert sum(path.count(HOTEL) for path, _headers in register.asked) == 1
    assert [line.split(":")[0].split()[1] for line in err.splitlines()] == ["4", "5", "6", "7"]
    assert out.splitlines()[-1].endswith("2")


def test_a_list_given_again_asks_nothing_again(register: Register, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_text(f"{HOTEL}\n{BANK}\n{NOBODY}\n", encoding="utf-8")
    assert command(file)[0] == command(file)[0]
    assert len(register.asked) == 3


def test_a_register_that_stumbles_is_waited_for(register: Register) -> None:
    register.faults.order(Fault.TOO_MANY, times=4, seconds=1)
    (line,) = look_up_each([(1, HOTEL)], clock=lambda: NOW)
    assert line.status is FactsStatus.FOUND


def test_a_list_stops_where_the_register_is_down_for_good_and_goes_on_later(
    register: Register, tmp_path: Path, settings: Any
) -> None:
    file = tmp_path / "liste.csv"
    file.write_text(f"{HOTEL}\n{BANK}\n", encoding="utf-8")
    look_up(HOTEL, now=datetime.now(UTC))
    url, settings.UTOP_COMPANY_REGISTER_URL = settings.UTOP_COMPANY_REGISTER_URL, ""
    with pytest.raises(CommandError):
        command(file)
    settings.UTOP_COMPANY_REGISTER_URL = url
    command(file)
    assert Employer.objects.count() == 2


def test_what_is_due_is_looked_up_without_a_list(register: Register) -> None:
    register.faults.order(Fault.MALFORMED)
    declare_employer(7, HOTEL, now=NOW)
    register.faults.lift()
    cache.clear()
    look_up(BANK, now=NOW)
    declare_employer(8, NOBODY, now=NOW)
    assert [number for _line, number in due_numbers(now=NOW)] == [HOTEL]
    assert {number for _line, number in due_numbers(now=NOW + timedelta(days=31))} == {HOTEL, BANK, NOBODY}
    command()
    assert not Employer.objects.filter(fetched_at=None).exclude(siret=NOBODY).exists()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="absent"):
        command(tmp_path / "absent.csv")

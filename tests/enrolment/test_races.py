"""HR users at the very same time, on a database with real concurrency."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection

from openedx_utop.enrolment.api import Desk, accept, apply_list, seats, seats_of, set_capacity, withdraw
from openedx_utop.enrolment.models import EnrolmentLine, EnrolmentList, Invitation, Seat
from tests.enrolment.conftest import COURSE, INN, NOW
from tests.enrolment.test_invitations import token

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]
AT_ONCE = 4


def together(work: Callable[[int], Any]) -> list[Any]:
    """The same work in threads that start at one instant."""
    barrier = Barrier(AT_ONCE)

    def one(number: int) -> Any:
        barrier.wait()
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def people(*numbers: int) -> bytes:
    return b"".join(b"p%d@example.org\n" % number for number in numbers)


def test_the_same_list_from_several_windows_is_one_seat_each(inn: Desk) -> None:
    together(lambda _number: apply_list(inn, people(*range(30)), form_id=uuid4(), now=NOW))
    assert Seat.objects.count() == Invitation.objects.count() == len(mail.outbox) == 30
    assert sorted(Seat.objects.values_list("rank", flat=True)) == list(range(1, 31))


def test_the_same_form_from_several_windows_is_one_list(inn: Desk) -> None:
    form_id = uuid4()
    uuids = together(lambda _number: apply_list(inn, people(*range(30)), form_id=form_id, now=NOW))
    assert len(set(uuids)) == EnrolmentList.objects.count() == 1
    assert EnrolmentLine.objects.count() == Seat.objects.count() == 30


def test_the_last_seats_are_given_once(inn: Desk) -> None:
    set_capacity(COURSE, INN, 10, by=1, now=NOW)
    together(lambda number: apply_list(inn, people(*range(number * 5, number * 5 + 5)), form_id=uuid4(), now=NOW))
    assert (seats(inn).taken, seats(inn).waiting) == (10, 10)
    assert Counter(seat.state for seat in seats_of(inn)) == {"invited": 10, "waiting": 10}
    assert len({seat.rank for seat in seats_of(inn)}) == 20


def test_a_seat_withdrawn_while_lists_come_in_goes_to_one_person(inn: Desk) -> None:
    set_capacity(COURSE, INN, 4, by=1, now=NOW)
    apply_list(inn, people(*range(8)), form_id=uuid4(), now=NOW)
    taken = [seat.uuid for seat in seats_of(inn) if seat.state == "invited"]

    def work(number: int) -> None:
        withdraw(inn, taken[number], now=NOW)
        apply_list(inn, people(100 + number), form_id=uuid4(), now=NOW)

    together(work)
    assert [seat.state for seat in seats_of(inn)] == ["withdrawn"] * 4 + ["invited"] * 4 + ["waiting"] * 4


def test_a_link_pressed_in_several_accounts_enrols_one(inn: Desk, sign_up: Any, host: Any) -> None:
    apply_list(inn, people(1), form_id=uuid4(), now=NOW)
    link = token()
    accounts = [sign_up(f"account{number}").pk for number in range(AT_ONCE)]

    def work(number: int) -> bool:
        try:
            accept(link, accounts[number], confirms_address=True, now=NOW)
        except Exception as refusal:  # noqa: BLE001 - which one is looked at below
            return type(refusal).__name__ != "InvitationRefused"
        return True

    assert sorted(together(work)) == [False, False, False, True]
    assert len(host.enrolments) == 1

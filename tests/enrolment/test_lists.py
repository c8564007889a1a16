"""Lists tried and applied: idempotent, partial, within the seats there are."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core import mail

from openedx_utop.enrolment import lists
from openedx_utop.enrolment.api import (
    BadList,
    Desk,
    Verdict,
    applied,
    apply_list,
    begin_list,
    continue_list,
    dry_run,
    forget_address,
    seats,
    seats_of,
    set_capacity,
    unfinished_lists,
    withdraw,
)
from openedx_utop.enrolment.models import EnrolmentLine, EnrolmentList, Invitation, Seat
from openedx_utop.events.signals import list_due
from openedx_utop.receivers import on_list, on_retirement
from tests.enrolment.conftest import BANK, COURSE, INN, NOW, committing

pytestmark = pytest.mark.django_db

LIST = """email;nom;prenom;siret;secteur;niveau
lea@example.org;Dupré;Léa;;hotel;débutant
sam@example.org;Petit;Sam;;;
nope;;;;;
LEA@example.org;;;;;
zoe@example.org;;;90000001900019;;
""".encode()


def verdicts(desk: Desk, content: bytes = LIST) -> list[Verdict]:
    return [each.verdict for each in dry_run(desk, content, now=NOW) if each.verdict]


def apply(desk: Desk, content: bytes = LIST) -> list[Verdict | None]:
    with committing():
        uuid = apply_list(desk, content, form_id=uuid4(), now=NOW)
    found = applied(desk, uuid)
    assert found is not None
    assert found.is_finished
    return [each.verdict for each in found.lines]


EXPECTED = [Verdict.SEAT, Verdict.SEAT, Verdict.BAD_EMAIL, Verdict.DUPLICATE, Verdict.OTHER_COMPANY]


def test_a_dry_run_says_it_and_writes_nothing(inn: Desk) -> None:
    assert verdicts(inn) == EXPECTED
    assert not Seat.objects.exists()
    assert not EnrolmentList.objects.exists()
    assert not mail.outbox


def test_what_is_applied_is_what_was_said(inn: Desk) -> None:
    assert apply(inn) == EXPECTED
    assert [(seat.email, seat.state) for seat in seats_of(inn)] == [
        ("lea@example.org", "invited"),
        ("sam@example.org", "invited"),
    ]
    row = Seat.objects.get(email="lea@example.org")
    assert (row.last_name, row.first_name, row.siret, row.sector, row.level) == (
        *("Dupré", "Léa", INN, "hotel"),
        "beginner",
    )
    assert sorted(message.to[0] for message in mail.outbox) == ["lea@example.org", "sam@example.org"]


def test_the_same_list_again_changes_nothing(inn: Desk) -> None:
    apply(inn)
    assert apply(inn)[:2] == [Verdict.LISTED, Verdict.LISTED]
    assert Seat.objects.count() == 2
    assert Invitation.objects.count() == 2
    assert len(mail.outbox) == 2


def test_the_same_form_sent_twice_is_one_list(inn: Desk) -> None:
    form_id = uuid4()
    with committing():
        first = apply_list(inn, LIST, form_id=form_id, now=NOW)
        assert apply_list(inn, LIST, form_id=form_id, now=NOW) == first
    assert EnrolmentList.objects.count() == 1
    assert EnrolmentLine.objects.count() == 5
    assert len(mail.outbox) == 2


def test_a_form_is_of_who_opened_it(inn: Desk, bank: Desk) -> None:
    form_id = uuid4()
    apply_list(inn, LIST, form_id=form_id, now=NOW)
    with pytest.raises(BadList):
        apply_list(bank, LIST, form_id=form_id, now=NOW)


def test_a_list_cut_short_goes_on_where_it_was(inn: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second portion of lines fails as a database that goes away does."""
    monkeypatch.setattr(lists, "AT_ONCE", 2)
    content, form_id = b"".join(b"p%d@example.org\n" % number for number in range(5)), uuid4()
    portions = iter(range(1))
    real = lists._apply

    def first_portion_only(*arguments: object) -> None:
        if next(portions, None) is None:
            raise ConnectionError
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(lists, "_apply", first_portion_only)
    with pytest.raises(ConnectionError):
        apply_list(inn, content, form_id=form_id, now=NOW)
    cut_short = applied(inn, EnrolmentList.objects.get().uuid)
    assert cut_short is not None
    assert (cut_short.is_finished, len(cut_short.lines)) == (False, 2)
    monkeypatch.setattr(lists, "_apply", real)
    apply_list(inn, content, form_id=form_id, now=NOW)
    assert EnrolmentLine.objects.count() == Seat.objects.count() == Invitation.objects.count() == 5
    assert list(Seat.objects.order_by("rank").values_list("rank", flat=True)) == [1, 2, 3, 4, 5]


def test_when_no_seat_is_left_people_wait_in_order(inn: Desk) -> None:
    set_capacity(COURSE, INN, 1, by=1, now=NOW)
    assert apply(inn, b"a@example.org\nb@example.org\nc@example.org") == [
        *(Verdict.SEAT, Verdict.WAITING, Verdict.WAITING),
    ]
    assert (seats(inn).taken, seats(inn).waiting) == (1, 2)
    with committing():
        withdraw(inn, seats_of(inn)[0].uuid, now=NOW)
    assert [(seat.email[0], seat.state) for seat in seats_of(inn)] == [
        ("a", "withdrawn"),
        ("b", "invited"),
        ("c", "waiting"),
    ]
    assert [message.to for message in mail.outbox] == [["a@example.org"], ["b@example.org"]]


def test_more_seats_call_those_who_wait(inn: Desk) -> None:
    set_capacity(COURSE, INN, 0, by=1, now=NOW)
    apply(inn, b"a@example.org\nb@example.org\nc@example.org")
    assert not mail.outbox
    set_capacity(COURSE, INN, 2, by=1, now=NOW)
    assert [seat.state for seat in seats_of(inn)] == ["invited", "invited", "waiting"]
    set_capacity(COURSE, INN, None, by=1, now=NOW)
    assert [seat.state for seat in seats_of(inn)] == ["invited"] * 3


def test_a_seat_withdrawn_can_be_given_again_after_the_others(inn: Desk) -> None:
    apply(inn, b"a@example.org\nb@example.org")
    withdraw(inn, seats_of(inn)[0].uuid, now=NOW)
    assert apply(inn, b"a@example.org") == [Verdict.SEAT]
    assert [(seat.email[0], seat.state) for seat in seats_of(inn)] == [("b", "invited"), ("a", "invited")]
    assert Invitation.objects.filter(revoked_at=None).count() == 2


def test_two_companies_may_list_the_same_person_and_learn_nothing(inn: Desk, bank: Desk) -> None:
    apply(inn, b"lea@example.org")
    assert verdicts(bank, b"lea@example.org") == [Verdict.SEAT]
    assert apply(bank, b"lea@example.org") == [Verdict.SEAT]
    assert seats(bank).taken == 1


def test_nobody_sees_the_others_list(inn: Desk, bank: Desk) -> None:
    uuid = apply_list(inn, LIST, form_id=uuid4(), now=NOW)
    assert applied(bank, uuid) is None
    assert seats_of(bank) == ()


def test_whether_somebody_has_an_account_is_not_told(inn: Desk, sign_up, django_assert_num_queries) -> None:
    """Neither by the verdict nor by what it costs: the accounts are not even looked at."""
    without = dry_run(inn, b"lea@example.org", now=NOW)
    sign_up("lea", "lea@example.org")
    assert dry_run(inn, b"lea@example.org", now=NOW) == without
    apply(inn, b"lea@example.org\nnobody@example.org")
    by_state = {seat.email: (seat.state, seat.expires_at) for seat in seats_of(inn)}
    assert by_state["lea@example.org"] == by_state["nobody@example.org"]
    first, second = (message.body.split() for message in mail.outbox)
    assert len(first) == len(second)


def test_the_number_of_queries_grows_with_the_portions_not_with_the_lines(
    inn: Desk, django_assert_max_num_queries
) -> None:
    content = b"".join(b"p%d@example.org\n" % number for number in range(200))
    with django_assert_max_num_queries(30):
        dry_run(inn, content, now=NOW)


def test_staff_list_for_any_company(adviser) -> None:
    from openedx_utop.enrolment.api import desk

    for_bank = desk(adviser.pk, COURSE, BANK)
    assert for_bank is not None
    apply(for_bank, b"lea@example.org")
    assert Seat.objects.get().siret == BANK
    assert desk(adviser.pk, COURSE, "1234") is None


def test_names_and_addresses_go_after_a_time_and_seats_stay(inn: Desk, settings) -> None:
    from openedx_utop.enrolment.api import apply_retention, overdue

    apply(inn)
    late = NOW + timedelta(days=settings.UTOP_LIST_DAYS, seconds=1)
    assert overdue(now=NOW + timedelta(days=364)) == 0
    assert overdue(now=late) == 7
    assert apply_retention(now=late) == 7
    assert set(Seat.objects.values_list("email", "last_name", "first_name")) == {("", "", "")}
    assert not EnrolmentLine.objects.exists()
    assert verdicts(inn)[:2] == [Verdict.LISTED, Verdict.LISTED]


def long_list(lines: int = 500) -> bytes:
    return b"".join(b"p%d@example.org\n" % number for number in range(lines))


def test_a_long_list_is_begun_at_once_and_told_how_far_it_is(inn: Desk) -> None:
    list_due.disconnect(dispatch_uid="utop_list")
    try:
        uuid = begin_list(inn, long_list(), form_id=uuid4(), now=NOW)
    finally:
        list_due.connect(on_list, dispatch_uid="utop_list")
    for done in (200, 400):
        far = applied(inn, uuid)
        assert far is not None
        assert (len(far.lines), far.line_count, far.is_finished, far.is_going_on) == (done, 500, False, True)
        assert unfinished_lists() == [uuid]
        continue_list(uuid, now=NOW, portions=1)
    for _twice in range(2):
        continue_list(uuid, now=NOW)
    found = applied(inn, uuid)
    assert found is not None
    assert (len(found.lines), found.is_finished, found.is_going_on) == (500, True, False)
    assert Seat.objects.count() == Invitation.objects.count() == 500
    assert unfinished_lists() == []


def test_a_worker_finishes_it_and_nothing_of_what_was_pasted_is_kept(inn: Desk) -> None:
    begin_list(inn, long_list(), form_id=uuid4(), now=NOW)
    assert Seat.objects.count() == 500
    assert EnrolmentList.objects.get().content == b""


def test_an_account_that_is_retired_is_forgotten_under_the_address_it_had(inn: Desk, host: Any) -> None:
    apply(inn, b"lea@example.org")
    host.retiring[7] = "lea@example.org"
    on_retirement(user=User(pk=7))
    assert not Seat.objects.filter(email="lea@example.org").exists()
    assert not EnrolmentLine.objects.filter(email="lea@example.org").exists()


def test_who_leaves_the_platform_is_taken_out_of_a_list_that_is_under_way(inn: Desk) -> None:
    list_due.disconnect(dispatch_uid="utop_list")
    try:
        uuid = begin_list(
            inn,
            b"nom;courriel\n" + b"".join(b"x;p%d@example.org\n" % number for number in range(300)),
            form_id=uuid4(),
            now=NOW,
        )
    finally:
        list_due.connect(on_list, dispatch_uid="utop_list")
    forget_address("p250@example.org", now=NOW)
    continue_list(uuid, now=NOW)
    assert Seat.objects.count() == 299
    assert not Seat.objects.filter(email="p250@example.org").exists()
    assert EnrolmentLine.objects.get(email="p299@example.org").number == 301

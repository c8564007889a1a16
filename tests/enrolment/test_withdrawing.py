"""Seats taken back from people who hold them: by whom, until when, and what becomes of the enrolment."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from openedx_utop.enrolment.api import (
    Desk,
    InvitationRefused,
    ReasonNeeded,
    SeatSettled,
    accept,
    desk,
    end_enrolments,
    seats_of,
    send_notice,
    set_capacity,
    withdraw,
)
from openedx_utop.enrolment.models import Seat
from openedx_utop.events.data import SeatData
from openedx_utop.events.signals import SEAT_GRANTED, SEAT_WITHDRAWN
from openedx_utop.training.models import TrainingAction
from tests.enrolment.conftest import COURSE, INN, NOW, committing
from tests.enrolment.test_invitations import token
from tests.enrolment.test_lists import apply
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.django_db
BEFORE = NOW - timedelta(days=3)
WHY = "Vous changez de service."


@pytest.fixture
def announced() -> Iterator[list[tuple[str, SeatData]]]:
    """What others hear."""
    heard: list[tuple[str, SeatData]] = []

    def hear(signal: Any, seat: SeatData, **_kwargs: Any) -> None:
        heard.append((signal.event_type.split(".")[-2], seat))

    for signal in (SEAT_GRANTED, SEAT_WITHDRAWN):
        signal.connect(hear)
    yield heard
    for signal in (SEAT_GRANTED, SEAT_WITHDRAWN):
        signal.disconnect(hear)


@pytest.fixture
def lea(inn: Desk, sign_up: Any) -> User:
    """She holds the inn's only seat, and Sam waits for it."""
    set_capacity(COURSE, INN, 1, by=1, now=BEFORE)
    apply(inn, b"lea@example.org;Dupre;Lea\nsam@example.org")
    account: User = sign_up("lea")
    accept(token(), account.pk, confirms_address=False, now=BEFORE)
    mail.outbox.clear()
    return account


def take_back(where: Desk, now: Any = BEFORE, reason: str = WHY) -> None:
    (seat,) = (each for each in seats_of(where) if each.state == "accepted")
    with committing():
        withdraw(where, seat.uuid, now=now, reason=reason)


def states(where: Desk) -> list[str]:
    return [seat.state for seat in seats_of(where)]


def test_before_the_beginning_the_company_may_with_a_reason_that_the_person_reads(
    inn: Desk, lea: User, host: InMemoryPlatform
) -> None:
    take_back(inn)
    assert not host.is_enrolled(lea.pk, COURSE)
    assert states(inn) == ["withdrawn", "invited"]
    told = {message.to[0]: str(message.body) for message in mail.outbox}
    assert WHY in told["lea@example.org"]
    assert "invitation" in told["sam@example.org"]
    assert WHY not in told["sam@example.org"]


def test_it_is_told_once(inn: Desk, lea: User) -> None:
    take_back(inn)
    mail.outbox.clear()
    send_notice(Seat.objects.get(email="lea@example.org").uuid)
    assert not mail.outbox


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_never_without_a_reason(inn: Desk, lea: User, host: InMemoryPlatform, reason: str) -> None:
    with pytest.raises(ReasonNeeded):
        take_back(inn, reason=reason)
    assert host.is_enrolled(lea.pk, COURSE)
    assert states(inn) == ["accepted", "waiting"]


def test_from_the_first_day_on_it_is_the_course_team_s(inn: Desk, lea: User, adviser: User) -> None:
    with pytest.raises(SeatSettled):
        take_back(inn, now=NOW)
    theirs = desk(adviser.pk, COURSE, INN)
    assert theirs is not None
    take_back(theirs, now=NOW)
    assert states(inn) == ["withdrawn", "invited"]


def test_an_enrolment_that_did_not_come_with_the_seat_stays(inn: Desk, sign_up: Any, host: InMemoryPlatform) -> None:
    zoe = sign_up("zoe")
    host.enrolments.add((zoe.pk, COURSE))
    apply(inn, b"zoe@example.org")
    accept(token(), zoe.pk, confirms_address=False, now=BEFORE)
    take_back(inn)
    assert host.is_enrolled(zoe.pk, COURSE)


def test_who_holds_another_company_s_seat_stays(inn: Desk, bank: Desk, lea: User, host: InMemoryPlatform) -> None:
    apply(bank, b"lea@example.org")
    accept(token(), lea.pk, confirms_address=False, now=BEFORE)
    take_back(inn)
    assert host.is_enrolled(lea.pk, COURSE)
    assert states(bank) == ["accepted"]


def test_a_platform_that_refuses_is_asked_again(inn: Desk, lea: User, host: InMemoryPlatform) -> None:
    host.closed[COURSE] = "Pas maintenant."
    take_back(inn)
    assert host.is_enrolled(lea.pk, COURSE)
    assert end_enrolments() == 0
    host.closed.clear()
    assert end_enrolments() == 1
    assert not host.is_enrolled(lea.pk, COURSE)
    assert end_enrolments() == 0


def test_the_person_may_be_listed_again_and_come_back(inn: Desk, lea: User, host: InMemoryPlatform) -> None:
    take_back(inn)
    set_capacity(COURSE, INN, None, by=1, now=BEFORE)
    apply(inn, b"lea@example.org")
    assert [seat.reason for seat in seats_of(inn)] == ["", ""]
    accept(token(), lea.pk, confirms_address=False, now=BEFORE)
    assert host.is_enrolled(lea.pk, COURSE)


class HastyPlatform(InMemoryPlatform):
    """While it enrols somebody, HR takes the seat back."""

    def enrol(self, user_id: int, course_key: Any) -> None:
        seat = Seat.objects.get(user_id=user_id)
        place = Desk(1, course_key, seat.plan.company, "", is_staff=True)
        withdraw(place, seat.uuid, now=BEFORE, reason=WHY)
        super().enrol(user_id, course_key)


def test_a_seat_taken_back_while_it_is_accepted_enrols_nobody(inn: Desk, sign_up: Any, host: InMemoryPlatform) -> None:
    apply(inn, b"zoe@example.org")
    zoe, host.__class__ = sign_up("zoe"), HastyPlatform
    try:
        with pytest.raises(InvitationRefused):
            accept(token(), zoe.pk, confirms_address=False, now=BEFORE)
    finally:
        host.__class__ = InMemoryPlatform
    assert not host.is_enrolled(zoe.pk, COURSE)


def test_both_are_announced(inn: Desk, announced: list[tuple[str, SeatData]], lea: User) -> None:
    take_back(inn)
    assert [(name, seat.user_id, seat.company) for name, seat in announced] == [
        ("granted", lea.pk, INN),
        ("withdrawn", lea.pk, INN),
    ]


def test_an_invitation_opened_again_is_announced_once(
    announced: list[tuple[str, SeatData]], inn: Desk, sign_up: Any
) -> None:
    apply(inn, b"zoe@example.org")
    zoe = sign_up("zoe")
    for _twice in range(2):
        accept(token(), zoe.pk, confirms_address=False, now=BEFORE)
    assert len(announced) == 1


def test_on_the_page(inn: Desk, lea: User, adviser: User, client: Client, action: TrainingAction) -> None:
    (seat,) = (each for each in seats_of(inn) if each.state == "accepted")
    TrainingAction.objects.filter(pk=action.pk).update(starts_on="2020-01-01")
    page = f"/utop/enrolment/{COURSE}/"
    client.force_login(User.objects.get(pk=inn.user_id))
    assert "utop-why" not in client.get(page).content.decode()
    client.force_login(adviser)
    assert "utop-why" in client.get(page, {"company": INN}).content.decode()
    client.post(f"{page}seats/{seat.uuid}/withdraw/", {"company": INN})
    assert states(inn) == ["accepted", "waiting"]
    client.post(f"{page}seats/{seat.uuid}/withdraw/", {"company": INN, "reason": WHY})
    assert states(inn) == ["withdrawn", "invited"]
    assert WHY in client.get(page, {"company": INN}).content.decode()

"""Invitations: sent once, accepted once, by whoever holds the link."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from openedx_utop.enrolment.api import (
    Desk,
    InvitationRefused,
    NotSent,
    OtherAddress,
    SeatSettled,
    UnknownSeat,
    accept,
    apply_list,
    forget_address,
    forget_learner,
    invitation,
    invite_again,
    seats_of,
    send,
    unsent,
    withdraw,
)
from openedx_utop.enrolment.models import EnrolmentLine, Invitation, Seat
from openedx_utop.organizations.api import employer_of
from openedx_utop.sectors.api import learner_sector, level_history
from tests.enrolment.conftest import COURSE, INN, NOW, committing
from tests.enrolment.test_lists import apply

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def token(index: int = -1) -> str:
    """Of a message of the outbox."""
    found = re.search(r"https://lms\.example\.org/utop/invitation/([\w-]+)/", str(mail.outbox[index].body))
    assert found
    return found[1]


@pytest.fixture
def link(inn: Desk) -> str:
    """Léa's, from the inn."""
    apply(inn, "lea@example.org;Dupré;Léa;;hotel;débutant".encode())
    return token()


class BrokenBackend(EmailBackend):
    """A mail server that takes nothing for some addresses."""

    refused = "bad@example.org"

    def send_messages(self, messages: Any) -> int:
        if any(self.refused in message.to for message in messages):
            raise ConnectionResetError
        return int(super().send_messages(messages))


def test_the_message_says_who_keeps_a_seat_in_what_until_when(link: str) -> None:
    (message,) = mail.outbox
    assert "Transition numérique" in message.subject
    assert "\n" not in message.subject
    assert "Auberge d'essai" in str(message.body)
    assert message.reply_to == ["contact@example.org"]
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    assert f"/utop/invitation/{link}/" in str(html)


def test_the_link_is_stored_nowhere(link: str) -> None:
    row = Invitation.objects.values().get()
    assert link not in str(row)
    assert row["sent_at"] is not None


def test_a_message_is_sent_once(link: str) -> None:
    assert send([Invitation.objects.get().uuid], now=LATER) == 0
    assert len(mail.outbox) == 1


def test_a_mail_server_that_fails_for_one_serves_the_others_and_is_tried_again(inn: Desk, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    # No commit, hence no task: the messages wait as they do while the broker is down.
    apply_list(inn, b"bad@example.org\ngood@example.org", form_id=uuid4(), now=NOW)
    uuids = unsent(now=LATER)
    assert len(uuids) == 2
    with pytest.raises(NotSent):
        send(uuids, now=LATER)
    assert [message.to for message in mail.outbox] == [["good@example.org"]]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send(unsent(now=LATER), now=LATER) == 1
    assert unsent(now=LATER) == []


def test_who_accepts_is_enrolled_with_company_and_trade(link: str, sign_up: Any, host: Any) -> None:
    lea = sign_up("lea")
    accept(link, lea.pk, confirms_address=False, now=LATER)
    assert host.is_enrolled(lea.pk, COURSE)
    employer, sector = employer_of(lea.pk), learner_sector(lea.pk, COURSE)
    assert employer is not None
    assert employer.siret == INN
    assert sector is not None
    assert sector.slug == "hotel"
    assert host.placements[(lea.pk, COURSE)].name == "Hôtellerie"
    assert Seat.objects.get().user_id == lea.pk
    assert Invitation.objects.get().accepted_by == lea.pk


def test_the_level_of_the_list_is_the_learner_s_even_where_the_list_tells_no_trade(link: str, sign_up: Any) -> None:
    Seat.objects.update(sector="", level="advanced")
    lea = sign_up("lea")
    for _again in range(2):
        accept(link, lea.pk, confirms_address=False, now=LATER)
    (told,) = level_history(lea.pk, COURSE)
    assert (told.level, told.method, told.chosen_by) == ("advanced", "import", Seat.objects.get().listed_by)
    assert learner_sector(lea.pk, COURSE) is None


def test_accepting_twice_is_accepting_once(link: str, sign_up: Any) -> None:
    lea = sign_up("lea")
    accept(link, lea.pk, confirms_address=False, now=LATER)
    first = Invitation.objects.get().accepted_at
    assert accept(link, lea.pk, confirms_address=False, now=LATER + timedelta(days=90)).is_accepted
    assert Invitation.objects.get().accepted_at == first


def test_a_course_that_takes_nobody_for_now_can_be_tried_again(link: str, sign_up: Any, host: Any) -> None:
    lea = sign_up("lea")
    host.closed[COURSE] = "The course is full."
    with pytest.raises(InvitationRefused, match="full"):
        accept(link, lea.pk, confirms_address=False, now=LATER)
    host.closed.clear()
    accept(link, lea.pk, confirms_address=False, now=LATER)
    assert host.is_enrolled(lea.pk, COURSE)


def test_another_address_needs_a_word_and_is_noted(link: str, sign_up: Any, host: Any) -> None:
    other = sign_up("lea.home", "lea@home.example.org")
    with pytest.raises(OtherAddress):
        accept(link, other.pk, confirms_address=False, now=LATER)
    assert not host.is_enrolled(other.pk, COURSE)
    accept(link, other.pk, confirms_address=True, now=LATER)
    assert Invitation.objects.get().from_other_address


def test_the_case_of_an_address_does_not_matter(link: str, sign_up: Any) -> None:
    lea = sign_up("lea", "Lea@Example.org")
    accept(link, lea.pk, confirms_address=False, now=LATER)
    assert not Invitation.objects.get().from_other_address


def test_one_account_takes_one_seat_of_a_company(inn: Desk, sign_up: Any) -> None:
    apply(inn, b"lea@example.org\nlea.dupre@example.org")
    lea = sign_up("lea")
    accept(token(0), lea.pk, confirms_address=True, now=LATER)
    with pytest.raises(InvitationRefused):
        accept(token(1), lea.pk, confirms_address=True, now=LATER)
    assert Seat.objects.filter(user_id=lea.pk).count() == 1


def test_an_invitation_ends_on_the_day_that_its_letter_named(link: str, sign_up: Any) -> None:
    Invitation.objects.update(expires_at=datetime(2027, 2, 3, 23, 30, tzinfo=UTC))
    with pytest.raises(InvitationRefused, match="4 février 2027"):
        invitation(link, sign_up("lea").pk, now=NOW + timedelta(days=31))


def test_links_that_lead_nowhere_say_why(link: str, inn: Desk, sign_up: Any) -> None:
    lea, sam = sign_up("lea"), sign_up("sam")
    with pytest.raises(InvitationRefused, match="copi"):
        invitation("x" * 43, lea.pk, now=LATER)
    with pytest.raises(InvitationRefused, match="expir"):
        invitation(link, lea.pk, now=NOW + timedelta(days=31))
    accept(link, lea.pk, confirms_address=False, now=LATER)
    for someone in (sam.pk, None):
        with pytest.raises(InvitationRefused):
            invitation(link, someone, now=LATER)
    with pytest.raises(SeatSettled):
        withdraw(inn, seats_of(inn)[0].uuid, now=LATER)


def test_a_withdrawn_seat_takes_its_link_with_it(link: str, inn: Desk, sign_up: Any) -> None:
    withdraw(inn, seats_of(inn)[0].uuid, now=LATER)
    with pytest.raises(InvitationRefused):
        accept(link, sign_up("lea").pk, confirms_address=False, now=LATER)


def test_a_new_invitation_replaces_the_former(link: str, inn: Desk, sign_up: Any) -> None:
    seat = seats_of(inn)[0].uuid
    with pytest.raises(SeatSettled):
        invite_again(inn, seat, now=NOW + timedelta(minutes=9))
    with committing():
        invite_again(inn, seat, now=NOW + timedelta(days=40))
    lea = sign_up("lea")
    with pytest.raises(InvitationRefused):
        invitation(link, lea.pk, now=LATER)
    accept(token(), lea.pk, confirms_address=False, now=NOW + timedelta(days=41))


def test_another_company_can_do_nothing_to_a_seat(link: str, inn: Desk, bank: Desk) -> None:
    apply(bank, b"x@example.org")
    seat = seats_of(inn)[0].uuid
    for act in (withdraw, invite_again):
        with pytest.raises(UnknownSeat):
            act(bank, seat, now=LATER)


def test_who_leaves_the_platform_is_erased(link: str, inn: Desk, sign_up: Any) -> None:
    lea = sign_up("lea")
    accept(link, lea.pk, confirms_address=False, now=LATER)
    forget_learner(lea.pk)
    seat = Seat.objects.get()
    assert (seat.email, seat.last_name, seat.user_id, seat.state) == ("", "", None, "accepted")
    assert EnrolmentLine.objects.get().email == ""


def test_an_address_that_is_retired_is_erased_and_its_seat_goes_to_who_waits(inn: Desk) -> None:
    from openedx_utop.enrolment.api import set_capacity

    set_capacity(COURSE, INN, 1, by=1, now=NOW)
    apply(inn, b"lea@example.org\nsam@example.org")
    with committing():
        forget_address("LEA@example.org", now=LATER)
    assert [(seat.email, seat.state) for seat in seats_of(inn)] == [("", "withdrawn"), ("sam@example.org", "invited")]
    assert mail.outbox[-1].to == ["sam@example.org"]
    assert not EnrolmentLine.objects.filter(email="lea@example.org").exists()


def test_the_page_explains_and_a_button_accepts(link: str, sign_up: Any, client: Client, host: Any) -> None:
    # The page goes by the clock.
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    address = f"/utop/invitation/{link}/"
    page = client.get(address)
    assert page.status_code == 200
    assert "next=%2Futop%2Finvitation%2F" in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    assert client.post(address).status_code == 200
    lea = sign_up("lea")
    client.force_login(lea)
    assert "Léa" not in client.get(address).content.decode()
    assert not host.is_enrolled(lea.pk, COURSE)
    answer = client.post(address)
    assert (answer.status_code, answer["Location"]) == (302, "https://lms.example.org/learning/tpe")
    assert host.is_enrolled(lea.pk, COURSE)


def test_the_page_of_another_account_shows_the_address_masked(link: str, sign_up: Any, client: Client) -> None:
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    client.force_login(sign_up("sam"))
    text = client.get(f"/utop/invitation/{link}/").content.decode()
    assert "l…@e….org" in text
    assert "lea@example.org" not in text
    assert client.post(f"/utop/invitation/{link}/").status_code == 400
    assert client.post(f"/utop/invitation/{link}/", {"confirms_address": "1"}).status_code == 302


def test_a_page_that_leads_nowhere(client: Client, db: None) -> None:
    assert client.get("/utop/invitation/nothing/").status_code == 410

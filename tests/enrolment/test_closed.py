"""A closed action, at the platform's own filter."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils.module_loading import import_string
from openedx_filters.learning.filters import CourseEnrollmentStarted

from openedx_utop.enrolment.api import Desk, Verdict, accept, desk, dry_run
from openedx_utop.enrolment.models import Seat
from openedx_utop.organizations.api import Verdict as Eligible
from openedx_utop.organizations.api import declare_employer, override_eligibility
from openedx_utop.organizations.models import Employer
from tests.enrolment.conftest import BANK, COURSE, INN, NOW
from tests.enrolment.test_invitations import token
from tests.enrolment.test_lists import apply

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea(action: Any, sign_up: Any, host: Any) -> User:
    """She enrols herself in an action that is closed."""
    action.enrolment_is_closed = True
    action.save()
    user: User = sign_up("lea")
    host.acting = user.pk
    return user


def enrol(user: User) -> None:
    found, key, mode = CourseEnrollmentStarted.run_filter(user=user, course_key=COURSE, mode=None)
    assert (found, key, mode) == (user, COURSE, None)


def test_whoever_has_no_seat_reads_what_to_do(lea: User) -> None:
    with pytest.raises(CourseEnrollmentStarted.PreventEnrollment, match=r"contact@example\.org"):
        enrol(lea)


def test_an_open_action_takes_everybody(lea: User, action: Any) -> None:
    action.enrolment_is_closed = False
    action.save()
    enrol(lea)


def test_a_course_that_is_no_action_is_left_alone(lea: User, action: Any) -> None:
    action.delete()
    enrol(lea)


def test_an_invitation_opens_it(lea: User, inn: Desk) -> None:
    apply(inn, b"lea@example.org")
    with pytest.raises(CourseEnrollmentStarted.PreventEnrollment):
        enrol(lea)
    accept(token(), lea.pk, confirms_address=False, now=NOW)
    enrol(lea)


def test_staff_enrol_whom_they_like(lea: User, adviser: User, host: Any) -> None:
    host.acting = adviser.pk
    enrol(lea)
    enrol(adviser)


def test_a_command_or_a_task_enrols_whom_it_likes(lea: User, host: Any) -> None:
    host.acting = None
    enrol(lea)


def test_account_activation_carries_out_the_staffs_invitations(lea: User, host: Any) -> None:
    """There the platform catches nothing: a refusal would leave the account inactive."""
    host.invited.add((lea.pk, COURSE))
    enrol(lea)


def test_who_is_enrolled_stays_so(lea: User, host: Any) -> None:
    host.enrolments.add((lea.pk, COURSE))
    enrol(lea)


class EnrollmentNotAllowed(Exception):
    """What the platform makes of a refusal."""


def test_a_page_that_expects_no_refusal_shows_the_sentence(lea: User, rf: Any) -> None:
    """As the platform's choice of a course mode, which catches nothing."""

    def choose_mode(request: Any) -> None:
        try:
            enrol(lea)
        except CourseEnrollmentStarted.PreventEnrollment as refusal:
            raise EnrollmentNotAllowed(str(refusal)) from refusal

    request = rf.get("/course_modes/choose/")
    request.user = lea
    with pytest.raises(EnrollmentNotAllowed) as raised:
        choose_mode(request)
    middleware = import_string(settings.MIDDLEWARE[-1])(choose_mode)
    answer = middleware.process_exception(request, raised.value)
    assert answer.status_code == 403
    assert "contact@example.org" in answer.content.decode()
    assert middleware.process_exception(request, ValueError()) is None


def test_a_fault_of_ours_refuses_nobody(lea: User, host: Any) -> None:
    host.staff = None  # Asking who is staff fails from now on.
    enrol(lea)


@pytest.fixture
def large_bank(lea: User) -> str:
    """More employees than the programme is for, as the register says."""
    Employer.objects.filter(siret=BANK).update(
        enterprise_band="42", answer="found", asked_at=NOW, fetched_at=NOW, source="recherche-entreprises"
    )
    return BANK


def test_people_of_a_company_that_is_not_eligible_get_no_seat_and_read_why(large_bank: str, bank: Desk) -> None:
    (judged,) = dry_run(bank, b"lea@example.org", now=NOW)
    assert judged.verdict is Verdict.NOT_ELIGIBLE
    assert "250" in judged.explanation
    apply(bank, b"lea@example.org")
    assert not Seat.objects.exists()


def test_so_does_a_number_in_an_advisers_list(large_bank: str, adviser: User) -> None:
    found = desk(adviser.pk, COURSE, "")
    assert found is not None
    content = f"a@example.org;;;{large_bank}\nb@example.org;;;{INN}".encode()
    assert [each.verdict for each in dry_run(found, content, now=NOW)] == [Verdict.NOT_ELIGIBLE, Verdict.SEAT]


def test_a_person_can_decide_otherwise(large_bank: str, bank: Desk, adviser: User) -> None:
    reason = "Filiale autonome, 40 personnes."
    override_eligibility(large_bank, Eligible.ELIGIBLE, reason, by=adviser.pk, now=NOW)
    assert apply(bank, b"lea@example.org") == [Verdict.SEAT]


def test_an_unknown_headcount_refuses_nobody(lea: User, inn: Desk) -> None:
    assert apply(inn, b"lea@example.org") == [Verdict.SEAT]


def test_an_open_action_asks_no_company(large_bank: str, bank: Desk, action: Any) -> None:
    action.enrolment_is_closed = False
    action.save()
    assert apply(bank, b"lea@example.org") == [Verdict.SEAT]


def test_who_works_for_a_company_that_is_not_eligible_reads_that(large_bank: str, lea: User) -> None:
    declare_employer(lea.pk, large_bank, now=NOW)
    with pytest.raises(CourseEnrollmentStarted.PreventEnrollment, match="250"):
        enrol(lea)

"""Certificates that a dead worker or a lost message left behind are made by what happens next, without a command."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from openedx_utop import api, tasks
from openedx_utop.attendance.corrections.models import Correction, CorrectionDecision
from openedx_utop.attendance.live import api as live
from openedx_utop.attendance.live.models import LiveSession, LiveSignature, LiveSlot, TrainerSignature
from openedx_utop.attestations.data import AttestationFacts, Reference
from openedx_utop.attestations.models import Attestation
from openedx_utop.badges.models import Achievement, Award
from openedx_utop.training.models import TrainingAction
from tests.attestations.factories import (
    CAMILLE,
    COURSE,
    START,
    STRANGER,
    TEACHER,
    attend,
    finished_path,
    spend,
    usage_key,
)
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


@pytest.fixture
def award(host: InMemoryPlatform) -> Award:
    """Of the whole action, nine hours ago; what should have followed from it was lost."""
    return awarded(finished_path(host), ago=9 * HOUR)


@pytest.fixture
def issued(host: InMemoryPlatform) -> AttestationFacts:
    """A certificate that came in time, eight hours ago, of an award that is older than what is looked at."""
    said = finished_path(host)
    old = awarded(said, ago=timedelta(days=200))
    return api.issue_attestation(**said | {"award_uuid": old.uuid, "now": ago(8 * HOUR)})


def ago(length: timedelta) -> datetime:
    return timezone.now() - length


def awarded(said: dict[str, Any], *, ago: timedelta, **achievement: Any) -> Award:
    action = TrainingAction.objects.get()
    of = Achievement.objects.create(action=action, name="Transition", description="…", criteria="…", **achievement)
    what: dict[str, Any] = {"action": action, "achievement": of, "evaluation": said["evaluation"]}
    return Award.objects.create(user_id=CAMILLE, awarded_at=timezone.now() - ago, **what)


def correct(at: datetime, **how: Any) -> Correction:
    """As the staff does, except that nobody is told."""
    alone: dict[str, Any] = {"user_id": CAMILLE, "needs_second_person": False, "after_issue": True}
    return Correction.objects.create(
        course_key=COURSE, day=START.date(), seconds=600, reason_code="outage", text="Panne", author_id=TEACHER,
        author_role="staff", recorded_at=at, rank=Correction.objects.count() + 1, **alone | how,
    )  # fmt: skip


def owed() -> tuple[Any, ...]:
    now = timezone.now()
    return api.owed_attestations(api.awards_to_certify(now=now), now=now)


def test_a_certificate_that_nobody_attempts_is_made_when_somebody_learns(award: Award) -> None:
    assert owed() == (award.uuid,)
    tasks.evaluate(STRANGER, str(COURSE))
    (certificate,) = api.attestations_of(CAMILLE)
    assert certificate.award_uuid == award.uuid
    tasks.catch_up()
    assert (owed(), Attestation.objects.count()) == ((), 1)


@pytest.mark.parametrize(
    ("age", "is_owed"),
    [
        pytest.param(timedelta(minutes=5), False, id="being made"),
        pytest.param(timedelta(days=30), True, id="a month"),
        pytest.param(timedelta(days=32), False, id="older"),
        pytest.param(-timedelta(days=1), True, id="by another clock"),
    ],
)
def test_what_is_recent_and_late_is_owed(host: InMemoryPlatform, age: timedelta, is_owed: bool) -> None:
    awarded(finished_path(host, modules=1), ago=age)
    assert bool(owed()) is is_owed


def test_there_is_none_of_a_part_nor_of_an_account_that_is_gone(host: InMemoryPlatform) -> None:
    awarded(finished_path(host, modules=1), ago=9 * HOUR, is_whole=None)
    assert owed() == ()
    awarded({"evaluation": {}}, ago=9 * HOUR)
    assert owed()
    host.people.clear()
    assert owed() == ()


def test_a_correction_whose_message_was_lost_is_certified(issued: AttestationFacts) -> None:
    pending = correct(ago(7 * HOUR), needs_second_person=True)
    assert owed() == ()
    CorrectionDecision.objects.create(
        correction=pending, is_accepted=True, decided_by=STRANGER, decided_at=ago(6 * HOUR)
    )
    assert owed() == (issued.award_uuid,)
    tasks.catch_up()
    successor, _first = api.attestations_of(CAMILLE)
    assert successor.replaces == Reference(issued.uuid, issued.number)
    assert owed() == ()


def test_a_late_signature_of_the_trainer_is_certified(issued: AttestationFacts) -> None:
    attend(ago(20 * HOUR), 3 * HOUR, trainer_signs=False)
    assert owed() == ()
    TrainerSignature.objects.create(slot=LiveSlot.objects.get(), user_id=TEACHER, signed_at=ago(7 * HOUR))
    assert owed() == (issued.award_uuid,)
    tasks.catch_up()
    successor, _first = api.attestations_of(CAMILLE)
    assert successor.replaces == Reference(issued.uuid, issued.number)
    assert owed() == ()


def test_a_signature_that_was_cancelled_is_certified_no_longer(issued: AttestationFacts) -> None:
    attend(ago(20 * HOUR), 3 * HOUR)
    assert owed() == ()
    live.cancel_signature(CAMILLE, LiveSlot.objects.get().uuid, reason="Absente", by=TEACHER, now=ago(7 * HOUR))
    successor, _first = api.attestations_of(CAMILLE)
    assert successor.replaces == Reference(issued.uuid, issued.number)
    assert owed() == ()


def test_a_cancellation_whose_message_was_lost_is_certified(issued: AttestationFacts) -> None:
    attend(ago(20 * HOUR), 3 * HOUR)
    lost = {"rank": 2, "method": "cancelled", "signed_by": TEACHER, "signed_at": ago(7 * HOUR)}
    LiveSignature.objects.create(slot=LiveSlot.objects.get(), user_id=CAMILLE, **lost)
    assert owed() == (issued.award_uuid,)


@pytest.mark.parametrize(("hours_ago", "minutes"), [(20, 13), (30, 0)])
def test_an_hour_that_another_course_signs_afterwards_is_certified_once(
    issued: AttestationFacts, host: InMemoryPlatform, hours_ago: int, minutes: int
) -> None:
    """Only if it was held while this course recorded something."""
    spend(usage_key(1), ago(20 * HOUR), minutes=13)
    elsewhere = CourseKey.from_string("course-v1:UTOP+other+2027")
    host.enrolments.add((CAMILLE, elsewhere))
    session = LiveSession.objects.create(
        course_key=elsewhere, title="Atelier", created_by=TEACHER, created_at=ago(HOUR)
    )
    start = ago(hours_ago * HOUR)
    slot = session.slots.create(start=start - HOUR, end=start + HOUR)
    live.sign_for(CAMILLE, slot.uuid, reason="Feuille retrouvée", by=TEACHER, now=ago(7 * HOUR))
    latest = Attestation.objects.order_by("pk").last()
    assert latest
    assert latest.context["certification"]["overlap"]["seconds"] == minutes * 60
    assert (latest.uuid != issued.uuid) is bool(minutes)
    assert owed() == ()


def test_a_correction_of_somebody_else_or_of_just_now_is_left_alone(issued: AttestationFacts) -> None:
    correct(ago(7 * HOUR), user_id=STRANGER)
    correct(ago(timedelta(minutes=1)))
    assert owed() == ()

"""Writing corrections and deciding about them: what one person may do alone, what cannot be, who may not."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from openedx_utop.attendance.corrections import api
from openedx_utop.attendance.corrections.models import Correction
from openedx_utop.events.signals import correction_effective
from openedx_utop.training.api import date_facts, published_facts
from openedx_utop.training.models import TrainingAction
from tests.attendance.corrections.conftest import MODULE, OTHER_MODULE, spend
from tests.attendance.corrections.factories import (
    AUTHOR,
    COURSE,
    LEARNER,
    MONDAY,
    NOW,
    OTHER_COURSE,
    SECOND,
    STRANGER,
    decided,
    written,
)

pytestmark = pytest.mark.usefixtures("action")
MINUTE = 60
TUESDAY = MONDAY + timedelta(days=1)


def correct(minutes: int, **values: Any) -> api.CorrectionRecord:
    options = {"author_id": AUTHOR, "document_issued": False, "now": NOW}
    options |= {name: values.pop(name) for name in (*options, "upload") if name in values}
    user_id, course = values.pop("user_id", LEARNER), values.pop("course_key", COURSE)
    new = {"day": MONDAY, "module_key": None, "reason_code": "incident", "text": "Panne."} | values
    return api.record(user_id, course, api.NewCorrection(seconds=minutes * MINUTE, **new), **options)


accept = partial(api.decide, is_accepted=True, why="Vu.", by=SECOND, now=NOW)


@pytest.fixture
def announced():
    heard = []
    listener = lambda user_id, course_key, correction_uuid, **_: heard.append((user_id, course_key, correction_uuid))  # noqa: E731
    correction_effective.connect(listener)
    yield heard
    correction_effective.disconnect(listener)


def test_a_small_one_counts_at_once(announced, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        record = correct(60, module_key=MODULE)
    assert (record.state, record.needs_second_person, record.author_role) == (api.State.EFFECTIVE, False, "staff")
    assert [facts.uuid for facts in api.effective(LEARNER, COURSE)] == [record.uuid]
    assert announced == [(LEARNER, COURSE, record.uuid)]


@pytest.mark.parametrize(("minutes", "issued"), [(61, False), (1, True)])
def test_a_large_one_or_a_late_one_waits_for_a_second_person(
    minutes, issued, announced, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        record = correct(minutes, document_issued=issued)
        assert record.state == api.State.PENDING
        assert api.waiting(COURSE) == (record,)
        assert api.effective(LEARNER, COURSE) == ()
    assert announced == []
    with django_capture_on_commit_callbacks(execute=True):
        assert accept(record.uuid).state == api.State.EFFECTIVE
    assert announced == [(LEARNER, COURSE, record.uuid)]
    assert api.waiting(COURSE) == ()
    assert len(api.effective(LEARNER, COURSE)) == 1


def test_a_refused_one_never_counts(announced, django_capture_on_commit_callbacks):
    record = correct(90)
    with django_capture_on_commit_callbacks(execute=True):
        refused = accept(record.uuid, is_accepted=False)
    assert (refused.state, refused.decision and refused.decision.why) == (api.State.REFUSED, "Vu.")
    assert (api.effective(LEARNER, COURSE), announced) == ((), [])


def test_slices_of_one_author_add_up():
    assert not correct(40).needs_second_person
    assert correct(21).needs_second_person
    assert correct(21, day=TUESDAY).needs_second_person
    assert not correct(20).needs_second_person
    assert not correct(40, author_id=SECOND).needs_second_person


def test_another_day_on_another_day_is_another_correction():
    correct(60)
    assert not correct(60, day=TUESDAY, now=NOW + timedelta(hours=25)).needs_second_person


def test_the_operator_sets_from_when_a_second_person_is_needed(settings):
    settings.UTOP_CORRECTION_REVIEW_MINUTES = 10
    assert correct(11).needs_second_person


def test_the_author_cannot_be_the_second_person():
    with pytest.raises(api.OwnCorrection):
        accept(correct(90).uuid, by=AUTHOR)


def test_nobody_touches_their_own_time(host):
    host.staff.add((LEARNER, COURSE))
    with pytest.raises(api.OwnTime):
        correct(10, author_id=LEARNER)
    with pytest.raises(api.OwnTime):
        accept(correct(90).uuid, by=LEARNER)


@pytest.mark.parametrize("stranger", [LEARNER, STRANGER, 99])
def test_only_the_staff_of_the_course_writes_and_decides(stranger):
    with pytest.raises(api.NotStaff):
        correct(10, author_id=stranger)
    with pytest.raises(api.NotStaff):
        accept(correct(90).uuid, by=stranger)
    assert Correction.objects.count() == 1


def test_a_decision_is_made_once():
    record = correct(90)
    accept(record.uuid)
    with pytest.raises(api.AlreadyDecided):
        accept(record.uuid, is_accepted=False)
    with pytest.raises(api.AlreadyDecided):
        accept(correct(-5).uuid)
    with pytest.raises(api.UnknownCorrection):
        accept(uuid4())


def test_of_somebody_who_never_was_in_the_course():
    with pytest.raises(api.NoSuchLearner):
        correct(10, user_id=STRANGER)


def test_of_somebody_who_left_it(host):
    host.enrolments.clear()
    assert correct(10).state == api.State.EFFECTIVE


def test_in_a_module_of_another_course():
    with pytest.raises(api.NoSuchModule):
        correct(10, module_key=OTHER_COURSE.make_usage_key("sequential", "module"))


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        (date(2026, 3, 4), api.InTheFuture),
        (date(2026, 2, 28), api.OutsideAction),
        (date(9999, 12, 31), api.InTheFuture),
        (date(1, 1, 1), api.OutsideAction),
    ],
)
def test_on_a_day_that_cannot_be(day, refusal):
    with pytest.raises(refusal):
        correct(10, day=day)


def test_after_the_action(host):
    with pytest.raises(api.OutsideAction):
        correct(10, day=date(2026, 4, 1), now=NOW + timedelta(days=60))


def test_a_day_that_the_training_had_when_it_was_counted():
    action = TrainingAction.objects.get(course_key=COURSE)
    before = published_facts(action.pk)
    TrainingAction.objects.filter(pk=action.pk).update(starts_on=date(2026, 3, 3))
    date_facts(action.pk, before, by=AUTHOR, now=NOW)
    assert correct(10, day=date(2026, 3, 2)).state == api.State.EFFECTIVE


def test_in_a_course_that_is_no_training_action():
    with pytest.raises(api.OutsideAction):
        correct(10, course_key=OTHER_COURSE, author_id=STRANGER)


def test_today_is_the_official_time_zones():
    new_year = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    assert correct(10, day=date(2026, 3, 4), now=new_year)


def test_no_more_is_withdrawn_than_there_is():
    correct(-20)
    with pytest.raises(api.BelowZero) as refused:
        correct(-11)
    assert refused.value.available == 10 * MINUTE
    correct(-10)
    with pytest.raises(api.BelowZero):
        correct(-1)


def test_a_module_gives_no_more_than_it_has():
    spend(datetime(2026, 3, 2, 10, 0, tzinfo=UTC), datetime(2026, 3, 2, 10, 20, tzinfo=UTC), module_key=OTHER_MODULE)
    with pytest.raises(api.BelowZero):
        correct(-21, module_key=OTHER_MODULE)
    assert correct(-20, module_key=OTHER_MODULE)


def test_what_waits_may_not_be_withdrawn_twice():
    correct(-30, document_issued=True)
    with pytest.raises(api.BelowZero):
        correct(-1)


def test_what_was_refused_may_be_withdrawn():
    accept(correct(-30, document_issued=True).uuid, is_accepted=False)
    assert correct(-30)


def test_what_was_added_may_be_withdrawn_but_not_before_it_counts():
    written(3600, needs_second_person=True)
    with pytest.raises(api.BelowZero):
        correct(-31)
    decided(Correction.objects.get(), is_accepted=True)
    assert correct(-31)


def test_time_of_the_day_before_midnight_is_not_of_the_day():
    spend(datetime(2026, 3, 2, 22, 50, tzinfo=UTC), datetime(2026, 3, 2, 23, 10, tzinfo=UTC))
    with pytest.raises(api.BelowZero) as refused:
        correct(-60, day=TUESDAY)
    assert refused.value.available == 10 * MINUTE


def test_no_day_is_longer_than_a_day_in_all_courses_together():
    correct(23 * 60)
    written(20 * MINUTE, course_key=OTHER_COURSE)
    with pytest.raises(api.LongerThanADay):
        correct(11)
    assert correct(10)


def test_nothing_is_no_correction():
    with pytest.raises(api.NoChange):
        correct(0)


def test_a_document_that_is_not_admitted_writes_nothing():
    with pytest.raises(api.EvidenceRefused):
        correct(5, upload=api.Upload("page.html", b"<script>"))
    assert not Correction.objects.exists()

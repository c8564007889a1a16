"""Which corrections count, and that none is ever edited."""

from datetime import date, timedelta

import pytest

from openedx_utop.append_only import WrittenOnce
from openedx_utop.attendance.corrections import api
from openedx_utop.attendance.corrections.models import Correction
from tests.attendance.conftest import usage_key
from tests.attendance.corrections.factories import COURSE, LEARNER, NOW, OTHER_COURSE, STRANGER, decided, written

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def seconds() -> list[int]:
    return [facts.seconds for facts in api.effective(LEARNER, COURSE)]


def test_what_needs_nobody_counts_from_when_it_was_written():
    module = usage_key("first", "sequential", "module")
    record = written(600, module_key=module)
    assert api.effective(LEARNER, COURSE) == (
        api.CorrectionFacts(record.uuid, record.day, module, 600, "incident", "Panne du réseau.", NOW),
    )


def test_what_needs_a_second_person_counts_once_accepted():
    waiting, accepted, refused = (written(each, needs_second_person=True) for each in (4000, 5000, 6000))
    decided(accepted, is_accepted=True, decided_at=LATER)
    decided(refused, is_accepted=False)
    assert [(facts.seconds, facts.decided_at) for facts in api.effective(LEARNER, COURSE)] == [(5000, LATER)]
    assert waiting.needs_second_person


def test_without_a_module():
    written(-60)
    assert api.effective(LEARNER, COURSE)[0].module_key is None


def test_they_come_by_day_then_as_they_were_written():
    written(3)
    written(1, day=date(2026, 3, 1))
    written(4)
    assert seconds() == [1, 3, 4]


def test_of_one_learner_in_one_course():
    written(1)
    written(2, user_id=STRANGER)
    written(3, course_key=OTHER_COURSE)
    assert seconds() == [1]


def test_of_many_at_once(django_assert_num_queries):
    written(1)
    written(-2)
    written(3, user_id=STRANGER)
    decided(written(4, user_id=STRANGER, needs_second_person=True), is_accepted=True)
    with django_assert_num_queries(1):
        found = api.effective_of([LEARNER, STRANGER, 99], COURSE)
    assert {user_id: [facts.seconds for facts in each] for user_id, each in found.items()} == {
        LEARNER: [1, -2],
        STRANGER: [3, 4],
    }
    assert found[LEARNER] == api.effective(LEARNER, COURSE)


def test_nothing_is_edited():
    record = written(600)
    record.seconds = 6000
    for edit in (record.save, record.delete, Correction.objects.all().delete, Correction.objects.filter(pk=1).delete):
        with pytest.raises(WrittenOnce):
            edit()
    with pytest.raises(WrittenOnce):
        Correction.objects.update(seconds=6000)
    assert seconds() == [600]

"""Several members of the staff at the very same time, on a database with real concurrency."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from openedx_utop.attendance.corrections import api
from openedx_utop.attendance.corrections.models import ContestAnswer, Correction, CorrectionDecision
from tests.attendance.corrections.factories import AUTHOR, COURSE, LEARNER, MONDAY, NOW, SECOND, written

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("action")]
WORKERS = 6


@pytest.fixture(autouse=True)
def team(action, host):
    """As many colleagues as there are workers."""
    host.staff |= {(SECOND + worker, COURSE) for worker in range(WORKERS)}


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """What the same work gave, or the refusal it met, in as many threads as there are workers."""
    barrier = Barrier(WORKERS)

    def run(worker: int) -> Any:
        barrier.wait()
        try:
            return work(worker)
        except api.CorrectionError as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, range(WORKERS)))


def record(minutes: int, **values: Any) -> api.CorrectionRecord:
    new = api.NewCorrection(MONDAY, None, minutes * 60, "incident", "Panne.")
    return api.record(LEARNER, COURSE, new, **{"author_id": AUTHOR, "document_issued": False, "now": NOW, **values})


def test_validators_at_once_leave_one_decision():
    pending = written(9000, needs_second_person=True)
    answers = at_once(
        lambda worker: api.decide(pending.uuid, is_accepted=bool(worker % 2), why="x", by=SECOND + worker, now=NOW)
    )
    assert CorrectionDecision.objects.count() == 1
    assert answers.count(api.AlreadyDecided) == WORKERS - 1


def test_withdrawals_at_once_take_no_more_than_there_is():
    answers = at_once(lambda worker: record(-10, author_id=SECOND + worker))
    assert answers.count(api.BelowZero) == WORKERS - 3
    assert sum(facts.seconds for facts in api.effective(LEARNER, COURSE)) == -1800


def test_slices_at_once_are_no_way_around_the_second_person():
    at_once(lambda _worker: record(20))
    assert Correction.objects.count() == WORKERS
    assert Correction.objects.filter(needs_second_person=False).count() == 3


def test_the_same_form_at_once_is_one_correction():
    uuid = uuid4()
    assert {answer.uuid for answer in at_once(lambda _worker: record(20, uuid=uuid))} == {uuid}
    assert Correction.objects.count() == 1


def test_answers_at_once_leave_one():
    contest = api.contest(LEARNER, COURSE, day=None, module_key=None, claimed_minutes=50, words="x", now=NOW)
    answers = at_once(
        lambda worker: api.answer(contest.uuid, words="y", correction_uuid=None, by=SECOND + worker, now=NOW)
    )
    assert ContestAnswer.objects.count() == 1
    assert answers.count(api.AlreadyAnswered) == WORKERS - 1

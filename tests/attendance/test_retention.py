"""What is no evidence goes when its time is over; evidence stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance import retention
from openedx_utop.attendance.addresses.api import new_key, record_address
from openedx_utop.attendance.addresses.models import ConnectionAddress
from openedx_utop.attendance.live.models import LiveRegistration, LiveSession, LiveSlot, SigningAttempts
from openedx_utop.attendance.models import LearnerClock, Presence
from tests.presences import store_presence

pytestmark = pytest.mark.django_db

COURSE = CourseKey.from_string("course-v1:UTOP+TPEPME+2027")
NOW = datetime(2029, 3, 1, 9, tzinfo=UTC)
OLD, YOUNG = NOW - timedelta(days=366), NOW - timedelta(days=364)
LAST_WEEK, THIS_WEEK = (int((NOW - timedelta(days=days)).timestamp() * 1000) for days in (8, 6))


@pytest.fixture(autouse=True)
def everything(settings: Any) -> None:
    """One row of each kind whose time is over, and one whose time is not, of learner 1 and of learner 2."""
    settings.UTOP_ADDRESS_KEYS = [new_key()]
    for learner, moment, frontier in ((1, OLD, LAST_WEEK), (2, YOUNG, THIS_WEEK)):
        LearnerClock.objects.create(user_id=learner, frontier_ms=frontier, clients={"tab": {"beat": frontier}})
        record_address(learner, COURSE, "198.51.100.7", now=moment)
        SigningAttempts.objects.create(user_id=learner, period=int(moment.timestamp()) // 600)
        session = LiveSession.objects.create(course_key=COURSE, title="S", created_by=9, created_at=OLD)
        LiveSlot.objects.create(session=session, start=OLD - timedelta(hours=9), end=OLD - timedelta(hours=6))
        LiveSlot.objects.create(session=session, start=moment - timedelta(hours=3), end=moment)
        LiveRegistration.objects.create(session=session, user_id=learner, registered_at=OLD)
        key = COURSE.make_usage_key("vertical", "lecon")
        store_presence(
            user_id=learner, course_key=COURSE, module_key=key, unit_key=key, client="a", start=OLD, end=moment
        )


def left(model: Any) -> list[int]:
    return sorted(model.objects.values_list("user_id", flat=True))


def test_what_is_overdue_goes_and_the_rest_stays() -> None:
    assert [count for _kind, count in retention.overdue(now=NOW)] == [1, 1, 1, 1]
    assert [count for _kind, count in retention.apply_retention(now=NOW)] == [1, 1, 1, 1]
    for model in (LearnerClock, SigningAttempts, LiveRegistration, ConnectionAddress):
        assert left(model) == [2], model
    assert [count for _kind, count in retention.apply_retention(now=NOW)] == [0, 0, 0, 0]


def test_evidence_stays() -> None:
    list(retention.apply_retention(now=NOW + timedelta(days=3650)))
    assert left(Presence) == [1, 2]
    assert LiveSlot.objects.count() == 4


def test_the_policy_is_the_operators(settings: Any) -> None:
    settings.UTOP_ADDRESS_DAYS = 30
    counts = {kind.setting: count for kind, count in retention.overdue(now=NOW)}
    assert counts["UTOP_ADDRESS_DAYS"] == 2


def gone() -> int:
    (_kind, count), *_others = retention.apply_retention(now=NOW)
    return count


def test_more_than_one_portion() -> None:
    LearnerClock.objects.bulk_create(LearnerClock(user_id=number, frontier_ms=1) for number in range(10, 1300))
    assert gone() == 1291


def test_a_clock_without_credit_stays_while_a_tab_uses_it() -> None:
    """The first beat of somebody who is back credits nothing: the second one needs what it told."""
    tabs = {"old": {"beat": LAST_WEEK}, "new": {"beat": THIS_WEEK}}
    for learner, frontier in ((3, 0), (4, LAST_WEEK)):
        LearnerClock.objects.create(user_id=learner, frontier_ms=frontier, clients=tabs)
    assert gone() == 1
    assert left(LearnerClock) == [2, 3, 4]


def test_a_clock_stays_that_is_used_just_before_it_goes() -> None:
    with before("DELETE", lambda: LearnerClock.objects.filter(user_id=1).update(version=1)):
        assert gone() == 0
    assert left(LearnerClock) == [1, 2]


@contextmanager
def before(statement: str, work: Any) -> Iterator[None]:
    """Do this just before such a statement."""

    def also(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(statement):
            work()
        return execute(sql, *rest)

    with connection.execute_wrapper(also):
        yield


def test_the_command_counts_first_and_then_deletes(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("utop_apply_retention", "--dry-run")
    assert capsys.readouterr().out.count("lignes à supprimer") == 5
    assert left(LearnerClock) == [1, 2]
    call_command("utop_apply_retention")
    assert "lignes supprimées" in capsys.readouterr().out

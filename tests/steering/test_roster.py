"""The list: sorted, filtered and cut by the database as the rules say."""

from datetime import timedelta

import pytest
from django.conf import settings
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.assistance.api import NewContact, log_contact
from openedx_utop.attendance.live.api import cancel_signature, sign_for
from openedx_utop.attendance.live.models import LiveSession
from openedx_utop.sectors.api import Level
from openedx_utop.sectors.levels.models import CourseLevel, LevelChoice
from openedx_utop.sectors.models import Sector, SectorChoice
from openedx_utop.steering import api
from openedx_utop.steering.rules import Standing, attention
from openedx_utop.training.api import action_for
from tests.steering.conftest import COURSE, NOW, TRAINER, Classroom

EVERYBODY = api.Question()


def listed(question: api.Question = EVERYBODY, page: int = 1) -> api.Roster:
    action = action_for(COURSE)
    assert action
    return api.roster(action, question, page=page, now=NOW)


def ids(**question) -> list[int]:
    return [row.user_id for row in listed(api.Question(**question)).rows]


def test_who_needs_attention_comes_first(classroom: Classroom) -> None:
    classroom.learner(1, done=4, days_silent=30)
    classroom.learner(2, done=2, days_silent=1)
    classroom.learner(3, done=0, days_silent=1)
    classroom.learner(4, done=2, days_silent=10)
    classroom.learner(5, done=0, days_silent=9)
    classroom.learner(6)
    assert ids() == [6, 5, 4, 3, 2, 1]
    assert ids(only=api.Filter.INACTIVE) == [6, 5, 4]
    assert ids(only=api.Filter.BEHIND) == [6, 5, 3]
    assert ids(only=api.Filter.ON_TRACK) == [2]
    assert ids(only=api.Filter.FINISHED) == [1]
    assert list(listed().counts.values()) == [6, 3, 3, 1, 1]


def test_who_signed_a_half_day_was_there(classroom: Classroom) -> None:
    for pk, silent in ((1, None), (2, 10), (3, 10), (4, None), (5, 1)):
        classroom.learner(pk, done=2, days_silent=silent)
    session = LiveSession.objects.create(course_key=COURSE, title="Atelier", created_by=TRAINER, created_at=NOW)
    slot = session.slots.create(start=NOW - timedelta(days=2, hours=3), end=NOW - timedelta(days=2))
    for pk in (1, 2, 3, 4, 5):
        sign_for(pk, slot.uuid, reason="x", by=TRAINER, now=NOW)
    for pk in (3, 4):
        cancel_signature(pk, slot.uuid, reason="x", by=TRAINER, now=NOW)
    sign_for(4, slot.uuid, reason="x", by=TRAINER, now=NOW)
    assert ids(only=api.Filter.INACTIVE) == [3]
    assert {row.user_id: row.silent_days for row in listed().rows} == {1: 2, 2: 2, 3: 10, 4: 2, 5: 1}


def test_the_database_and_the_rule_agree(classroom: Classroom) -> None:
    pk = 0
    for joined in (0, 6, 8, 20):
        for silent in (None, 0.5, 6.9, 7.1, 19):
            for done in (0, 1, 4):
                pk += 1
                classroom.learner(pk, done=done, days_silent=silent, enrolled=NOW - timedelta(days=joined))
    action = action_for(COURSE)
    assert action
    against = api.yardstick_of(action, now=NOW)
    rows = list(api.whole_roster(action, api.Question(), now=NOW))
    assert len(rows) == pk
    for row in rows:
        joined = NOW - timedelta(days=(0, 6, 8, 20)[(row.user_id - 1) // 15])
        standing = Standing(row.progress.is_finished, row.progress.share, row.last_presence, joined)
        assert row.attention is attention(standing, against), row


def test_the_details_of_a_row(classroom: Classroom) -> None:
    classroom.learner(1, "Ève Essai", done=2, days_silent=3.5, minutes=12)
    classroom.presence(1, NOW - timedelta(days=4), 30)
    sector = Sector.objects.create(slug="pain", name="Boulangerie")
    for rank in (1, 2):
        SectorChoice.objects.create(
            user_id=1, course_key=COURSE, rank=rank, sector=sector, method="learner", chosen_by=1, chosen_at=NOW
        )
    contact = NewContact("phone", "from_team", NOW - timedelta(days=1), 5, "Relance")
    log_contact(1, COURSE, contact, author_id=TRAINER, now=NOW)
    (row,) = listed().rows
    assert (row.name, row.email, row.silent_days, row.connection_seconds) == ("Ève Essai", "u1@example.org", 3, 2520)
    assert row.certified_seconds == 2520
    assert (row.progress.modules_done, row.progress.modules_total, row.progress.realised_seconds) == (2, 4, 1800)
    assert row.sector
    assert row.last_contact
    assert (row.sector.slug, row.last_contact.subject) == ("pain", "Relance")
    classroom.learner(2)
    assert ids(sector="pain") == [1]
    assert ids(sector=api.NO_SECTOR) == [2]


def test_certified_time_is_not_connection_time(classroom: Classroom) -> None:
    classroom.learner(1, days_silent=3, minutes=60)
    (row,) = listed().rows
    assert (row.connection_seconds, row.certified_seconds, row.certified_live_seconds) == (3600, 2700, 0)


def test_a_level_lists_whom_the_course_treats_by_it(classroom: Classroom) -> None:
    for pk in (1, 2, 3, 4):
        classroom.learner(pk)
    for level, is_default in (("beginner", True), ("advanced", False)):
        CourseLevel.objects.create(course_key=COURSE, level=level, is_default=is_default)
    told = [(1, 1, "advanced"), (2, 1, "advanced"), (2, 2, "beginner"), (3, 1, "intermediate")]
    for pk, rank, level in told:
        LevelChoice.objects.create(
            user_id=pk, course_key=COURSE, rank=rank, level=level, method="learner", chosen_by=pk, chosen_at=NOW
        )
    assert sorted(ids(level=Level.ADVANCED)) == [1]
    assert sorted(ids(level=Level.BEGINNER)) == [2, 3, 4]
    assert {row.user_id: row.level for row in listed().rows}[3] is Level.BEGINNER


@pytest.mark.parametrize(("text", "found"), [("essai", [1]), ("u2@exa", [2]), ("U1", [1]), ("%", []), (" ", [1, 2])])
def test_a_name_or_an_address_is_found(classroom: Classroom, text: str, found: list[int]) -> None:
    classroom.learner(1, "Ève Essai")
    classroom.learner(2, "Paul Autre")
    assert sorted(ids(text=text)) == found


def test_pages(classroom: Classroom) -> None:
    for pk in range(1, 56):
        classroom.learner(pk, f"Nom{pk:02d} X")
    question = api.Question(order=api.Order.NAME)
    pages = [[row.user_id for row in listed(question, page).rows] for page in (1, 2, 3)]
    assert [pk for page in pages for pk in page] == list(range(1, 56))
    assert [len(page) for page in pages] == [25, 25, 5]
    assert listed(question, 9).page == 3
    assert listed(question).pages == 3


def test_the_number_of_queries_does_not_depend_on_the_learners(classroom: Classroom, django_assert_num_queries) -> None:
    learners = 0
    for number in (3, 30):
        while learners < number:
            learners += 1
            classroom.learner(learners, done=learners % 5, days_silent=learners % 12)
        action = action_for(COURSE)
        assert action
        with django_assert_num_queries(15):
            api.roster(action, api.Question(), page=1, now=NOW)


def test_progress_follows_what_is_completed(classroom: Classroom) -> None:
    classroom.learner(1, done=1)
    path = classroom.host.paths[1, COURSE]
    classroom.host.paths[1, COURSE] = path[:2]
    api.rebuild_progress(COURSE, now=NOW)
    (row,) = listed().rows
    assert (row.progress.modules_done, row.progress.modules_total, row.progress.share) == (1, 2, 0.5)
    api.forget_learner(1)
    assert listed().rows[0].progress.modules_total == 0


def test_a_course_that_is_no_action_keeps_nothing(db, host) -> None:
    assert api.remember_progress(1, CourseKey.from_string("course-v1:no+action+x"), now=NOW) is None
    assert settings.UTOP_INACTIVE_DAYS == settings.UTOP_BEHIND_DAYS == 7

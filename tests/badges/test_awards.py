"""Awards: once, when the conditions hold, with the figures of that moment."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from opaque_keys.edx.keys import CourseKey
from pytest_django import DjangoCaptureOnCommitCallbacks

from openedx_utop.attendance.models import Presence
from openedx_utop.attendance.places import place_number
from openedx_utop.badges import api
from openedx_utop.badges.models import Achievement, Award
from openedx_utop.events.signals import AWARD_GRANTED
from openedx_utop.left_behind import left_behind
from openedx_utop.sectors.api import ChoiceMethod, Level
from openedx_utop.sectors.levels.choices import LevelDecision, record_level
from openedx_utop.sectors.levels.models import CourseLevel
from openedx_utop.sectors.models import Sector, SectorChoice, Track
from openedx_utop.training.data import Condition
from openedx_utop.training.models import TrainingAction
from tests.badges.factories import CAMILLE, COURSE, NOW, learner_at_the_end, module, training_action
from tests.host import InMemoryPlatform


@pytest.fixture
def announced() -> Iterator[list[Any]]:
    """The awards announced during the test."""
    heard: list[Any] = []

    def hear(award: Any, **_: Any) -> None:
        heard.append(award)

    AWARD_GRANTED.connect(hear)
    yield heard
    AWARD_GRANTED.disconnect(hear)


def give_sector(user_id: int) -> None:
    sector = Sector.objects.create(slug="hotels", name="Hôtels et restaurants")
    Track.objects.create(course_key=COURSE, sector=sector, group_name="Hôtels")
    SectorChoice.objects.create(
        user_id=user_id, course_key=COURSE, rank=1, sector=sector, method="learner", chosen_by=user_id, chosen_at=NOW
    )


def test_the_level_is_frozen_and_told(finished: InMemoryPlatform, key: str) -> None:
    for level in Level:
        CourseLevel.objects.create(course_key=COURSE, level=level, is_default=level == Level.BEGINNER)
    record_level(LevelDecision(CAMILLE, COURSE, Level.ADVANCED, ChoiceMethod.LEARNER, CAMILLE, NOW))
    badge = Achievement.objects.create(
        action=TrainingAction.objects.get(), name="Badge", description="Tout.", level="confirmed"
    )
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    assert award.evaluation["level"] == "advanced"
    assert award.evaluation["badge"] == {"scope": "action", "trade": "", "level": "confirmed"}
    Achievement.objects.update(level="")
    assert api.award(award.uuid).evaluation["badge"]["level"] == "confirmed"
    narrative = json.loads(api.issue_credential(award.uuid, now=NOW).document)["evidence"][0]["narrative"]
    assert str(Level.ADVANCED.label) in narrative
    assert badge.uuid == award.achievement.uuid


def test_the_figures_are_frozen(finished: InMemoryPlatform) -> None:
    give_sector(CAMILLE)
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    finished.grades[CAMILLE, COURSE] = 10
    finished.paths[CAMILLE, COURSE] = ()
    assert api.award(award.uuid) == award
    assert award.action.title == "Réussir la transition numérique"
    assert award.evaluation == {
        "sector": {"slug": "hotels", "name": "Hôtels et restaurants"},
        "badge": {"scope": "action", "trade": "", "level": ""},
        "grade": 87.5,
        "estimated_seconds": 1800,
        "realised_seconds": 1800,
        "presence_seconds": 7920,
        "certified_seconds": 7920,
        "certified_by_modality": {"remote_asynchronous": 7920},
        "capped_seconds": 0,
        "corrections_seconds": 0,
        "overlap_seconds": 0,
        "policy_versions": [0],
        "conditions": {
            "requires_completion": True,
            "required_grade": 60.0,
            "required_seconds": 7200,
            "required_half_days": 0,
            "requires_every_session": False,
            "requires_validation": False,
            "grade_of_action": False,
            "minutes_of_action": False,
        },
        "path": [
            {
                "usage_key": f"block-v1:Campus+TPE+2026+type@sequential+block@module{number}",
                "title": f"Module {number}",
                "section_title": "Semaine 1",
                "estimated_seconds": 900,
                "is_complete": True,
                "completed_at": (NOW - timedelta(days=number)).isoformat(),
                "earned": 3.0,
                "possible": 4.0,
            }
            for number in (1, 2)
        ],
    }


def test_an_award_is_made_and_announced_once(
    finished: InMemoryPlatform,
    announced: list[Any],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
        again = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW + timedelta(hours=1))
        assert announced == []
    assert first == again
    assert first is not None
    assert [award.uuid for award in announced] == [first.uuid]
    assert api.awards_of(CAMILLE) == (first,)


class Racing(dict[Any, Any]):
    """A table during whose first reading someone else does the same."""

    def __init__(self, table: dict[Any, Any], meanwhile: Callable[[], object]) -> None:
        super().__init__(table)
        self.meanwhile: Callable[[], object] | None = meanwhile

    def get(self, key: Any, default: Any = None) -> Any:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return super().get(key, default)


def test_two_at_once_make_one_award_and_one_announcement(
    finished: InMemoryPlatform,
    announced: list[Any],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    winners: list[Any] = []
    finished.grades = Racing(finished.grades, lambda: winners.append(api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)))
    with django_capture_on_commit_callbacks(execute=True):
        late = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW + timedelta(seconds=1))
    assert winners == [late]
    assert Award.objects.count() == len(announced) == 1


def test_two_at_once_leave_one_credential(finished: InMemoryPlatform, key: str) -> None:
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    winners: list[Any] = []
    finished.people = Racing(finished.people, lambda: winners.append(api.issue_credential(award.uuid, now=NOW)))
    assert winners == []
    late = api.issue_credential(award.uuid, now=NOW + timedelta(seconds=1))
    assert winners == [late]
    assert api.credentials_of(CAMILLE) == (late,)


def test_every_award_can_be_gone_through(finished: InMemoryPlatform) -> None:
    learner_at_the_end(finished, CAMILLE + 1)
    made = [api.award_if_fulfilled(learner, COURSE, now=NOW) for learner in (CAMILLE, CAMILLE + 1)]
    assert list(api.all_awards()) == made


def test_an_award_stays_when_the_conditions_no_longer_hold(finished: InMemoryPlatform) -> None:
    first = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    finished.grades[CAMILLE, COURSE] = 0
    assert api.award_if_fulfilled(CAMILLE, COURSE, now=NOW) == first


def test_the_database_refuses_a_second_award(finished: InMemoryPlatform) -> None:
    api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    first = Award.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.create(
            user_id=CAMILLE, action=first.action, achievement=first.achievement, awarded_at=NOW, evaluation={}
        )


@pytest.mark.parametrize("lacking", [Condition.SECTOR, Condition.MODULES, Condition.GRADE, Condition.TIME])
def test_one_condition_is_enough_to_wait(finished: InMemoryPlatform, lacking: Condition) -> None:
    learner = CAMILLE + 1
    learner_at_the_end(finished, learner)
    if lacking == Condition.SECTOR:
        give_sector(CAMILLE)
    if lacking == Condition.MODULES:
        finished.paths[learner, COURSE] = (module(1), module(2, is_complete=False, completed_at=None))
    if lacking == Condition.GRADE:
        finished.grades[learner, COURSE] = 59.9
    if lacking == Condition.TIME:
        learner += 1
        finished.paths[learner, COURSE], finished.grades[learner, COURSE] = (module(1),), 100
    assert api.award_if_fulfilled(learner, COURSE, now=NOW) is None
    evaluation = api.evaluation(learner, COURSE)
    assert evaluation is not None
    assert [missing.condition for missing in evaluation.missing] == [lacking]
    assert api.awards_of(learner) == ()


def test_time_above_what_the_policy_certifies_does_not_count(finished: InMemoryPlatform) -> None:
    learner = CAMILLE + 1
    learner_at_the_end(finished, learner)
    place = place_number(*map(str, (COURSE, module(1).usage_key, COURSE.make_usage_key("vertical", "unit1"))))
    Presence.objects.filter(user_id=learner).update(place=place)
    assert api.award_if_fulfilled(learner, COURSE, now=NOW) is None
    evaluation = api.evaluation(learner, COURSE)
    assert evaluation is not None
    assert (evaluation.presence_seconds, evaluation.certified_seconds) == (7920, 2700)
    assert [(missing.actual, missing.required) for missing in evaluation.missing] == [(2700, 7200)]


def test_without_time_the_path_is_not_even_asked_for(finished: InMemoryPlatform) -> None:
    finished.paths = None  # type: ignore[assignment]  # asking would fail
    assert api.award_if_fulfilled(CAMILLE + 1, COURSE, now=NOW) is None


def test_a_course_without_an_action_awards_nothing(finished: InMemoryPlatform) -> None:
    other = CourseKey.from_string("course-v1:Campus+Other+2026")
    assert api.award_if_fulfilled(CAMILLE, other, now=NOW) is None
    assert api.evaluation(CAMILLE, other) is None


@pytest.mark.django_db
def test_an_unknown_award() -> None:
    training_action()
    with pytest.raises(api.UnknownAward):
        api.award(uuid4())


@pytest.mark.django_db
def test_the_awards_of_the_last_month_are_found_by_their_date() -> None:
    """Every ten minutes, among those of all years; other databases choose by what a table holds."""
    late = Award.objects.filter(left_behind("awarded_at", now=NOW))
    assert connection.vendor != "sqlite" or "openedx_utop_award_awarded_at" in late.explain()

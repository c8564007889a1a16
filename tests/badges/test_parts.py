"""Awards of parts of an action: a module, a block of competences, each with its own conditions."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from openedx_utop.attendance.live.models import LiveSession, LiveSignature, LiveSlot, SigningMethod, TrainerSignature
from openedx_utop.attestations.models import Attestation
from openedx_utop.badges import api
from openedx_utop.badges.models import Achievement, Award
from openedx_utop.badges.validations.models import Validation
from openedx_utop.compat import PathModule
from openedx_utop.events.signals import AWARD_GRANTED
from openedx_utop.sectors.models import Sector, SectorChoice, Track
from openedx_utop.training.data import Condition, Missing
from openedx_utop.training.models import TrainingAction
from tests.badges.factories import CAMILLE, COURSE, NOW, learner_at_the_end, module, spend, training_action
from tests.badges.parts import part
from tests.host import InMemoryPlatform

LEARNER = CAMILLE + 1
ADVISER = 2


def missing(achievement: Achievement, user_id: int = CAMILLE) -> tuple[Missing, ...]:
    evaluation = api.evaluation(user_id, COURSE, achievement.uuid)
    assert evaluation is not None
    return evaluation.missing


def lacking(achievement: Achievement, user_id: int = CAMILLE) -> list[Condition]:
    return [each.condition for each in missing(achievement, user_id)]


def path_of(host: InMemoryPlatform, *modules: PathModule, user_id: int = CAMILLE) -> None:
    host.paths[user_id, COURSE] = modules


def to_do(number: int, **values: Any) -> PathModule:
    return module(number, **{"is_complete": False, "completed_at": None, "earned": 0.0, "possible": 0.0, **values})


def session(half_days: int = 2) -> list[LiveSlot]:
    held = LiveSession.objects.create(
        course_key=COURSE, title="Atelier", modality="onsite_group", created_by=ADVISER, created_at=NOW
    )
    starts = [NOW + timedelta(hours=24 * held.pk + 5 * number) for number in range(half_days)]
    return [LiveSlot.objects.create(session=held, start=each, end=each + timedelta(hours=3)) for each in starts]


def sign(slot: LiveSlot, user_id: int = CAMILLE, *, rank: int = 1, cancelled: bool = False) -> None:
    start = int(slot.start.timestamp() * 1000)
    LiveSignature.objects.create(
        slot=slot,
        user_id=user_id,
        rank=rank,
        method=SigningMethod.CANCELLED if cancelled else SigningMethod.CODE,
        intervals=[] if cancelled else [[start, start + 3 * 3600 * 1000]],
        signed_by=user_id,
        signed_at=slot.end,
    )
    TrainerSignature.objects.get_or_create(slot=slot, user_id=ADVISER, defaults={"signed_at": slot.end})


def names(awards: Sequence[api.AwardFacts]) -> list[str]:
    return [award.achievement.name for award in awards]


def test_a_part_is_awarded_before_the_whole(finished: InMemoryPlatform) -> None:
    path_of(finished, module(1), to_do(2))
    part(1), part(1, 2, name="Bloc 2")
    assert names(api.award_due(CAMILLE, COURSE, now=NOW)) == ["Bloc 1"]
    assert api.award_if_fulfilled(CAMILLE, COURSE, now=NOW) is None
    path_of(finished, module(1), module(2))
    assert names(api.award_due(CAMILLE, COURSE, now=NOW)) == ["Réussir la transition numérique", "Bloc 1", "Bloc 2"]


def test_each_is_made_and_announced_once(
    finished: InMemoryPlatform, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    part(1)
    heard: list[Any] = []

    def hear(award: Any, **_: Any) -> None:
        heard.append((award.achievement, award.scope))

    AWARD_GRANTED.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        first = api.award_due(CAMILLE, COURSE, now=NOW)
        again = api.award_due(CAMILLE, COURSE, now=NOW + timedelta(hours=1))
    AWARD_GRANTED.disconnect(hear)
    assert first == again
    assert heard == [(award.achievement.uuid, award.achievement.scope.value) for award in first]
    assert [award.achievement.scope for award in first] == [api.Scope.ACTION, api.Scope.MODULE]
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.create(
            user_id=CAMILLE,
            action=TrainingAction.objects.get(),
            achievement=Achievement.objects.get(is_whole=None),
            awarded_at=NOW,
            evaluation={},
        )


def test_an_action_has_one_achievement_of_the_whole(finished: InMemoryPlatform) -> None:
    api.award_due(CAMILLE, COURSE, now=NOW)
    part(1), part(1)
    whole = Achievement.objects.get(is_whole=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Achievement.objects.create(action=whole.action, name="Encore", description="Une autre.")


def test_the_figures_are_those_of_its_modules(finished: InMemoryPlatform) -> None:
    path_of(finished, module(1, earned=1.0), module(2, earned=4.0), module(3, earned=0.0))
    finished.grades[CAMILLE, COURSE] = 41.0
    achievement = part(1, 2, required_grade=60, required_minutes=60)
    (award,) = api.award_due(CAMILLE, COURSE, now=NOW)
    assert award.achievement.uuid == achievement.uuid
    figures = award.evaluation
    assert figures["grade"] == 62.5
    assert (figures["presence_seconds"], figures["certified_seconds"]) == (5280, 5280)
    assert [each["title"] for each in figures["path"]] == ["Module 1", "Module 2"]
    assert (figures["estimated_seconds"], figures["realised_seconds"]) == (1800, 1800)
    assert figures["certified_by_modality"] == {"remote_asynchronous": 5280}
    assert figures["conditions"]["required_grade"] == 60
    assert "corrections_seconds" not in figures


def test_grade_and_time_can_be_those_of_the_action(finished: InMemoryPlatform) -> None:
    finished.grades[CAMILLE, COURSE] = 50.0
    own = part(1, required_grade=70, required_minutes=60)
    whole = part(1, required_grade=70, required_minutes=60, grade_of_action=True, minutes_of_action=True)
    assert lacking(own) == [Condition.TIME]
    assert lacking(whole) == [Condition.GRADE]


def test_a_module_that_was_never_tried_has_no_grade_yet(finished: InMemoryPlatform) -> None:
    path_of(finished, module(1, earned=4.0), to_do(2))
    achievement = part(1, 2, requires_completion=False, required_grade=60)
    (one,) = missing(achievement)
    assert (one.condition, one.actual, [each.title for each in one.modules]) == (Condition.GRADE, 100.0, ["Module 2"])
    path_of(finished, module(1, earned=4.0), to_do(2, possible=4.0, earned=1.0))
    assert lacking(achievement) == []


@pytest.fixture
def tracks(finished: InMemoryPlatform) -> Sector:
    """A course with two trades; nobody has chosen."""
    hotel, bank = (Sector.objects.create(slug=slug, name=slug) for slug in ("hotel", "bank"))
    for sector in (hotel, bank):
        Track.objects.create(course_key=COURSE, sector=sector, group_name=sector.slug)
    return hotel


def choose(sector: Sector, user_id: int = CAMILLE) -> None:
    SectorChoice.objects.create(
        user_id=user_id, course_key=COURSE, rank=1, sector=sector, method="learner", chosen_by=user_id, chosen_at=NOW
    )


def test_modules_of_other_trades_weigh_on_nobody(finished: InMemoryPlatform, tracks: Sector) -> None:
    choose(tracks)
    path_of(finished, module(1), module(2))
    spend(CAMILLE, 9, minutes=40)
    achievement = part(1, 2, 8, 9, required_grade=70, required_minutes=60)
    assert lacking(achievement) == []
    (award,) = api.award_due(CAMILLE, COURSE, now=NOW)[1:]
    assert award.evaluation["certified_seconds"] == 5280


def test_common_modules_alone_are_not_a_block_with_trades(finished: InMemoryPlatform, tracks: Sector) -> None:
    block, common = part(1, 2, 8), part(1, 2)
    assert lacking(block) == [Condition.SECTOR]
    assert lacking(common) == []
    assert names(api.award_due(CAMILLE, COURSE, now=NOW)) == ["Bloc 1"]


def test_a_part_of_another_trade_is_nobodys_by_default(finished: InMemoryPlatform, tracks: Sector) -> None:
    choose(tracks)
    achievement = part(8, requires_completion=False, required_minutes=60, minutes_of_action=True)
    (one,) = missing(achievement)
    assert (one.condition, one.required) == (Condition.MODULES, 0)


def test_a_part_without_modules_is_the_whole_path_with_other_conditions(finished: InMemoryPlatform) -> None:
    distinction = part(required_grade=90, name="Mention")
    assert lacking(distinction) == [Condition.GRADE]
    finished.grades[CAMILLE, COURSE] = 95
    assert names(api.award_due(CAMILLE, COURSE, now=NOW))[1:] == ["Mention"]


def test_half_days_count_once_signed(finished: InMemoryPlatform) -> None:
    TrainingAction.objects.update(required_half_days=2)
    morning, afternoon = session()
    sign(morning)
    assert api.award_if_fulfilled(CAMILLE, COURSE, now=NOW) is None
    (one,) = api.evaluation(CAMILLE, COURSE).missing  # type: ignore[union-attr]
    assert (one.condition, one.actual, one.required) == (Condition.LIVE, 1, 2)
    sign(afternoon)
    sign(morning, rank=2, cancelled=True)
    assert api.award_if_fulfilled(CAMILLE, COURSE, now=NOW) is None
    sign(morning, rank=3)
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    assert award.evaluation["half_days"] == 2


def test_every_session_is_each_half_day_of_those_that_are_held(finished: InMemoryPlatform) -> None:
    achievement = part(1, requires_every_session=True)
    assert [(each.condition, each.required) for each in missing(achievement)] == [(Condition.SESSIONS, 0)]
    first, second, called_off = session(), session(1), session()
    LiveSession.objects.filter(slots=called_off[0]).update(cancelled_at=NOW)
    sign(first[0]), sign(second[0])
    assert [(each.actual, each.required) for each in missing(achievement)] == [(1, 2)]
    sign(first[1])
    assert lacking(achievement) == []


def test_a_validation_that_was_withdrawn_does_not_stand(finished: InMemoryPlatform) -> None:
    achievement = part(1, requires_validation=True)
    rows = {"user_id": CAMILLE, "achievement": achievement, "day": NOW.date(), "recorded_at": NOW}
    assert lacking(achievement) == [Condition.VALIDATION]
    Validation.objects.create(**rows, rank=1, is_given=True, recorded_by=ADVISER)
    assert lacking(achievement) == []
    Validation.objects.create(**rows, rank=2, is_given=False, recorded_by=ADVISER, words="Erreur")
    assert lacking(achievement) == [Condition.VALIDATION]
    Validation.objects.create(**rows, rank=3, is_given=True, recorded_by=ADVISER)
    (award,) = api.award_due(CAMILLE, COURSE, now=NOW)[1:]
    assert award.evaluation["validation"]["day"] == NOW.date().isoformat()


def test_certificates_follow_from_the_whole_alone(finished: InMemoryPlatform, key: str) -> None:
    from openedx_utop import tasks

    path_of(finished, module(1), to_do(2))
    part(1)
    (award,) = api.award_due(CAMILLE, COURSE, now=NOW)
    tasks.issue_attestation(str(award.uuid))
    tasks.issue_credential(str(award.uuid))
    assert not Attestation.objects.exists()
    assert [each.award.uuid for each in api.credentials_of(CAMILLE)] == [award.uuid]


def test_many_achievements_cost_as_little_as_one(
    finished: InMemoryPlatform, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    learner_at_the_end(finished, LEARNER)
    path_of(finished, to_do(1), to_do(2), user_id=LEARNER)
    session(1)
    conditions = {"required_minutes": 1, "required_half_days": 1, "requires_validation": True}
    part(1, **{**conditions, "required_half_days": 0, "requires_validation": False})
    with django_assert_num_queries(14):
        assert api.award_due(LEARNER, COURSE, now=NOW) == ()
    for number in range(8):
        part(1, 2, required_grade=number, **{**conditions, "requires_validation": False, "required_half_days": 0})
    with django_assert_num_queries(14):
        assert api.award_due(LEARNER, COURSE, now=NOW) == ()
    part(1, **{**conditions, "requires_validation": False}), part(2, **conditions)
    part(1, 2, **{**conditions, "requires_validation": False})
    with django_assert_num_queries(18):
        assert api.award_due(LEARNER, COURSE, now=NOW) == ()


def test_what_is_cheap_is_looked_at_first(finished: InMemoryPlatform) -> None:
    TrainingAction.objects.update(required_minutes=0, requires_validation=True)
    assert api.award_due(CAMILLE, COURSE, now=NOW) == ()
    part(1, required_half_days=1), part(2, required_minutes=6000)
    finished.paths = None  # type: ignore[assignment]  # asking would fail
    assert api.award_due(CAMILLE, COURSE, now=NOW) == ()


@pytest.mark.django_db
def test_a_course_without_an_action() -> None:
    assert api.award_due(CAMILLE, COURSE, now=NOW) == ()
    training_action()
    assert api.award_due(CAMILLE, COURSE, now=NOW) == ()


def test_the_learner_reads_what_is_left_of_each(client: Client, finished: InMemoryPlatform, tracks: Sector) -> None:
    choose(tracks)
    path_of(finished, module(1), to_do(2))
    part(1, name="Bloc fait"), part(1, 2, name="Bloc à finir", required_half_days=1), part(8, name="Autre métier")
    api.award_due(CAMILLE, COURSE, now=NOW)
    client.force_login(get_user_model().objects.create_user("camille", pk=CAMILLE))
    page = client.get("/utop/", headers={"accept-language": "en"}).content.decode()
    assert "Bloc fait" in page
    assert "2 things left" in page
    assert "Sign 1 half-day of live sessions (today 0)." in page
    assert "Autre métier" not in page
    answer = client.get(f"/utop/api/v1/badges/{COURSE}/", headers={"accept-language": "en"}).json()
    assert [(each["name"], each["scope"], each["is_fulfilled"]) for each in answer] == [
        ("Réussir la transition numérique", "action", False),
        ("Bloc fait", "module", True),
        ("Bloc à finir", "block", False),
        ("Autre métier", "module", False),
    ]
    assert [each["words"] for each in answer[2]["missing"]] == [
        "Complete 1 module: Module 2",
        "Sign 1 half-day of live sessions (today 0).",
    ]
    (held,) = client.get("/utop/api/v1/awards/").json()
    assert (held["name"], held["scope"]) == ("Bloc fait", "module")
    assert client.get("/utop/api/v1/badges/course-v1:Campus+None+2026/").status_code == 404


def test_the_badge_says_its_conditions(finished: InMemoryPlatform, key: str) -> None:
    finished.titles[COURSE] = {each.usage_key: each.title for each in (module(1), module(2))}
    slots = session(1)
    sign(slots[0])
    part(1, 2, required_grade=60, required_minutes=60, required_half_days=1)
    (award,) = api.award_due(CAMILLE, COURSE, now=NOW)[1:]
    document = json.loads(api.issue_credential(award.uuid, now=NOW).document)
    said = document["credentialSubject"]["achievement"]
    assert said["criteria"]["narrative"].count("\n- ") == 4
    assert "Module 1 ; Module 2" in said["criteria"]["narrative"]
    assert said["resultDescription"][0]["requiredValue"] == "60"
    assert document["credentialSubject"]["result"][0]["value"] == "75"
    assert "1" in document["evidence"][0]["narrative"]


def test_what_cannot_be_a_part(finished: InMemoryPlatform) -> None:
    from openedx_utop.badges.achievements import conditions_of, keep_conditions, scope_problems
    from openedx_utop.training.api import Conditions, action_for

    finished.titles[COURSE] = {module(1).usage_key: "Module 1"}
    action = action_for(COURSE)
    assert action is not None
    known, nothing = [str(module(1).usage_key)], Conditions(requires_completion=False)
    assert scope_problems(action, modules=known, conditions=Conditions()) == {}
    assert scope_problems(action, modules=[], conditions=Conditions()) == {}
    assert list(scope_problems(action, modules=known, conditions=nothing)) == ["requires_completion"]
    assert list(scope_problems(action, modules=["nonsense"], conditions=Conditions())) == ["modules"]
    by_hand = Conditions(requires_completion=False, requires_validation=True)
    assert scope_problems(action, modules=known, conditions=by_hand) == {}
    for record in (part(1), Achievement.objects.create(action=TrainingAction.objects.get(), name="Tout")):
        wanted = Conditions(required_grade=12.5, required_seconds=600, requires_validation=True, validator_id=ADVISER)
        keep_conditions(record, wanted)
        assert conditions_of(Achievement.objects.get(pk=record.pk)) == wanted
    assert TrainingAction.objects.get().required_minutes == 10

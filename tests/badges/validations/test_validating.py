"""Validating: by whom, when, once, taken back with a reason, and what follows."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import ProtectedError
from pytest_django import DjangoCaptureOnCommitCallbacks

from openedx_utop.append_only import WrittenOnce
from openedx_utop.attendance.live.models import LiveSession
from openedx_utop.badges import api
from openedx_utop.badges.data import AwardFacts
from openedx_utop.badges.models import Achievement
from openedx_utop.badges.validations import api as validations
from openedx_utop.badges.validations.models import Awaited, Validation
from openedx_utop.events.signals import validation_changed
from openedx_utop.training.api import Action, action_for
from openedx_utop.training.models import TrainingAction
from tests.badges.factories import CAMILLE, COURSE, NOW, learner_at_the_end, module
from tests.badges.parts import part
from tests.badges.validations.conftest import ADVISER, STRANGER, TRAINER
from tests.host import InMemoryPlatform

TODAY = NOW.date()


def action() -> Action:
    found = action_for(COURSE)
    assert found is not None
    return found


def validate(badge: Achievement, user_id: int = CAMILLE, *, by: int = ADVISER) -> validations.ValidationFacts:
    return validations.validate(badge.uuid, user_id, day=TODAY, remark="Bel\x0b exposé ", by=by, now=NOW)


def withdraw(badge: Achievement, reason: str = "Erreur", *, by: int = ADVISER) -> None:
    validations.withdraw(badge.uuid, CAMILLE, reason=reason, by=by, now=NOW)


def of_parts() -> tuple[AwardFacts, ...]:
    return tuple(each for each in api.award_due(CAMILLE, COURSE, now=NOW) if not each.is_whole)


def waiting(validator_id: int = ADVISER) -> list[int]:
    return [each.user_id for each in validations.waiting_for(validator_id, action())]


def test_who_lacks_but_the_validation_is_in_the_list_and_then_awarded(oral: Achievement) -> None:
    assert waiting() == []
    assert of_parts() == ()
    of_parts()
    assert [(each.name, each.title) for each in validations.waiting_for(ADVISER, action())] == [
        ("Camille Dupont", "Oral")
    ]
    validate(oral)
    assert waiting() == []
    (award,) = of_parts()
    assert award.achievement.name == "Oral"
    given = validations.given(award.evaluation["validation"]["uuid"], CAMILLE)
    assert given == validations.Given("Andrea Exemple", TODAY, "Bel exposé")


def test_whoever_has_more_to_do_does_not_wait(oral: Achievement, finished: InMemoryPlatform) -> None:
    finished.paths[CAMILLE, COURSE] = (module(1, is_complete=False, completed_at=None),)
    assert of_parts() == ()
    assert waiting() == []
    validate(oral)
    assert of_parts() == ()
    finished.paths[CAMILLE, COURSE] = (module(1),)
    assert len(of_parts()) == 1


def test_the_evaluation_is_asked_for(
    oral: Achievement, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    heard: list[tuple[object, object]] = []

    def hear(user_id: int, course_key: object, **_: object) -> None:
        heard.append((user_id, course_key))

    validation_changed.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        validate(oral)
        withdraw(oral)
    validation_changed.disconnect(hear)
    assert heard == [(CAMILLE, COURSE)] * 2


def test_taken_back_it_is_waited_for_again(oral: Achievement) -> None:
    validate(oral)
    withdraw(oral)
    assert of_parts() == ()
    assert waiting() == [CAMILLE]
    validate(oral)
    assert len(of_parts()) == 1
    assert [(row.rank, row.is_given, row.words) for row in Validation.objects.order_by("rank")] == [
        (1, True, "Bel exposé"),
        (2, False, "Erreur"),
        (3, True, "Bel exposé"),
    ]


def test_nothing_is_taken_back_after_the_award_or_without_a_reason(oral: Achievement) -> None:
    with pytest.raises(validations.NotValidated):
        withdraw(oral)
    validate(oral)
    with pytest.raises(validations.ReasonMissing):
        withdraw(oral, " \x0b")
    assert len(validations.standing_for(ADVISER, action())) == 1
    of_parts()
    with pytest.raises(validations.AlreadyAwarded):
        withdraw(oral)
    assert validations.standing_for(ADVISER, action()) == ()


def test_withdrawn_while_the_award_is_worked_out(oral: Achievement, finished: InMemoryPlatform) -> None:
    validate(oral)
    calm = finished.grades

    class Meddling(dict[object, float]):
        def get(self, key: object, default: object = None) -> object:  # type: ignore[override]
            finished.grades = calm
            withdraw(oral)
            return 0.0

    finished.grades = Meddling()  # type: ignore[assignment]
    Achievement.objects.filter(pk=oral.pk).update(grade_of_action=True)
    assert of_parts() == ()
    assert not Validation.objects.order_by("rank").last().is_given  # type: ignore[union-attr]


def test_once(oral: Achievement) -> None:
    validate(oral)
    with pytest.raises(validations.AlreadyValidated):
        validate(oral)


@pytest.mark.parametrize("days", [-30, 1])
def test_on_a_day_of_the_training_that_has_come(oral: Achievement, days: int) -> None:
    with pytest.raises(validations.BadDay):
        validations.validate(oral.uuid, CAMILLE, day=TODAY + timedelta(days), remark="", by=ADVISER, now=NOW)


def test_a_learner_of_the_course(oral: Achievement) -> None:
    with pytest.raises(validations.NotALearner):
        validate(oral, TRAINER)


def test_nobody_validates_themselves_or_elsewhere(oral: Achievement, finished: InMemoryPlatform) -> None:
    learner_at_the_end(finished, ADVISER)
    with pytest.raises(validations.NotValidator):
        validate(oral, ADVISER)
    for by in (STRANGER, TRAINER, CAMILLE + 1):
        with pytest.raises(validations.UnknownValidation):
            validate(oral, by=by)
    with pytest.raises(validations.UnknownValidation):
        validations.validate(uuid4(), CAMILLE, day=TODAY, remark="", by=ADVISER, now=NOW)
    with pytest.raises(validations.UnknownValidation):
        validate(part(1), by=ADVISER)


def test_the_person_named_alone_as_long_as_they_have_rights(oral: Achievement) -> None:
    Achievement.objects.filter(pk=oral.pk).update(validator_id=TRAINER)
    of_parts()
    assert (waiting(ADVISER), waiting(TRAINER), validations.asked_of(TRAINER)) == ([], [], ())
    LiveSession.objects.create(
        course_key=COURSE, title="Oral", modality="remote_live", trainer_id=TRAINER, created_by=ADVISER, created_at=NOW
    )
    assert (waiting(ADVISER), waiting(TRAINER), validations.asked_of(TRAINER)) == ([], [CAMILLE], (COURSE,))
    with pytest.raises(validations.UnknownValidation):
        validate(oral, by=ADVISER)
    validate(oral, by=TRAINER)
    assert len(of_parts()) == 1


def test_the_whole_action_can_wait_for_somebody(oral: Achievement) -> None:
    TrainingAction.objects.update(requires_validation=True)
    assert api.award_if_fulfilled(CAMILLE, COURSE, now=NOW) is None
    whole = Achievement.objects.get(is_whole=True)
    assert {each.title for each in validations.waiting_for(ADVISER, action())} == {whole.name, "Oral"}
    validate(whole)
    assert api.award_if_fulfilled(CAMILLE, COURSE, now=NOW) is not None


def test_a_learner_who_leaves_waits_no_more_and_what_was_validated_stays(oral: Achievement) -> None:
    other = part(1, requires_validation=True)
    of_parts()
    validate(oral)
    api.forget_learner(CAMILLE)
    assert not Awaited.objects.exists()
    (row,) = Validation.objects.all()
    assert other.pk != row.achievement_id
    with pytest.raises(WrittenOnce):
        row.delete()
    with pytest.raises(ProtectedError):
        oral.delete()

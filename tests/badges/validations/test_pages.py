"""The page of whoever validates."""

import pytest
from django.utils import timezone

from openedx_utop.badges import api
from openedx_utop.badges.models import Achievement
from openedx_utop.badges.validations.models import Validation
from openedx_utop.training.models import TrainingAction
from tests.badges.factories import CAMILLE, COURSE, NOW
from tests.badges.validations.conftest import ADVISER, ELSEWHERE, STRANGER, TRAINER, signed_in
from tests.host import InMemoryPlatform

PAGE = f"/utop/validations/{COURSE}/"


@pytest.fixture(autouse=True)
def _running(oral: Achievement) -> None:
    """The training runs at the day of the test, for pages have the clock's."""
    TrainingAction.objects.update(starts_on=NOW.date().replace(year=2020), ends_on=NOW.date().replace(year=2100))
    api.award_due(CAMILLE, COURSE, now=NOW)


def form(oral: Achievement, **values: str) -> dict[str, str]:
    return {
        "achievement": str(oral.uuid),
        "day": timezone.now().date().isoformat(),
        "remark": "Oral <réussi>",
        **values,
    }


def test_the_adviser_ticks_and_the_learner_reads_it(oral: Achievement, key: str) -> None:
    adviser = signed_in(ADVISER)
    page = adviser.get(PAGE).content.decode()
    assert "Camille Dupont" in page
    assert adviser.get(f"/utop/steering/{COURSE}/").content.decode().count("Validations (1)") == 1
    assert adviser.post(f"{PAGE}{CAMILLE}/", form(oral)).url == PAGE
    page = adviser.get(PAGE).content.decode()
    assert "Oral &lt;réussi&gt;" in page
    award = next(each for each in api.award_due(CAMILLE, COURSE, now=NOW) if not each.is_whole)
    credential = api.issue_credential(award.uuid, now=NOW)
    assert "Andrea" not in credential.document
    assert "Validé par l" in credential.document or "Validated by the training team" in credential.document
    assert "Andrea Exemple, on" in signed_in(CAMILLE).get("/utop/badges/").content.decode()


def test_somebody_who_is_not_in_the_list(oral: Achievement, finished: InMemoryPlatform) -> None:
    adviser = signed_in(ADVISER)
    answer = adviser.post(f"{PAGE}somebody/", form(oral, person="nobody@example.org"))
    assert answer.status_code == 400
    assert "Nobody of that name" in answer.content.decode()
    assert 'value="nobody@example.org"' in answer.content.decode()
    assert adviser.post(f"{PAGE}somebody/", form(oral, person=f"user{CAMILLE}")).status_code == 302
    assert Validation.objects.get().user_id == CAMILLE
    assert adviser.post(f"{PAGE}somebody/", form(oral, person=f"user{CAMILLE}")).status_code == 400


def test_it_is_taken_back_with_a_reason(oral: Achievement) -> None:
    adviser = signed_in(ADVISER)
    adviser.post(f"{PAGE}{CAMILLE}/", form(oral))
    for reason, count in (("", 1), ("Erreur", 2)):
        adviser.post(f"{PAGE}{CAMILLE}/withdraw/", {"achievement": str(oral.uuid), "reason": reason})
        assert Validation.objects.count() == count


@pytest.mark.parametrize("who", [STRANGER, TRAINER, CAMILLE])
def test_for_nobody_else(oral: Achievement, who: int) -> None:
    browser = signed_in(who)
    assert browser.get(PAGE).status_code == 404
    for path in (f"{CAMILLE}/", "somebody/", f"{CAMILLE}/withdraw/"):
        sent = form(oral, person=f"user{CAMILLE}", reason="?")
        assert browser.post(f"{PAGE}{path}", sent).status_code == 404
        assert browser.post(f"/utop/validations/{ELSEWHERE}/{path}", sent).status_code == 404
    assert not Validation.objects.exists()


def test_not_for_another_course_than_ones_own(oral: Achievement, finished: InMemoryPlatform) -> None:
    action = TrainingAction.objects.get()
    action.pk, action.course_key, action.requires_validation = None, ELSEWHERE, True
    action.save()
    browser = signed_in(STRANGER)
    page = f"/utop/validations/{ELSEWHERE}/"
    assert "Camille" not in browser.get(page).content.decode()
    assert browser.post(f"{page}{CAMILLE}/", form(oral)).status_code == 404
    assert not Validation.objects.exists()


def test_who_is_named_is_led_there(oral: Achievement, finished: InMemoryPlatform) -> None:
    finished.courses[COURSE] = finished.courses.get(COURSE) or _course()
    Achievement.objects.filter(pk=oral.pk).update(validator_id=ADVISER)
    assert PAGE in signed_in(ADVISER).get("/utop/").content.decode()
    assert PAGE not in signed_in(TRAINER).get("/utop/").content.decode()


def _course() -> object:
    from openedx_utop.compat import Course

    return Course(COURSE, "Réussir", "")

"""Completion and grade over the learner's own path."""

import pytest
from completion.models import BlockCompletion
from django.contrib.auth.models import User
from django.urls import reverse

from demo.platform import DemoPlatform
from demo.progress import mean_share, weighted
from tests.demo.conftest import COURSE_KEY, browser, key

RIGHT, WRONG = "choice_1", "choice_0"


def answer(user: User, name: str, choice: str) -> dict[str, object]:
    """Check an answer as the problem's script does."""
    url = reverse("demo:handle", args=[key("problem", f"{name}_p"), "xmodule_handler"]) + "problem_check"
    response = browser(user).post(url, {f"input_{name}_p_2_1": choice})
    assert response.status_code == 200
    return dict(response.json())


def see(user: User, name: str) -> int:
    """Tell the host that the text was seen."""
    url = reverse("demo:handle", args=[key("html", f"{name}_h"), "publish_completion"])
    return browser(user).post(url, {"completion": 1}, content_type="application/json").status_code


def test_a_right_answer_is_graded_and_kept(learner: User) -> None:
    assert answer(learner, "tronc", RIGHT)["success"] == "correct"
    module = DemoPlatform().learner_path(learner.pk, COURSE_KEY)[0]
    assert (module.earned, module.possible) == (1.0, 1.0)
    page = browser(learner).get(reverse("demo:unit_frame", args=[key("vertical", "tronc_u")])).content.decode()
    assert 'data-attempts-used="1"' in page


def test_a_wrong_answer_earns_nothing_but_counts_as_done(learner: User) -> None:
    assert answer(learner, "tronc", WRONG)["success"] == "incorrect"
    assert DemoPlatform().learner_path(learner.pk, COURSE_KEY)[0].earned == 0.0
    assert BlockCompletion.objects.get(user=learner, block_key=key("problem", "tronc_p")).completion == 1.0


def test_a_module_is_complete_once_all_its_blocks_are(learner: User) -> None:
    answer(learner, "tronc", RIGHT)
    assert not DemoPlatform().learner_path(learner.pk, COURSE_KEY)[0].is_complete
    assert see(learner, "tronc") == 200
    module = DemoPlatform().learner_path(learner.pk, COURSE_KEY)[0]
    assert module.is_complete
    assert module.completed_at == max(BlockCompletion.objects.values_list("modified", flat=True))


def test_seeing_a_question_does_not_complete_it(learner: User) -> None:
    url = reverse("demo:handle", args=[key("problem", "tronc_p"), "publish_completion"])
    browser(learner).post(url, {"completion": 1}, content_type="application/json")
    assert not BlockCompletion.objects.exists()


def test_the_course_grade_is_over_the_own_path(baker: User) -> None:
    answer(baker, "tronc", RIGHT)
    assert DemoPlatform().course_grade(baker.pk, COURSE_KEY) == 50.0
    answer(baker, "pain", RIGHT)
    assert DemoPlatform().course_grade(baker.pk, COURSE_KEY) == 100.0


def test_the_cross_site_token_is_asked_for(learner: User) -> None:
    url = reverse("demo:handle", args=[key("html", "tronc_h"), "publish_completion"])
    response = browser(learner, csrf=True).post(url, {"completion": 1}, content_type="application/json")
    assert response.status_code == 403
    assert not BlockCompletion.objects.exists()


@pytest.mark.parametrize(
    ("graded", "min_count", "drop_count", "share"),
    [
        ([(1, 1), (1, 1)], 2, 0, 1.0),
        ([(1, 1)], 2, 0, 0.5),
        ([(1, 2), (0, 0)], 0, 0, 0.25),
        ([(1, 1), (0, 1)], 2, 1, 1.0),
        ([], 0, 0, 0.0),
    ],
)
def test_missing_assignments_count_as_zero_and_the_lowest_are_dropped(
    graded: list[tuple[float, float]], min_count: int, drop_count: int, share: float
) -> None:
    assert mean_share(graded, min_count, drop_count) == share


def test_points_are_weighted() -> None:
    assert weighted(1, 2, 1.0) == (0.5, 1.0)
    assert weighted(1, 2, None) == (1, 2)
    assert weighted(0, 0, 1.0) == (0, 0)

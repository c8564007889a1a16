"""Each learner has their own way through the course."""

from django.contrib.auth.models import User
from django.urls import reverse

from demo.models import Course
from demo.platform import DemoPlatform
from tests.demo.conftest import BANKER, COURSE_KEY, browser, key


def titles(user: User) -> list[str]:
    return [module.title for module in DemoPlatform().learner_path(user.pk, COURSE_KEY)]


def test_without_a_group_only_the_common_part_is_there(learner: User) -> None:
    assert titles(learner) == ["tronc"]
    page = browser(learner).get(reverse("demo:outline", args=[COURSE_KEY])).content.decode()
    assert "tronc" in page
    assert "pain" not in page
    assert "Section 2" not in page


def test_a_group_opens_its_modules_and_no_other(baker: User) -> None:
    assert titles(baker) == ["tronc", "pain", "vide"]


def test_changing_group_changes_the_path(baker: User) -> None:
    group = next(group for group in DemoPlatform().content_groups(COURSE_KEY) if group.group_id == BANKER)
    DemoPlatform().place_in_group(baker.pk, COURSE_KEY, group)
    assert titles(baker) == ["tronc", "argent"]


def test_a_unit_outside_the_path_does_not_exist(baker: User) -> None:
    client = browser(baker)
    assert client.get(reverse("demo:unit_frame", args=[key("vertical", "pain_u")])).status_code == 200
    assert client.get(reverse("demo:unit_frame", args=[key("vertical", "argent_u")])).status_code == 404
    assert client.get(reverse("demo:unit", args=[COURSE_KEY, key("vertical", "argent_u")])).status_code == 404
    handler = reverse("demo:handle", args=[key("html", "argent_h"), "publish_completion"])
    assert client.post(handler, {"completion": 1}, content_type="application/json").status_code == 404


def test_nobody_else_gets_in(course: Course) -> None:
    stranger = browser(User.objects.create_user("stranger"))
    assert stranger.get(reverse("demo:unit_frame", args=[key("vertical", "tronc_u")])).status_code == 404
    assert stranger.get(reverse("demo:outline", args=[COURSE_KEY])).status_code == 404
    assert stranger.get(reverse("demo:instructor", args=[COURSE_KEY])).status_code == 404
    assert stranger.get(reverse("demo:studio", args=[COURSE_KEY])).status_code == 404


def test_a_key_that_is_none_is_not_found(learner: User) -> None:
    client = browser(learner)
    assert client.get("/xblock/nonsense").status_code == 404
    assert client.get("/courses/course-v1:No+Such+Course/").status_code == 404


def test_staff_see_everything_but_have_no_path_of_their_own(author: User) -> None:
    page = browser(author).get(reverse("demo:outline", args=[COURSE_KEY])).content.decode()
    assert all(title in page for title in ("tronc", "pain", "argent", "vide"))
    assert DemoPlatform().is_course_staff(author.pk, COURSE_KEY)
    assert titles(author) == ["tronc"]

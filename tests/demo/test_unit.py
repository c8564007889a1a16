"""The page within the iframe."""

from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from demo.olx import import_olx
from demo.page_fragment import without_remote_imports
from openedx_utop.organizations.models import Provider
from openedx_utop.training.models import TrainingAction
from tests.demo.conftest import COURSE_KEY, browser, key, olx_files, write

UNIT = reverse("demo:unit_frame", args=[key("vertical", "tronc_u")])


@pytest.fixture
def action(course: object) -> TrainingAction:
    """The course is a training action."""
    provider = Provider.objects.create(name="Organisme d’essai", siret="90000004300010")
    return TrainingAction.objects.create(
        course_key=COURSE_KEY, provider=provider, title="Essai", starts_on=date(2026, 1, 1), ends_on=date(2030, 1, 1)
    )


def page(user: User) -> str:
    response = browser(user).get(UNIT)
    assert response.status_code == 200
    return response.content.decode()


def test_real_blocks_are_rendered_with_their_resources_once(learner: User) -> None:
    html = page(learner)
    assert "<p>Leçon tronc</p>" in html
    assert 'data-init="Problem"' in html
    assert html.count("ProblemBlockDisplay.js") == 1


def test_the_filter_adds_to_the_learners_page(learner: User, action: TrainingAction) -> None:
    assert "openedx_utop/beat.js" in page(learner)


def test_it_adds_nothing_to_that_of_staff(author: User, action: TrainingAction) -> None:
    assert "openedx_utop/beat.js" not in page(author)


def test_a_blocks_files_are_served_without_fonts_from_elsewhere(learner: User) -> None:
    response = browser(learner).get("/xblock/resource/problem/public/css/ProblemBlockDisplay.css")
    assert response.status_code == 200
    assert b"fonts.googleapis.com" not in response.content
    assert browser(learner).get("/xblock/resource/problem/capa_block.py").status_code == 404
    assert browser(learner).get("/xblock/resource/nonsense/public/x.css").status_code == 404


def test_only_remote_imports_are_taken_out() -> None:
    css = '@import url("https://fonts.example/css");\n@import url("own.css"); p {}'
    assert without_remote_imports(css) == '\n@import url("own.css"); p {}'


def test_our_pages_have_a_strict_content_policy_and_those_of_blocks_do_not(learner: User) -> None:
    assert "default-src 'self'" in browser(learner).get("/courses/")["Content-Security-Policy"]
    assert "Content-Security-Policy" not in browser(learner).get(UNIT)


def test_a_film_is_rendered_by_the_published_block_too(course: object, learner: User, tmp_path: Path) -> None:
    film = '<video display_name="Film" download_video="false"><source src="https://example.org/film.mp4"/></video>'
    unit = '<vertical display_name="Unité"><video url_name="film"/></vertical>'
    import_olx(write(tmp_path / "film", {**olx_files(), "vertical/tronc_u.xml": unit, "video/film.xml": film}))
    html = page(learner)
    assert 'data-init="Video"' in html
    assert "https://example.org/film.mp4" in html

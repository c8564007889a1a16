"""The author's side and the instructor's page."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from demo.models import Block
from demo.olx import import_olx
from demo.platform import DemoPlatform
from tests.demo.conftest import BAKER, COURSE_KEY, browser, key, olx_files, write

METER = key("utop_attendance_meter", "temps")


@pytest.fixture
def metered(author: User, tmp_path: Path) -> None:
    """The course, now with one of our blocks."""
    unit = (
        '<vertical display_name="Unité"><utop_attendance_meter url_name="temps"/><html url_name="tronc_h"/></vertical>'
    )
    import_olx(write(tmp_path / "metered", {**olx_files(), "vertical/tronc_u.xml": unit}))


def test_restricting_a_subsection_hides_it(author: User, learner: User) -> None:
    url = reverse("demo:studio_access", args=[key("sequential", "tronc")])
    assert browser(author).post(url, {"groups": [str(BAKER)]}).status_code == 302
    assert DemoPlatform().learner_path(learner.pk, COURSE_KEY) == []
    assert browser(author).post(url, {}).status_code == 302
    assert len(DemoPlatform().learner_path(learner.pk, COURSE_KEY)) == 1


def test_the_structure_shows_who_may_see_what(author: User) -> None:
    page = browser(author).get(reverse("demo:studio", args=[COURSE_KEY])).content.decode()
    assert "Boulangerie" in page
    assert "Banque" in page


def test_our_blocks_are_edited_by_their_own_editor(metered: None, author: User) -> None:
    client = browser(author)
    assert client.get(reverse("demo:studio_editor", args=[METER])).status_code == 200
    frame = client.get(reverse("demo:studio_frame", args=[METER, "studio_view"])).content.decode()
    assert 'data-init="StudioEditableXBlockMixin"' in frame
    assert client.get(reverse("demo:studio_frame", args=[METER, "author_view"])).status_code == 200
    url = reverse("demo:studio_handle", args=[METER, "submit_studio_edits"])
    edits = {"values": {"display_name": "Votre temps"}, "defaults": []}
    assert client.post(url, edits, content_type="application/json").status_code == 200
    assert Block.objects.get(usage_key=METER).settings["display_name"] == "Votre temps"


def test_learners_edit_nothing(metered: None, learner: User) -> None:
    client = browser(learner)
    edits = {"values": {"display_name": "Pris"}, "defaults": []}
    studio = reverse("demo:studio_handle", args=[METER, "submit_studio_edits"])
    assert client.post(studio, edits, content_type="application/json").status_code == 404
    assert client.get(reverse("demo:studio_frame", args=[METER, "studio_view"])).status_code == 404
    assert "display_name" not in Block.objects.get(usage_key=METER).settings


def test_learners_edit_nothing_through_their_own_door_either(metered: None, learner: User) -> None:
    door = reverse("demo:handle", args=[METER, "submit_studio_edits"])
    edits = {"values": {"display_name": "Pris"}, "defaults": []}
    assert browser(learner).post(door, edits, content_type="application/json").status_code == 403
    assert "display_name" not in Block.objects.get(usage_key=METER).settings


def test_the_instructor_sees_each_learner(author: User, baker: User) -> None:
    page = browser(author).get(reverse("demo:instructor", args=[COURSE_KEY])).content.decode()
    assert "Léa Essai" in page
    assert "Boulangerie" in page
    assert "0 / 3" in page

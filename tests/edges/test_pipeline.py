"""The script in every unit: for learners of a training action, and for nobody else."""

from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation
from opaque_keys.edx.keys import CourseKey, UsageKey
from openedx_filters.learning.filters import VerticalBlockRenderCompleted
from web_fragments.fragment import Fragment

from openedx_utop.organizations.models import Provider
from openedx_utop.training.models import TrainingAction

pytestmark = pytest.mark.django_db

COURSE = CourseKey.from_string("course-v1:UTOP+TPEPME+2027")
UNIT = COURSE.make_usage_key("vertical", "tronc_01_lecon")
MODULE = COURSE.make_usage_key("sequential", "tronc_01")


@dataclass
class Unit:
    """What the filter is given: a block with its keys, and whom the host counts on it."""

    learner: int | None
    parent: UsageKey | None = MODULE
    scope_ids: Any = field(default_factory=lambda: SimpleNamespace(usage_id=UNIT))
    children: tuple[Any, ...] = ()
    has_children = True

    def get_children(self):
        return list(self.children)


@dataclass
class Leaf:
    """A block of a unit, of the type that counts."""

    block_type: str
    has_children = False

    @property
    def scope_ids(self):
        return SimpleNamespace(block_type=self.block_type)


def library(*children):
    """A block that only holds others."""
    scope_ids = SimpleNamespace(block_type="library_content")
    return SimpleNamespace(scope_ids=scope_ids, has_children=True, get_children=lambda: list(children))


@pytest.fixture
def action(host):
    """A training action in the course."""
    provider = Provider.objects.create(name="Organisme d'essai", siret="90000000100017")
    return TrainingAction.objects.create(
        course_key=COURSE, provider=provider, title="T", starts_on=date(2027, 1, 4), ends_on=date(2027, 6, 30)
    )


def rendered(unit, view="student_view"):
    """The unit's content after the filter that the settings configure."""
    fragment = Fragment("<p>leçon</p>")
    _, fragment, _, _ = VerticalBlockRenderCompleted.run_filter(block=unit, fragment=fragment, context={}, view=view)
    return fragment.content


def test_a_learner_gets_the_script_and_a_lease(action):
    content = rendered(Unit(learner=7))
    assert content.startswith("<p>leçon</p>")
    assert 'data-utop-beats-url="/utop/api/v1/beats/"' in content
    assert '<script defer src="/static/openedx_utop/beat.js">' in content


@pytest.mark.parametrize("view", ["public_view", "author_view"])
def test_other_views_are_left_alone(action, view):
    assert rendered(Unit(learner=7), view) == "<p>leçon</p>"


def test_staff_and_visitors_are_left_alone(action):
    assert rendered(Unit(learner=None)) == "<p>leçon</p>"


def test_a_course_that_is_no_training_action_is_left_alone(host):
    assert rendered(Unit(learner=7)) == "<p>leçon</p>"


def test_an_error_of_ours_leaves_the_page_as_it_was(action):
    broken = Unit(learner=7)
    broken.scope_ids = None
    assert rendered(broken) == "<p>leçon</p>"


@pytest.mark.parametrize(
    ("children", "seconds"),
    [
        ((), 180),
        ((Leaf("html"), Leaf("video")), 180),
        ((Leaf("html"), Leaf("problem")), 300),
        ((Leaf("openassessment"),), 300),
        ((library(Leaf("html")),), 180),
        ((library(Leaf("html"), library(Leaf("problem"))),), 300),
    ],
)
def test_a_unit_to_think_about_admits_a_longer_silence(action, children, seconds):
    assert f'data-utop-idle-seconds="{seconds}"' in rendered(Unit(learner=7, children=children))


def test_the_script_reads_plain_digits(action, settings):
    settings.USE_THOUSAND_SEPARATOR = True
    settings.UTOP_IDLE_SECONDS = 1200
    with translation.override("fr"):
        assert 'data-utop-idle-seconds="1200"' in rendered(Unit(learner=7))

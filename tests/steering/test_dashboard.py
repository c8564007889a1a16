"""The section in the platform's instructor dashboard."""

from types import SimpleNamespace

import pytest
import time_machine
from opaque_keys.edx.keys import CourseKey
from openedx_filters.learning.filters import InstructorDashboardRenderStarted

from openedx_utop.settings.extension_points import DASHBOARD_TEMPLATES
from tests.steering.conftest import COURSE, NOW, Classroom

FILTER = "org.openedx.learning.instructor.dashboard.render.started.v1"
OURS = {"section_key": "course_info", "section_display_name": "Course info"}


@pytest.fixture(autouse=True)
def _mako(settings):
    settings.MAKO_TEMPLATE_DIRS_BASE = ["/somewhere", DASHBOARD_TEMPLATES]


def sections(course_key: CourseKey) -> list[dict]:
    context = {"course": SimpleNamespace(id=course_key), "sections": [OURS]}
    with time_machine.travel(NOW, tick=False):
        context, template = InstructorDashboardRenderStarted.run_filter(context=context, template_name="dashboard.html")
    assert template == "dashboard.html"
    return context["sections"]


def test_the_section_counts_and_leads_to_the_list(classroom: Classroom) -> None:
    classroom.learner(1, days_silent=12)
    classroom.learner(2, done=2, days_silent=0)
    first, section = sections(COURSE)
    assert first is OURS
    html = section["fragment"].body_html()
    assert f'href="/utop/steering/{COURSE}/?only=inactive"' in html
    template = DASHBOARD_TEMPLATES / f"{section['template_path_prefix']}{section['section_key']}.html".lstrip("/")
    assert "body_html()" in template.read_text(encoding="utf-8")


def test_a_course_that_is_no_action_is_left_alone(db) -> None:
    assert sections(COURSE) == [OURS]


def test_without_our_directory_of_templates_the_dashboard_is_left_alone(classroom: Classroom, settings) -> None:
    settings.MAKO_TEMPLATE_DIRS_BASE = ["/somewhere"]
    assert sections(COURSE) == [OURS]


def test_an_error_of_ours_leaves_the_dashboard_as_it_was(classroom: Classroom, settings) -> None:
    settings.UTOP_INACTIVE_DAYS = None
    classroom.learner(1)
    assert sections(COURSE) == [OURS]


def test_it_is_registered_once_whatever_the_operator_wrote(settings) -> None:
    from openedx_utop.settings import common, production

    settings.OPEN_EDX_FILTERS_CONFIG = {FILTER: {"fail_silently": False, "pipeline": ["others.Step"]}}
    settings.MAKO_TEMPLATE_DIRS_BASE = kept = []
    for module in (common, production, production):
        module.plugin_settings(settings)
    configured = settings.OPEN_EDX_FILTERS_CONFIG[FILTER]
    assert configured["pipeline"] == ["others.Step", "openedx_utop.pipeline.AddSteeringSection"]
    assert kept == [DASHBOARD_TEMPLATES]

"""What is in the wheel, and what the platform's plugin loader makes of it."""

import json
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT, EmptyEnvironment

pytestmark = pytest.mark.packaging

HOST = str(Path(__file__).with_name("host.py"))
LOAD_ENTRY_POINTS = """
from importlib.metadata import distribution
import django
from django.conf import settings
settings.configure(INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"])
django.setup()
for point in distribution("openedx-utop").entry_points:
    if point.group not in {"openedx.course_app", "openedx.course_tab"}:  # stand on classes of the platform
        print(point.group, point.name, point.load().__name__)
"""


def _sources() -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for package in ("openedx_utop", "xblocks")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(contents: set[str]) -> None:
    assert {name for name in contents if ".dist-info/" not in name} == _sources()


def test_the_wheel_holds_templates_static_files_and_the_compiled_french(contents: set[str]) -> None:
    assert "openedx_utop/templates/openedx_utop/base.html" in contents
    assert "openedx_utop/static/openedx_utop/beat.js" in contents
    assert "openedx_utop/conf/locale/fr/LC_MESSAGES/django.mo" in contents


def test_the_wheel_holds_its_licence(contents: set[str]) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in contents)


def test_entry_points_resolve(installed: EmptyEnvironment) -> None:
    loaded = set(installed.run("-c", LOAD_ENTRY_POINTS).splitlines())
    assert {
        "lms.djangoapp openedx_utop OpenedxUtopConfig",
        "cms.djangoapp openedx_utop OpenedxUtopConfig",
        "xblock.v1 utop_sector_choice SectorChoiceBlock",
        "xblock.v1 utop_attendance_meter AttendanceMeterBlock",
        "xblock.v1 utop_award AwardBlock",
    } <= loaded


@pytest.mark.parametrize(("project", "home"), [("lms.djangoapp", "/utop/"), ("cms.djangoapp", None)])
def test_the_plugin_loader_takes_it(installed: EmptyEnvironment, project: str, home: str | None) -> None:
    host = json.loads(installed.run(HOST, project))
    assert host["apps"] == ["openedx_utop.apps.OpenedxUtopConfig"]
    assert host["home"] == home
    steps = [step for configured in host["filters"].values() for step in configured["pipeline"]]
    assert steps == [
        f"openedx_utop.pipeline.{step}"
        for step in ("AddAttendanceTracker", "AddSteeringSection", "RefuseOwnCohortChange", "RequireSeat")
    ]
    assert host["search"] == "openedx_utop.compat.search.OwnPathSearchResults"
    assert "UTOP_BEAT_SECONDS" in host["tunables"]


@pytest.mark.parametrize("project", ["lms.djangoapp", "cms.djangoapp"])
def test_it_brings_its_pages_scripts_and_french(installed: EmptyEnvironment, project: str) -> None:
    host = json.loads(installed.run(HOST, project))
    assert "site-packages" in host["template"]
    assert "site-packages" in host["static"]
    assert host["french"] != "estimated minutes"

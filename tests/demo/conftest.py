"""A small course as OLX, and accounts. Run with `--ds=demo.settings`."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from opaque_keys.edx.keys import CourseKey, UsageKey

if settings.ROOT_URLCONF != "demo.urls":
    pytest.skip("these tests need --ds=demo.settings", allow_module_level=True)

from demo import enrolment
from demo.models import Course
from demo.olx import import_olx

COURSE_KEY = CourseKey.from_string("course-v1:Essai+E1+2027")
BAKER, BANKER = 201, 202
GROUPS = {BAKER: "Boulangerie", BANKER: "Banque"}
QUESTION = """
<problem display_name="Question" weight="1.0"><multiplechoiceresponse><label>Combien ?</label>
<choicegroup type="MultipleChoice"><choice correct="false">Un</choice><choice correct="true">Deux</choice></choicegroup>
</multiplechoiceresponse></problem>
"""


def key(block_type: str, name: str) -> UsageKey:
    """A block of the small course."""
    return COURSE_KEY.make_usage_key(block_type, name)


def _subsection(name: str, access: str = "") -> dict[str, str]:
    return {
        f"sequential/{name}.xml": f'<sequential display_name="{name}" format="Module" graded="true" {access}>'
        f'<vertical url_name="{name}_u"/></sequential>',
        f"vertical/{name}_u.xml": f'<vertical display_name="Unité"><html url_name="{name}_h"/>'
        f'<problem url_name="{name}_p"/></vertical>',
        f"html/{name}_h.xml": f'<html filename="{name}_h" display_name="Texte"/>',
        f"html/{name}_h.html": f"<p>Leçon {name}</p>",
        f"problem/{name}_p.xml": QUESTION,
    }


def olx_files() -> dict[str, str]:
    """One subsection for everybody, one for each of two groups, one whose only unit is the bakers'."""
    policy = {"course/2027": {"display_name": "Petit cours", "user_partitions": [_partition()]}}
    grader = [{"type": "Module", "min_count": 2, "drop_count": 0, "weight": 1.0}]
    return {
        "course.xml": '<course url_name="2027" org="Essai" course="E1"/>',
        "course/2027.xml": '<course display_name="Petit"><chapter url_name="s1"/><chapter url_name="s2"/></course>',
        "chapter/s1.xml": '<chapter display_name="Section 1"><sequential url_name="tronc"/></chapter>',
        "chapter/s2.xml": '<chapter display_name="Section 2"><sequential url_name="pain"/>'
        '<sequential url_name="argent"/><sequential url_name="vide"/></chapter>',
        "policies/2027/policy.json": json.dumps(policy),
        "policies/2027/grading_policy.json": json.dumps({"GRADER": grader, "GRADE_CUTOFFS": {"Pass": 0.6}}),
        **_subsection("tronc"),
        **_subsection("pain", f'group_access="{{&quot;100&quot;: [{BAKER}]}}"'),
        **_subsection("argent", f'group_access="{{&quot;100&quot;: [{BANKER}]}}"'),
        "sequential/vide.xml": '<sequential display_name="vide"><vertical url_name="vide_u"/></sequential>',
        "vertical/vide_u.xml": '<vertical display_name="Unité réservée" group_access="{&quot;100&quot;: [201]}">'
        '<html url_name="vide_h">Texte</html></vertical>',
    }


def _partition() -> dict[str, object]:
    groups = [{"id": group_id, "name": name, "version": 1} for group_id, name in GROUPS.items()]
    return {"id": 100, "scheme": "cohort", "name": "Groupes de contenu", "groups": groups}


def write(folder: Path, files: dict[str, str]) -> Path:
    """The files on disk."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def course(db: None, tmp_path: Path) -> Course:
    """The small course, imported."""
    import_olx(write(tmp_path / "olx", olx_files()))
    return Course.objects.get(course_key=COURSE_KEY)


@pytest.fixture
def learner(course: Course) -> User:
    """Enrolled, in no group."""
    user = User.objects.create_user("lea", email="lea@example.org", first_name="Léa", last_name="Essai")
    enrolment.enrol(user, course)
    return user


@pytest.fixture
def baker(learner: User) -> User:
    """The learner, in the bakers' group."""
    enrolment.place(learner, COURSE_KEY, 100, BAKER)
    return learner


@pytest.fixture
def author(course: Course) -> User:
    """Staff of the course."""
    user = User.objects.create_user("ada", first_name="Ada", last_name="Autrice")
    course.staff.add(user)
    return user


def browser(user: User, *, csrf: bool = False) -> Client:
    """A signed-in client."""
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(user)
    return client

"""Reading OLX: all of a course, or nothing and the reason."""

import tarfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from demo.models import Block, Course
from demo.olx import OlxError, import_olx
from tests.demo.conftest import COURSE_KEY, key, olx_files, write

REAL_COURSE = Path(__file__).resolve().parents[2] / "demo" / "course"


def test_a_course_has_its_blocks_groups_and_policy(course: Course) -> None:
    assert course.title == "Petit cours"
    assert [group.name for group in course.content_groups.all()] == ["Boulangerie", "Banque"]
    assert Block.objects.get(usage_key=key("html", "tronc_h")).content["data"] == "<p>Leçon tronc</p>"
    assert Block.objects.get(usage_key=key("problem", "tronc_p")).max_score == 1.0
    children = Block.objects.get(usage_key=key("chapter", "s2")).children.all()
    assert [child.usage_key.block_id for child in children] == ["pain", "argent", "vide"]


@pytest.mark.django_db
def test_an_archive_is_read_like_a_folder(tmp_path: Path) -> None:
    folder = write(tmp_path / "course", olx_files())
    archive = tmp_path / "export.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(folder, arcname="course")
    assert import_olx(archive) == COURSE_KEY
    assert Block.objects.filter(usage_key=key("problem", "pain_p")).exists()


@pytest.mark.django_db
def test_the_course_of_the_demonstration_is_read() -> None:
    import_olx(REAL_COURSE)
    subsections = [block for block in Block.objects.all() if block.usage_key.block_type == "sequential"]
    assert len(subsections) == 8 + 5 * 8


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("vertical/tronc_u.xml", "<vertical><html></vertical>", "mismatch"),
        ("vertical/tronc_u.xml", '<vertical><nonsense url_name="x"/></vertical>', "<nonsense>"),
        ("vertical/tronc_u.xml", '<vertical group_access="{&quot;100&quot;: [999]}"/>', "999"),
        ("vertical/tronc_u.xml", '<vertical group_access="{&quot;100&quot;: []}"/>', "100: []"),
        ("chapter/s1.xml", '<chapter><sequential url_name="absent"/></chapter>', "sequential/absent.xml"),
        ("chapter/s1.xml", '<chapter><sequential url_name="pain"/></chapter>', "used twice"),
        ("html/tronc_h.xml", '<html filename="absent"/>', "absent.html"),
        ("problem/tronc_p.xml", "<problem>", "problem/tronc_p.xml"),
        ("policies/2027/policy.json", "{", "policies/2027/policy.json"),
        ("course.xml", "<course/>", "course.xml"),
    ],
)
def test_a_broken_file_is_named_and_nothing_changes(
    course: Course, tmp_path: Path, file: str, text: str, said: str
) -> None:
    before = set(Block.objects.values_list("pk", flat=True))
    folder = write(tmp_path / "broken", {**olx_files(), file: text})
    with pytest.raises(OlxError) as raised:
        import_olx(folder)
    assert said in str(raised.value)
    assert set(Block.objects.values_list("pk", flat=True)) == before


@pytest.mark.django_db
def test_the_command_says_that_nothing_was_imported(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Nothing was imported.*course\.xml"):
        call_command("import_olx", str(tmp_path))
    assert not Course.objects.exists()

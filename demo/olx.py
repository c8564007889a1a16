"""Brings a course from a folder or an archive of OLX into the host's tables: all of it, or nothing."""

import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from lxml import etree  # type: ignore[import-untyped]
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey
from opaque_keys.edx.locator import CourseLocator
from xblock.core import XBlock
from xblock.fields import Scope

from demo.models import Block, ContentGroup, Course
from demo.olx_runtime import OlxError, OlxRuntime, Origin
from demo.progress import weighted

__all__ = ["OlxError", "import_olx"]

Groups = dict[int, dict[int, str]]


def import_olx(path: Path) -> CourseKey:
    """Import the course at `path` (a folder, or a tar archive as Studio exports it); `OlxError` if it is broken."""
    with _folder(path) as folder:
        root = _xml(folder, "course.xml")
        course_key = _course_key(root)
        policy = _json(folder, f"policies/{course_key.run}/policy.json").get(f"course/{course_key.run}", {})
        grading = _json(folder, f"policies/{course_key.run}/grading_policy.json")
        groups = _groups(policy)
        runtime = OlxRuntime(folder, course_key)
        top = runtime.read(root)
        for origin in runtime.origins.values():
            _check_access(origin, groups)
        title = policy.get("display_name") or runtime.origins[top].block.display_name
        about = folder / "about" / "short_description.html"
        summary = about.read_text(encoding="utf-8").strip() if about.exists() else ""
        _store(Course(course_key=course_key, title=title, summary=summary, grading_policy=grading), groups, runtime)
    return course_key


@contextmanager
def _folder(path: Path) -> Iterator[Path]:
    """The folder that holds course.xml."""
    if path.is_dir():
        yield _with_course(path)
        return
    with TemporaryDirectory() as temporary:
        try:
            with tarfile.open(path) as archive:
                archive.extractall(temporary, filter="data")
        except (OSError, tarfile.TarError) as error:
            raise OlxError(str(path), error) from error
        yield _with_course(Path(temporary))


def _with_course(folder: Path) -> Path:
    for candidate in (folder, folder / "course", *sorted(folder.glob("*"))):
        if (candidate / "course.xml").is_file():
            return candidate
    raise OlxError(str(folder), "there is no course.xml")


def _xml(folder: Path, name: str) -> Any:
    try:
        return etree.parse(str(folder / name)).getroot()
    except (OSError, etree.XMLSyntaxError) as error:
        raise OlxError(name, error) from error


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8")) if (folder / name).exists() else {}
    except ValueError as error:
        raise OlxError(name, error) from error
    if not isinstance(found, dict):
        raise OlxError(name, "a JSON object is expected")
    return found


def _course_key(root: Any) -> CourseLocator:
    try:
        return CourseLocator(root.attrib["org"], root.attrib["course"], root.attrib["url_name"])
    except (KeyError, InvalidKeyError) as error:
        raise OlxError("course.xml", f"<course> needs valid org, course and url_name ({error})") from error


def _groups(policy: dict[str, Any]) -> Groups:
    return {
        int(partition["id"]): {int(group["id"]): group["name"] for group in partition["groups"]}
        for partition in policy.get("user_partitions", ())
        if partition["scheme"] == "cohort"
    }


def _check_access(origin: Origin, groups: Groups) -> None:
    for partition, ids in origin.block.group_access.items():
        known = groups.get(int(partition), {})
        if not ids or not set(ids) <= set(known):
            raise OlxError(origin.file, f"group_access names unknown groups: {partition}: {ids}")


@transaction.atomic
def _store(read: Course, groups: Groups, runtime: OlxRuntime) -> None:
    facts = {"title": read.title, "summary": read.summary, "grading_policy": read.grading_policy}
    course, _created = Course.objects.update_or_create(course_key=read.course_key, defaults=facts)
    for partition_id, named in groups.items():
        for group_id, name in named.items():
            ContentGroup.objects.update_or_create(
                course=course, partition_id=partition_id, group_id=group_id, defaults={"name": name}
            )
    course.blocks.all().delete()
    rows = {key: _row(course, key, origin) for key, origin in runtime.origins.items()}
    for origin in runtime.origins.values():
        for position, key in enumerate(origin.children):
            rows[key].position = position
    _create_by_level(rows, runtime)


def _create_by_level(rows: dict[UsageKey, Block], runtime: OlxRuntime) -> None:
    """A child's row needs its parent's id."""
    below = {key for origin in runtime.origins.values() for key in origin.children}
    level = [key for key in rows if key not in below]
    while level:
        Block.objects.bulk_create([rows[key] for key in level])
        for key in level:
            for child in runtime.origins[key].children:
                rows[child].parent = rows[key]
        level = [child for key in level for child in runtime.origins[key].children]


def _row(course: Course, key: UsageKey, origin: Origin) -> Block:
    return Block(
        course=course,
        usage_key=key,
        position=0,
        settings=_values(origin.block, Scope.settings),
        content=_values(origin.block, Scope.content),
        max_score=_max_score(origin),
    )


def _values(block: XBlock, scope: Scope) -> dict[str, Any]:
    return {
        name: field.to_json(field.read_from(block))
        for name, field in block.fields.items()
        if field.scope == scope and name != "xml_attributes" and field.is_set_on(block)
    }


def _max_score(origin: Origin) -> float | None:
    if not getattr(origin.block, "has_score", False):
        return None
    _earned, possible = weighted(0.0, origin.block.max_score(), getattr(origin.block, "weight", None))
    return possible

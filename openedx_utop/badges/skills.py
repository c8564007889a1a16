"""Skills of public frameworks, from files that the operator updates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from openedx_utop.badges.data import ImportedSkills
from openedx_utop.badges.framework_files import rows as rows_of
from openedx_utop.badges.letters import plain_letters
from openedx_utop.badges.models import Skill, SkillImport

# DigComp 2.2, its 21 competences; the framework gives them one address.
SHIPPED_SKILLS = Path(__file__).parent / "frameworks" / "digcomp-2.2.csv"
PORTION = 500

Said = dict[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True)
class SkillFile:
    """A file as it was found: its name, and its lines."""

    name: str
    lines: Sequence[str]


def import_skills(files: Iterable[SkillFile], *, now: datetime, dry_run: bool = False) -> ImportedSkills:
    """Add the files' skills and take over what they say of those known; skills they do not name stay.

    Every line is read before any is written; raises InvalidSkill, which names the line. `dry_run`: only tell.
    """
    read = [(file, _rows(file)) for file in files]
    with transaction.atomic():
        done = [_imported(file, said, now) for file, said in read]
        named = {key for _file, said in read for key in said}
        transaction.set_rollback(dry_run)
    return sum(done, ImportedSkills(absent=_absent(named)))


def _rows(file: SkillFile) -> Said:
    return {(framework, code): (name, url) for framework, code, name, url in rows_of(file.lines)}


def _imported(file: SkillFile, said: Said, now: datetime) -> ImportedSkills:
    """By framework, for each keeps where it came from."""
    digest = sha256("\n".join(file.lines).encode()).hexdigest()
    total = ImportedSkills()
    for framework in dict.fromkeys(framework for framework, _code in said):
        done = _of_framework({key: each for key, each in said.items() if key[0] == framework})
        SkillImport.objects.create(
            framework=framework,
            source=file.name[:255],
            sha256=digest,
            imported_at=now,
            skills=done.created + done.updated + done.unchanged,
            created=done.created,
            updated=done.updated,
        )
        total += done
    return total


def _of_framework(said: Said) -> ImportedSkills:
    created = updated = 0
    keys = list(said)
    for start in range(0, len(keys), PORTION):
        added, changed = _stored({key: said[key] for key in keys[start : start + PORTION]})
        created, updated = created + added, updated + changed
    return ImportedSkills(created, updated, len(said) - created - updated)


def _absent(named: set[tuple[str, str]]) -> int:
    known = Skill.objects.filter(framework__in={framework for framework, _code in named})
    return len(set(known.values_list("framework", "code")) - named)


def _stored(portion: Said) -> tuple[int, int]:
    codes = [code for _framework, code in portion]
    known = {(skill.framework, skill.code): skill for skill in Skill.objects.filter(code__in=codes)}
    missing = [
        Skill(framework=key[0], code=key[1], name=name, url=url, plain_name=plain_letters(name))
        for key, (name, url) in portion.items()
        if key not in known
    ]
    Skill.objects.bulk_create(missing, ignore_conflicts=True)
    changed = [known[key] for key, said in portion.items() if key in known and _said(known[key]) != said]
    for skill in changed:
        skill.name, skill.url = portion[skill.framework, skill.code]
        skill.plain_name = plain_letters(skill.name)
    Skill.objects.bulk_update(changed, ["name", "url", "plain_name"])
    return len(missing), len(changed)


def _said(skill: Skill) -> tuple[str, str]:
    return skill.name, skill.url

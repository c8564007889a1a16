"""Skills of public frameworks, from files that the operator updates."""

from collections.abc import Iterable
from pathlib import Path

from openedx_utop.badges.data import ImportedSkills
from openedx_utop.badges.framework_files import rows as rows_of
from openedx_utop.badges.letters import plain_letters
from openedx_utop.badges.models import Skill

# DigComp 2.2, its 21 competences; the framework gives them one address.
SHIPPED_SKILLS = Path(__file__).parent / "frameworks" / "digcomp-2.2.csv"
PORTION = 500


def import_skills(lines: Iterable[str]) -> ImportedSkills:
    """Add the file's skills and take over what it says of those known; skills it does not name stay.

    Every line is read before any is written; raises InvalidSkill, which names the line.
    """
    rows = {(framework, code): (name, url) for framework, code, name, url in rows_of(lines)}
    created = updated = 0
    keys = list(rows)
    for start in range(0, len(keys), PORTION):
        portion = {key: rows[key] for key in keys[start : start + PORTION]}
        added, changed = _stored(portion)
        created, updated = created + added, updated + changed
    return ImportedSkills(created, updated, len(rows) - created - updated)


def _stored(portion: dict[tuple[str, str], tuple[str, str]]) -> tuple[int, int]:
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

"""Skills of public frameworks, from files that the operator updates: `framework;code;name;url`."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from openedx_utop.badges.data import ImportedSkills, InvalidSkill
from openedx_utop.badges.models import Skill

# DigComp 2.2, its 21 competences; the framework gives them one address.
SHIPPED_SKILLS = Path(__file__).parent / "frameworks" / "digcomp-2.2.csv"
COLUMNS = ("framework", "code", "name", "url")
LONGEST = (32, 64, 500, 500)
PORTION = 500

Row = tuple[str, str, str, str]


def import_skills(lines: Iterable[str]) -> ImportedSkills:
    """Add the file's skills and take over what it says of those known; skills it does not name stay.

    Every line is read before any is written; raises InvalidSkill, which names the line.
    """
    rows = {(framework, code): (name, url) for framework, code, name, url in _rows(lines)}
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
        Skill(framework=key[0], code=key[1], name=name, url=url)
        for key, (name, url) in portion.items()
        if key not in known
    ]
    Skill.objects.bulk_create(missing, ignore_conflicts=True)
    changed = [known[key] for key, said in portion.items() if key in known and _said(known[key]) != said]
    for skill in changed:
        skill.name, skill.url = portion[skill.framework, skill.code]
    Skill.objects.bulk_update(changed, ["name", "url"])
    return len(missing), len(changed)


def _said(skill: Skill) -> tuple[str, str]:
    return skill.name, skill.url


def _rows(lines: Iterable[str]) -> Iterator[Row]:
    delimiter = ""
    valid_url = URLValidator(schemes=["http", "https"])
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        delimiter = delimiter or (";" if ";" in line else ",")
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter))]
        if tuple(cells) == COLUMNS:
            continue
        if len(cells) != len(COLUMNS) or not all(cells):
            raise InvalidSkill(number, _("four columns are expected: framework, code, name, address"))
        if any(len(cell) > longest for cell, longest in zip(cells, LONGEST, strict=True)):
            raise InvalidSkill(number, _("a text is too long"))
        try:
            valid_url(cells[3])
        except ValidationError:
            raise InvalidSkill(number, _("“{address}” is no address").format(address=cells[3])) from None
        framework, code, name, url = cells
        yield framework, code, name, url

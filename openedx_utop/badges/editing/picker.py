"""Skills found by what an author types: a code, or words of the name in any order."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_

from django.db.models import Case, Count, Q, When, Window

from openedx_utop.badges.letters import plain_letters
from openedx_utop.badges.models import Skill, SkillImport

MOST_FOUND = 20
MOST_CHOSEN = 30


@dataclass(frozen=True)
class Framework:
    """A framework of skills; `source`: the last file that it came from, empty if that was not noted, at `since`."""

    name: str
    source: str = ""
    since: datetime | None = None


def frameworks() -> tuple[Framework, ...]:
    """Those that the operator has imported."""
    names = Skill.objects.order_by("framework").values_list("framework", flat=True).distinct()
    imports = SkillImport.objects.order_by("pk").values_list("framework", "source", "imported_at")
    last = {name: Framework(name, source, since) for name, source, since in imports}
    return tuple(last.get(name, Framework(name)) for name in names)


def found_skills(text: str, framework: str, *, chosen: Collection[int] = ()) -> tuple[tuple[Skill, ...], int]:
    """The first skills with this code, or with all these words in their names, and how many there are in all.

    First those whose names begin with what was typed: thousands may hold one of its words.
    """
    skills = Skill.objects.exclude(pk__in=chosen)
    if framework:
        skills = skills.filter(framework=framework)
    words = plain_letters(text).split()
    if not words:
        return tuple(skills[:MOST_FOUND]), skills.count()
    by_name = (Q(plain_name__contains=word) for word in words)
    matches = skills.filter(Q(code__istartswith=text.strip()) | reduce(and_, by_name))
    begins = Case(When(plain_name__startswith=" ".join(words), then=0), default=1)
    # Counted as they are found: the names are gone through once.
    counted = matches.annotate(number=Window(Count("pk"))).order_by(begins, "framework", "plain_name", "code")
    found = tuple(counted[:MOST_FOUND])
    return found, found[0].number if found else 0


def chosen_skills(numbers: Collection[int]) -> tuple[Skill, ...]:
    """The skills of these numbers; what is unknown is left out."""
    return tuple(Skill.objects.filter(pk__in=numbers))

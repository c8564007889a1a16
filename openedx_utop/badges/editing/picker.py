"""Skills found by what an author types: a code, or words of the name in any order."""

from collections.abc import Collection

from openedx_utop.badges.letters import plain_letters
from openedx_utop.badges.models import Skill

MOST_FOUND = 20
MOST_CHOSEN = 30


def frameworks() -> tuple[str, ...]:
    """Those that the operator has imported."""
    return tuple(Skill.objects.order_by("framework").values_list("framework", flat=True).distinct())


def found_skills(text: str, framework: str, *, chosen: Collection[int] = ()) -> tuple[tuple[Skill, ...], int]:
    """The first skills with this code, or with all these words in their names, and how many there are in all."""
    skills = Skill.objects.exclude(pk__in=chosen)
    if framework:
        skills = skills.filter(framework=framework)
    by_code = skills.filter(code__istartswith=text.strip())
    by_name = skills
    for word in plain_letters(text).split():
        by_name = by_name.filter(plain_name__contains=word)
    matches = (by_code | by_name).distinct()
    return tuple(matches[:MOST_FOUND]), matches.count()


def chosen_skills(numbers: Collection[int]) -> tuple[Skill, ...]:
    """The skills of these numbers; what is unknown is left out."""
    return tuple(Skill.objects.filter(pk__in=numbers))

"""The learners whom changes of the rules, or of a company's facts, have left in a sector it leads to no more."""

from dataclasses import dataclass
from datetime import date

from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.organizations.api import companies_of
from openedx_utop.sectors.data import SectorFacts
from openedx_utop.sectors.models import ChoiceMethod, SectorChoice
from openedx_utop.sectors.proposals import codes_of
from openedx_utop.sectors.rulebook.api import portions, whole_rulebook
from openedx_utop.sectors.rules import meant
from openedx_utop.sectors.tree import offered_sectors, parents_of, sectors_by_slug


@dataclass(frozen=True)
class Difference:
    """A learner who confirmed the sector of their company, which now leads to others: nobody is moved for it."""

    user_id: int
    held: SectorFacts
    led_to: tuple[SectorFacts, ...]


def differences(course_key: CourseKey, *, day: date) -> tuple[Difference, ...]:
    """The enrolled learners of a course who hold a sector that their company leads to no more, by user id."""
    rulebook, offered, tree = whole_rulebook(day), offered_sectors(course_key), sectors_by_slug()
    held = _confirmed_by_company(course_key)
    found = []
    for portion in portions(each for each in platform().enrolled_learners(course_key) if each in held):
        for user_id, company in sorted(companies_of(portion).items()):
            led_to = meant(rulebook.match(codes_of(company)).sectors, offered, parents_of(tree))
            if led_to and held[user_id] not in {sector.slug for sector in led_to}:
                found.append(Difference(user_id, tree[held[user_id]], led_to))
    return tuple(found)


def _confirmed_by_company(course_key: CourseKey) -> dict[int, str]:
    """The sectors held because the company led to them; what a person chose otherwise stands."""
    choices = SectorChoice.objects.filter(course_key=course_key).order_by("rank")
    last = {
        user_id: (slug, method) for user_id, slug, method in choices.values_list("user_id", "sector__slug", "method")
    }
    return {user_id: slug for user_id, (slug, method) in last.items() if method == ChoiceMethod.COMPANY}

"""Whom a change of the rules would move, before it is made."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.organizations.api import each_company, staff_of
from openedx_utop.sectors.choices import learner_sectors
from openedx_utop.sectors.data import SectorFacts
from openedx_utop.sectors.models import Track
from openedx_utop.sectors.proposals import codes_of
from openedx_utop.sectors.rulebook.api import (
    Changes,
    Table,
    changes_of,
    days_of_effect,
    portions,
    rulebook_after,
    whole_rulebook,
)
from openedx_utop.sectors.rules import meant
from openedx_utop.sectors.tree import offered_sectors, parents_of, sectors_by_slug

# More are counted, not named.
MOST_NAMED = 50
MOST_DAYS = 10

Matches = frozenset[str]
Moved = tuple[Matches, Matches]
Outcomes = tuple[tuple[SectorFacts, ...], tuple[SectorFacts, ...]]


@dataclass(frozen=True)
class CompanyMove:
    """A company that would lead elsewhere, with the names of the sectors; none: nowhere."""

    siret: str
    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class LearnerMove:
    """How many learners of a course would be proposed other sectors.

    `confirmed` of them hold a sector already, which they keep.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    learners: int
    confirmed: int


@dataclass(frozen=True)
class CourseImpact:
    """What a change of the rules would do in one course."""

    course_key: CourseKey
    title: str
    moves: tuple[LearnerMove, ...]


@dataclass(frozen=True)
class Impact:
    """What a change of the rules would do on a day: companies in number, the first of them by name, and courses."""

    day: date
    companies: int
    named: tuple[CompanyMove, ...]
    courses: tuple[CourseImpact, ...]

    @property
    def learners(self) -> int:
        """Of all courses; who follows two counts twice."""
        return sum(move.learners for course in self.courses for move in course.moves)

    @property
    def confirmed(self) -> int:
        """Of these, who hold a sector already."""
        return sum(move.confirmed for course in self.courses for move in course.moves)


@dataclass(frozen=True)
class Missing:
    """An agreement that neither table knows, and how many companies have it."""

    idcc: str
    companies: int


def impact_of(lines: Iterable[str], *, table: Table, today: date) -> tuple[Impact, ...]:
    """What a file would do today and on each later day that it names; nothing if one of its lines is wrong."""
    changes = changes_of(lines, table=table, today=today)
    return () if changes.errors else impacts(changes, today=today)


def impacts(changes: Changes, *, today: date) -> tuple[Impact, ...]:
    """What changes would do today and on each later day on which they begin or end something."""
    return tuple(impact(changes, day=day) for day in days_of_effect(changes, today)[:MOST_DAYS])


def impact(changes: Changes, *, day: date) -> Impact:
    """Which companies would lead to other sectors on that day, and which learners would be proposed another one."""
    before, after = whole_rulebook(day), rulebook_after(changes, day)
    names = {slug: sector.name for slug, sector in sectors_by_slug().items()}
    moved: dict[str, Moved] = {}
    named: list[CompanyMove] = []
    for company in each_company():
        was, will = (rulebook.match(codes_of(company)).sectors for rulebook in (before, after))
        if was != will:
            moved[company.siret] = (was, will)
            if len(named) < MOST_NAMED:
                named.append(CompanyMove(company.siret, company.name, _named(was, names), _named(will, names)))
    return Impact(day, len(moved), tuple(named), tuple(_courses(moved)))


def missing_agreements(*, day: date) -> tuple[Missing, ...]:
    """The agreements of known companies that neither table knows on a day, the most frequent first."""
    rulebook, counted = whole_rulebook(day), Counter[str]()
    for company in each_company():
        counted.update(rulebook.match(codes_of(company)).missing)
    return tuple(Missing(idcc, companies) for idcc, companies in sorted(counted.items(), key=lambda each: -each[1]))


def _courses(moved: Mapping[str, Moved]) -> Iterator[CourseImpact]:
    people = {
        user_id: moved[siret]
        for portion in portions(moved)
        for siret, user_ids in staff_of(portion).items()
        for user_id in user_ids
    }
    keys = Track.objects.order_by("course_key").values_list("course_key", flat=True).distinct()
    for course_key in filter(None, keys if people else ()):
        if moves := tuple(_learner_moves(course_key, people)):
            course = platform().course(course_key)
            yield CourseImpact(course_key, course.title if course else str(course_key), moves)


def _learner_moves(course_key: CourseKey, people: Mapping[int, Moved]) -> Iterator[LearnerMove]:
    """The most frequent first."""
    offered, parents = offered_sectors(course_key), parents_of(sectors_by_slug())
    learners, confirmed = Counter[Outcomes](), Counter[Outcomes]()
    for portion in portions(each for each in platform().enrolled_learners(course_key) if each in people):
        held = learner_sectors(course_key, portion)
        for user_id in portion:
            was, will = (meant(matches, offered, parents) for matches in people[user_id])
            if was != will:
                learners[was, will] += 1
                confirmed[was, will] += user_id in held
    for (was, will), count in learners.most_common():
        yield LearnerMove(_names(was), _names(will), count, confirmed[was, will])


def _names(sectors: Iterable[SectorFacts]) -> tuple[str, ...]:
    return tuple(sector.name for sector in sectors)


def _named(slugs: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(names[slug] for slug in slugs))

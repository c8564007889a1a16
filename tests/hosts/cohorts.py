"""The cohorts of the in-memory host: those of the tracks follow its placements, the others are the test's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import Cohort, ContentGroup


@dataclass
class InMemoryCohorts:
    """`elsewhere`: by learner and course, the name of the cohort, not a track's, that they are in."""

    placements: dict[tuple[int, CourseKey], ContentGroup] = field(default_factory=dict)
    cohorted: set[CourseKey] = field(default_factory=set)
    other_cohorts: dict[CourseKey, tuple[Cohort, ...]] = field(default_factory=dict)
    elsewhere: dict[tuple[int, CourseKey], str] = field(default_factory=dict)
    divided: set[CourseKey] = field(default_factory=set)
    switched: set[CourseKey] = field(default_factory=set)
    recalculated: list[tuple[int, CourseKey]] = field(default_factory=list)
    asking: int | None = None
    earlier: dict[CourseKey, CourseKey] = field(default_factory=dict)

    def is_cohorted(self, course_key: CourseKey) -> bool:
        return course_key in self.cohorted

    def cohorts(self, course_key: CourseKey) -> Sequence[Cohort]:
        placed = {group for (_user_id, key), group in self.placements.items() if key == course_key}
        tracks = [_linked(group) for group in sorted(placed, key=lambda group: group.name)]
        return (*tracks, *self.other_cohorts.get(course_key, ()))

    def cohort_of(self, user_id: int, course_key: CourseKey) -> Cohort | None:
        placed = self.placements.get((user_id, course_key))
        name = self.elsewhere.get((user_id, course_key))
        others = (each for each in self.other_cohorts.get(course_key, ()) if each.name == name)
        return _linked(placed) if placed else next(others, None)

    def cohort_members(self, course_key: CourseKey) -> Mapping[int, tuple[int, int] | None]:
        learners = {user_id for user_id, key in (*self.placements, *self.elsewhere) if key == course_key}
        members = {user_id: self.cohort_of(user_id, course_key) for user_id in learners}
        return {user_id: cohort.group for user_id, cohort in members.items() if cohort}

    def divides_discussions(self, course_key: CourseKey) -> bool:
        return course_key in self.divided

    def gather_undecided(self, course_key: CourseKey, name: str, group: tuple[int, int] | None) -> None:
        others = self.other_cohorts.get(course_key, ())
        if not any(cohort.is_automatic for cohort in others):
            others = (*others, Cohort(name, None, is_automatic=True, is_populated=False))
        self.other_cohorts[course_key] = tuple(
            replace(cohort, group=cohort.group or group) if cohort.is_automatic else cohort for cohort in others
        )
        self.cohorted.add(course_key)

    def recalculate_grades(self, user_id: int, course_key: CourseKey) -> None:
        self.recalculated.append((user_id, course_key))

    def hides_grouped_content(self, course_key: CourseKey) -> bool:
        return course_key in self.switched

    def asker(self) -> int | None:
        return self.asking

    def earlier_run(self, course_key: CourseKey) -> CourseKey | None:
        return self.earlier.get(course_key)


def _linked(group: ContentGroup) -> Cohort:
    return Cohort(group.name, (group.partition_id, group.group_id), is_automatic=False, is_populated=True)

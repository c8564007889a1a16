"""A host for the domain tests: it answers `compat.Platform` from what the test put into it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, Trim
from django.http import HttpRequest
from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.compat import ContentGroup, Course, PathModule, Person
from tests.authoring_host import AuthoringHost
from tests.hosts.cohorts import InMemoryCohorts
from tests.hosts.enrolments import EnrolmentAnswers


@dataclass
class InMemoryPlatform(EnrolmentAnswers, AuthoringHost, InMemoryCohorts):
    """Every table of it is a plain dictionary or set, filled by the test."""

    people: dict[int, Person] = field(default_factory=dict)
    courses: dict[CourseKey, Course] = field(default_factory=dict)
    titles: dict[CourseKey, dict[UsageKey, str]] = field(default_factory=dict)
    staff: set[tuple[int, CourseKey]] = field(default_factory=set)
    masquerading: bool = False
    retiring: dict[int, str] = field(default_factory=dict)
    looked_as: tuple[int, int] | None = None
    address: str = ""
    paths: dict[tuple[int, CourseKey], tuple[PathModule, ...]] = field(default_factory=dict)
    tried: dict[tuple[int, CourseKey], tuple[PathModule, ...]] = field(default_factory=dict)
    grades: dict[tuple[int, CourseKey], float] = field(default_factory=dict)
    groups: dict[CourseKey, tuple[ContentGroup, ...]] = field(default_factory=dict)
    tracked: list[tuple[str, int, CourseKey, Mapping[str, Any]]] = field(default_factory=list)

    def person(self, user_id: int) -> Person | None:
        return self.people.get(user_id)

    def persons(self, user_ids: Collection[int]) -> dict[int, Person]:
        return {user_id: self.people[user_id] for user_id in user_ids if user_id in self.people}

    def person_named(self, name: str) -> Person | None:
        named = [each for each in self.people.values() if name in {each.username, each.email}]
        return named[0] if len(named) == 1 else None

    def address_before_retirement(self, user_id: int) -> str:
        return self.retiring.get(user_id, "")

    def course(self, course_key: CourseKey) -> Course | None:
        return self.courses.get(course_key)

    def block_titles(self, course_key: CourseKey) -> Mapping[UsageKey, str]:
        return self.titles.get(course_key, {})

    def is_enrolled(self, user_id: int, course_key: CourseKey) -> bool:
        return (user_id, course_key) in self.enrolments

    def enrolled_courses(self, user_id: int) -> frozenset[CourseKey]:
        return frozenset(key for enrolled, key in self.enrolments if enrolled == user_id)

    def enrolled_learners(self, course_key: CourseKey) -> Sequence[int]:
        return tuple(sorted(user_id for user_id, key in self.enrolments if key == course_key))

    def learners(self, course_key: CourseKey) -> QuerySet[User]:
        learners = [
            user_id for user_id in self.enrolled_learners(course_key) if (user_id, course_key) not in self.staff
        ]
        name = Trim(Concat("first_name", Value(" "), "last_name"))
        return User.objects.filter(pk__in=learners).annotate(full_name=name, enrolled_at=F("date_joined"))

    def is_course_staff(self, user_id: int, course_key: CourseKey) -> bool:
        return (user_id, course_key) in self.staff

    def staff_role(self, user_id: int, course_key: CourseKey) -> str:
        return "staff" if self.is_course_staff(user_id, course_key) else ""

    def is_masquerading(self, request: HttpRequest, course_key: CourseKey) -> bool:
        return self.masquerading

    def group_looked_as(self, course_key: CourseKey) -> tuple[int, int] | None:
        return self.looked_as

    def counted_learner(self, block: Any) -> int | None:
        return getattr(block, "learner", None)

    def client_address(self) -> str:
        return self.address

    def learner_path(self, user_id: int, course_key: CourseKey) -> Sequence[PathModule]:
        return self.paths.get((user_id, course_key), ())

    def modules_tried(self, user_id: int, course_key: CourseKey) -> Sequence[PathModule]:
        return self.tried.get((user_id, course_key), ())

    def course_grade(self, user_id: int, course_key: CourseKey) -> float:
        return self.grades.get((user_id, course_key), 0.0)

    def track(self, name: str, user_id: int, course_key: CourseKey, data: Mapping[str, Any]) -> None:
        self.tracked.append((name, user_id, course_key, data))

    def content_groups(self, course_key: CourseKey) -> Sequence[ContentGroup]:
        return self.groups.get(course_key, ())

    def place_in_group(self, user_id: int, course_key: CourseKey, group: ContentGroup) -> None:
        self.placements[(user_id, course_key)] = group

"""What the host of the tests answers about enrolling people."""

from dataclasses import dataclass, field

from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import CannotEnrol


@dataclass
class EnrolmentAnswers:
    """`invited`: in the host's own way. `acting`: whose request is in hand. `closed`: course → why it takes nobody."""

    enrolments: set[tuple[int, CourseKey]] = field(default_factory=set)
    invited: set[tuple[int, CourseKey]] = field(default_factory=set)
    acting: int | None = None
    closed: dict[CourseKey, str] = field(default_factory=dict)

    def enrol(self, user_id: int, course_key: CourseKey) -> None:
        if course_key in self.closed:
            raise CannotEnrol(self.closed[course_key])
        self.enrolments.add((user_id, course_key))

    def end_enrolment(self, user_id: int, course_key: CourseKey) -> None:
        if course_key in self.closed:
            raise CannotEnrol(self.closed[course_key])
        self.enrolments.discard((user_id, course_key))

    def is_invited(self, user_id: int, course_key: CourseKey) -> bool:
        return (user_id, course_key) in self.invited

    def acting_user(self) -> int | None:
        return self.acting

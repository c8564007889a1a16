"""A training action with a team, and learners at several stages."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import Course, PathModule
from openedx_utop.organizations.models import Provider
from openedx_utop.steering import api
from openedx_utop.training.models import TrainingAction
from tests.host import InMemoryPlatform
from tests.presences import store_presence

COURSE = CourseKey.from_string("course-v1:Utop+suivi+2026")
OTHER = CourseKey.from_string("course-v1:Autre+suivi+2026")
NOW = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)
TRAINER, STRANGER = 900, 901
MODULES = 4


def action(course_key: CourseKey = COURSE) -> TrainingAction:
    """A hundred days, from the first of March 2026."""
    provider, _created = Provider.objects.get_or_create(name="Organisme", siret="00000000000000")
    return TrainingAction.objects.create(
        course_key=course_key,
        provider=provider,
        title="Numérique",
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 6, 8),
    )


@dataclass
class Classroom:
    """Fills the host with learners."""

    host: InMemoryPlatform
    course_key: CourseKey

    def learner(
        self,
        pk: int,
        name: str = "",
        *,
        done: int = 0,
        days_silent: float | None = None,
        minutes: int = 10,
        enrolled: datetime = NOW - timedelta(days=20),
    ) -> User:
        """Enrolled; `done` modules of four are complete, and the last presence was so many days ago."""
        first, _, last = (name or f"Apprenant {pk}").partition(" ")
        user = User.objects.create(pk=pk, username=f"u{pk}", first_name=first, last_name=last, date_joined=enrolled)
        User.objects.filter(pk=pk).update(email=f"u{pk}@example.org")
        self.host.enrolments.add((pk, self.course_key))
        self.host.paths[pk, self.course_key] = tuple(
            PathModule(
                self.course_key.make_usage_key("sequential", f"m{n}"), f"Module {n}", "Tronc", n < done, None, 0, 0
            )
            for n in range(MODULES)
        )
        if days_silent is not None:
            self.presence(pk, NOW - timedelta(days=days_silent), minutes)
        api.remember_progress(pk, self.course_key, now=NOW)
        return user

    def presence(self, pk: int, end: datetime, minutes: int) -> None:
        """Some minutes in the first module."""
        store_presence(
            user_id=pk,
            course_key=self.course_key,
            module_key=self.course_key.make_usage_key("sequential", "m0"),
            unit_key=self.course_key.make_usage_key("vertical", "m0"),
            client="tab-00001",
            start=end - timedelta(minutes=minutes),
            end=end,
        )


def room(host: InMemoryPlatform, course_key: CourseKey, trainer: int) -> Classroom:
    """A course with its action and its trainer."""
    action(course_key)
    host.courses[course_key] = Course(course_key, f"Cours {course_key.org}", "/courses/x/")
    host.staff.add((trainer, course_key))
    User.objects.create(pk=trainer, username=f"t{trainer}")
    return Classroom(host, course_key)


@pytest.fixture
def classroom(db: None, host: InMemoryPlatform) -> Classroom:
    """The course that TRAINER follows."""
    return room(host, COURSE, TRAINER)


@pytest.fixture
def elsewhere(db: None, host: InMemoryPlatform) -> Classroom:
    """The course that STRANGER follows."""
    return room(host, OTHER, STRANGER)


def signed_in(pk: int) -> Client:
    """A browser of this account, in English."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(pk=pk))
    return client

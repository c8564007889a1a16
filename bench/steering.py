"""What the team's list costs beside the SQL that it cannot do without."""

import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import F, QuerySet
from django.test import Client, override_settings
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from bench.figures import Figure
from openedx_utop.attendance.models import Presence
from openedx_utop.attendance.places import place_number
from openedx_utop.compat import Course, platform
from openedx_utop.organizations.models import Provider
from openedx_utop.steering.models import Progress
from openedx_utop.training.models import TrainingAction
from tests.host import InMemoryPlatform

COURSE = CourseKey.from_string("course-v1:Bench+STEERING+2026")
LEARNERS, PRESENCES_EACH, MODULES = 10_000, 20, 16
KINDS = ("sequential", "vertical")
TRAINER = LEARNERS + 1
PORTION = 5_000
ROUNDS = 7


class GroupPlatform(InMemoryPlatform):
    """Enrolments are a table here, as on a platform: those who are in the group of the course's name."""

    def learners(self, course_key: CourseKey) -> QuerySet[User]:
        """Joined to their membership."""
        members = User.objects.filter(groups__name=str(course_key))
        return members.annotate(full_name=F("first_name"), enrolled_at=F("date_joined"))


def figures() -> Iterator[Figure]:
    """The first screen for ten thousand learners, over the time that its own queries take without Django."""
    with override_settings(UTOP_PLATFORM=f"{__name__}.{GroupPlatform.__name__}"):
        _fill()
        client = Client()
        client.force_login(User.objects.get(pk=TRAINER))
        page, sql = _times(lambda: _first_screen(client))
    print(f"  first screen {page * 1000:.0f} ms, its bare SQL {sql * 1000:.0f} ms", file=sys.stderr)
    yield Figure("steering.first_screen_vs_sql", page / sql, 3.0, less_is_better=True)


def _times(page: Callable[[], None]) -> tuple[float, float]:
    """The best of several rounds, the page and its SQL in turn."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    page()
    with connection.execute_wrapper(note):
        page()
    rounds = [(_seconds(page), _seconds(lambda: _replay(asked))) for _ in range(ROUNDS)]
    return min(ours for ours, _ in rounds), min(bare for _, bare in rounds)


def _first_screen(client: Client) -> None:
    answer = client.get(f"/utop/steering/{COURSE}/")
    if answer.status_code != 200:
        raise RuntimeError(answer.status_code)


def _replay(asked: list[tuple[str, Any]]) -> None:
    with connection.cursor() as cursor:
        for sql, params in asked:
            cursor.execute(sql, params)
            cursor.fetchall()


def _seconds(action: Callable[[], None]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _fill() -> None:
    """Learners at every stage, each with some days of presence."""
    now = timezone.now()
    host = platform()
    if not isinstance(host, GroupPlatform):
        raise TypeError(settings.UTOP_PLATFORM)
    host.courses[COURSE] = Course(COURSE, "Bench", "/")
    host.staff.add((TRAINER, COURSE))
    provider = Provider.objects.create(name="Bench", siret="00000000000000")
    first, last = now.date() - timedelta(days=30), now.date() + timedelta(days=30)
    TrainingAction.objects.create(course_key=COURSE, provider=provider, title="Bench", starts_on=first, ends_on=last)
    since = now - timedelta(days=30)
    people = [
        User(pk=pk, username=f"learner{pk}", first_name=f"Learner {pk}", date_joined=since)
        for pk in range(1, LEARNERS + 2)
    ]
    User.objects.bulk_create(people, batch_size=PORTION)
    group = Group.objects.create(name=str(COURSE))
    membership = User.groups.through
    members = [membership(user_id=pk, group_id=group.pk) for pk in range(1, LEARNERS + 1)]
    membership.objects.bulk_create(members, batch_size=PORTION)
    Progress.objects.bulk_create([_progress(pk) for pk in range(1, LEARNERS + 1)], batch_size=PORTION)
    keys = [[str(COURSE.make_usage_key(kind, f"m{number}")) for kind in KINDS] for number in range(PRESENCES_EACH)]
    places = [place_number(str(COURSE), module, unit) for module, unit in keys]
    for start in range(1, LEARNERS + 1, PORTION // PRESENCES_EACH):
        portion = range(start, min(start + PORTION // PRESENCES_EACH, LEARNERS + 1))
        Presence.objects.bulk_create(
            [_presence(pk, number, place) for pk in portion for number, place in enumerate(places)]
        )


def _progress(pk: int) -> Progress:
    done = pk % (MODULES + 1)
    return Progress(
        user_id=pk,
        course_key=COURSE,
        modules_done=done,
        modules_total=MODULES,
        realised_seconds=done * 900,
        estimated_seconds=MODULES * 900,
        share=done / MODULES,
        is_finished=done == MODULES,
        looked_at=timezone.now(),
    )


def _presence(pk: int, number: int, place: int) -> Presence:
    end = timezone.now() - timedelta(days=number + pk % 15, minutes=pk % 60)
    return Presence(
        user_id=pk,
        place_id=place,
        client="bench-ta",
        start=end - timedelta(minutes=12),
        end=end,
    )

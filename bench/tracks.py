"""In a process of the demo host: the pages of a learner of a course of five tracks."""

import gc
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from demo import enrolment
from demo.models import Block, ContentGroup, Course
from openedx_utop.organizations.models import Provider
from openedx_utop.sectors.api import choose_sector, define_sector, set_track
from openedx_utop.training.models import TrainingAction

TRACKS, SUBSECTIONS = 5, 48
PARTITION, FIRST_GROUP = 100, 101
ROUNDS = 40
LESSON = "<p>Une leçon.</p>" * 40


def main() -> None:
    """Print the best time of each page in seconds of this process, with the plugin and without it."""
    call_command("migrate", verbosity=0)
    print(json.dumps(_times(_pages())))


def _times(pages: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """In turn, so that whatever else the machine does falls on both."""
    clients = {"with": _client(), "without": _client()}
    best = {page: dict.fromkeys(clients, float("inf")) for page in pages}
    for _round in range(ROUNDS):
        for page, address in pages.items():
            for name, client in clients.items():
                with _host(is_bare=name == "without"):
                    best[page][name] = min(best[page][name], _seconds(client, address))
    return best


def _host(*, is_bare: bool) -> AbstractContextManager[Any]:
    """Without the plugin: none of its filter steps and middleware; a client keeps the middleware it began with."""
    if not is_bare:
        return nullcontext()
    others = [name for name in settings.MIDDLEWARE if not name.startswith("openedx_utop.")]
    return override_settings(OPEN_EDX_FILTERS_CONFIG={}, MIDDLEWARE=others)


def _client() -> Client:
    """Signed in as the learner."""
    client = Client()
    client.force_login(User.objects.get(username="bench"))
    return client


def _seconds(client: Client, address: str) -> float:
    gc.collect()
    gc.disable()
    started = time.process_time()
    answer = client.get(address)
    spent = time.process_time() - started
    gc.enable()
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return spent


def _pages() -> dict[str, str]:
    """The course, its learner in the first track, and where they look."""
    course_key = CourseKey.from_string("course-v1:Bench+TRACKS+2027")
    course = Course.objects.create(course_key=course_key, title="Bench")
    _write(course)
    learner = User.objects.create_user("bench")
    enrolment.enrol(learner, course)
    _train(course_key, learner.pk)
    unit = course_key.make_usage_key("vertical", "t0_s0_unit")
    return {"outline": reverse("demo:outline", args=[course_key]), "unit": reverse("demo:unit_frame", args=[unit])}


def _train(course_key: CourseKey, learner: int) -> None:
    """The product in full: a training action, tracks, the learner's choice."""
    provider = Provider.objects.create(name="Bench", siret="00000000000000")
    first, last = date(2020, 1, 1), date(2099, 12, 31)
    TrainingAction.objects.create(
        course_key=course_key, provider=provider, title="Bench", starts_on=first, ends_on=last
    )
    for number in range(TRACKS):
        define_sector(f"t{number}", name=f"Track {number}")
        set_track(course_key, f"t{number}", f"Track {number}")
    choose_sector(learner, course_key, "t0", chosen_by=learner, now=timezone.now())


def _write(course: Course) -> None:
    """Each track a section with its subsections, restricted one by one, of one unit with a text."""
    top = course.course_key.make_usage_key("course", "course")
    root = Block.objects.create(course=course, usage_key=top, position=0)
    for track in range(TRACKS):
        group = FIRST_GROUP + track
        ContentGroup.objects.create(course=course, partition_id=PARTITION, group_id=group, name=f"Track {track}")
        section = _block(root, track, "chapter", f"t{track}", display_name=f"Track {track}")
        for position, name in enumerate(_names(track)):
            subsection = _block(section, position, "sequential", name, group_access={str(PARTITION): [group]})
            unit = _block(subsection, 0, "vertical", f"{name}_unit", display_name="Unit")
            text = _block(unit, 0, "html", f"{name}_text", display_name="Text")
            Block.objects.filter(pk=text.pk).update(content={"data": LESSON})


def _names(track: int) -> Iterator[str]:
    return (f"t{track}_s{number}" for number in range(SUBSECTIONS))


def _block(parent: Block, position: int, kind: str, name: str, **values: Any) -> Block:
    key = parent.course.course_key.make_usage_key(kind, name)
    return Block.objects.create(course=parent.course, usage_key=key, parent=parent, position=position, settings=values)

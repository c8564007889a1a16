"""Run as a program: several clicks of one learner at once, on a database file that threads share."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Barrier

import django

CLICKS = 6


def main(database: str, slugs: list[str]) -> None:
    """Click as many times, on these sectors in turn, and print what is left."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    with database_of_its_own(database):
        click_all(slugs)


@contextmanager
def database_of_its_own(path: str) -> Iterator[None]:
    """On SQLite in this file, on a server under a name that no other test run has."""
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"] = {"timeout": 30}
    name = path if connection.vendor == "sqlite" else f"test_utop_race_{os.getpid()}"
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0)
    try:
        yield
    finally:
        connection.creation.destroy_test_db("", verbosity=0)


def click_all(slugs: list[str]) -> None:
    from django.db import connection
    from opaque_keys.edx.keys import CourseKey

    from openedx_utop.compat import ContentGroup, platform
    from openedx_utop.sectors.api import choose_sector, define_sector, learner_sector, set_track
    from openedx_utop.sectors.models import SectorChoice
    from tests.host import InMemoryPlatform

    course, host = CourseKey.from_string("course-v1:utop+tpe+2027"), platform()
    assert isinstance(host, InMemoryPlatform)
    host.enrolments.add((7, course))
    host.groups[course] = tuple(ContentGroup(50, number, slug) for number, slug in enumerate(("hotel", "sante"), 1))
    for group in host.groups[course]:
        define_sector(group.name, name=group.name)
        set_track(course, group.name, group.name)
    together = Barrier(CLICKS)

    def click(number: int) -> None:
        together.wait()
        choose_sector(7, course, slugs[number % len(slugs)], chosen_by=7, now=datetime(2027, 1, 4, tzinfo=UTC))
        connection.close()

    with ThreadPoolExecutor(CLICKS) as threads:
        list(threads.map(click, range(CLICKS)))
    held = learner_sector(7, course)
    assert held is not None
    ranks = list(SectorChoice.objects.order_by("rank").values_list("rank", flat=True))
    print(*ranks, "held" if host.placements[(7, course)].name == held.slug else "lost")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

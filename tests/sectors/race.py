"""Run as a program: several clicks of one learner at once, on a database file that threads share."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import django
from django.conf import settings

CLICKS = 6


def main(database: str, slugs: list[str]) -> None:
    """Click as many times, on these sectors in turn, and print what is left."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    settings.DATABASES["default"].update(NAME=database, OPTIONS={"timeout": 30})
    django.setup()
    click_all(slugs)


def click_all(slugs: list[str]) -> None:
    from django.core.management import call_command
    from django.db import connection
    from opaque_keys.edx.keys import CourseKey

    from openedx_utop.compat import ContentGroup, platform
    from openedx_utop.sectors.api import choose_sector, define_sector, learner_sector, set_track
    from openedx_utop.sectors.models import SectorChoice
    from tests.host import InMemoryPlatform

    call_command("migrate", verbosity=0)
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

"""Award courses to all their learners at once, for example after their conditions changed, or at the end of a term."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from openedx_utop import api


class Command(BaseCommand):
    """May be stopped and run again, or twice at once: what is there already is left alone."""

    help = "Make the awards that enrolled learners are owed, and sign their badges, a portion of learners at a time."

    def add_arguments(self, parser: CommandParser) -> None:
        """The course keys, or all of them."""
        parser.add_argument("course_key", nargs="*")
        parser.add_argument("--all", action="store_true", help="Every course that is a training action.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say after each portion how far it is, and in the end how many awards are held."""
        named = [_course_key(text) for text in options["course_key"]]
        course_keys = [action.course_key for action in api.actions()] if options["all"] else named
        if not course_keys:
            raise CommandError("Name a course, or --all.")
        total = sum((self._award(course_key) for course_key in course_keys), api.Tally())
        self.stdout.write(f"Awards held: {total.held}.")
        if total.failed:
            raise CommandError(f"{total.failed} learners could not be looked at: the log says why.")

    def _award(self, course_key: CourseKey) -> api.Tally:
        started, done = time.monotonic(), api.Tally()
        for learners in api.learners_in_portions(course_key):
            done += api.award_learners(learners, course_key, now=timezone.now())
            rate = done.learners / (time.monotonic() - started)
            self.stdout.write(
                f"{course_key}: {done.learners} learners, {done.held} awards ({done.made} new), "
                f"{done.signed} badges signed, {rate:.0f} learners/s"
            )
        return done


def _course_key(text: str) -> CourseKey:
    try:
        course_key = CourseKey.from_string(text)
    except InvalidKeyError as error:
        raise CommandError(f"Not a course key: {text}") from error
    if api.action_for(course_key) is None:
        raise CommandError(f"No training action for {course_key}: create one in the admin first.")
    return course_key

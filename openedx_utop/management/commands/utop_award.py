"""Evaluate every learner of a course, for example after its conditions changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from openedx_utop import api


class Command(BaseCommand):
    """Awards what is due; learners who have their award already keep it."""

    help = "Award a training action to every enrolled learner who fulfils its conditions."

    def add_arguments(self, parser: CommandParser) -> None:
        """The course key."""
        parser.add_argument("course_key")

    def handle(self, *args: Any, **options: Any) -> None:
        """Evaluate the learners one by one and say how many awards are held."""
        try:
            course_key = CourseKey.from_string(options["course_key"])
        except InvalidKeyError as error:
            raise CommandError(f"Not a course key: {options['course_key']}") from error
        if api.action_for(course_key) is None:
            raise CommandError(f"No training action for {course_key}: create one in the admin first.")
        awards = api.award_all(course_key, now=timezone.now())
        self.stdout.write(f"Awards held: {len(awards)}.")

"""Read the whole sealed journal again, and tell what does not hold."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.journal import api
from openedx_utop.signing_keys import SigningKeyInvalid


class Command(BaseCommand):
    """Exit status 0 if all holds, 1 if not; one line per defect."""

    help = _("Check every row, seal and total of the attendance journal, and compare it with the live records.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to read, and where to write it."""
        parser.add_argument("--course", help=_("only this course; the seals are not checked then"))
        parser.add_argument("--learner", type=int, help=_("only this LMS user id; the seals are not checked then"))
        parser.add_argument("--seals", type=Path, help=_("a copy of /utop/journal/seals.json, kept elsewhere since"))
        parser.add_argument("--processes", type=int, help=_("how many share the work; by default one per processor"))
        parser.add_argument("--export", type=Path, help=_("write what is read, and a checker for it, into this folder"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, export, report."""
        self.found = 0
        try:
            course_key = CourseKey.from_string(options["course"]) if options["course"] else None
            read = api.verify(
                self._tell,
                course_key=course_key,
                user_id=options["learner"],
                published=json.loads(options["seals"].read_bytes())["seals"] if options["seals"] else (),
                processes=options["processes"],
            )
            if options["export"]:
                api.export(options["export"], course_key=course_key, user_id=options["learner"])
        except InvalidKeyError as error:
            raise CommandError(_("Not a course key: {course}").format(course=options["course"])) from error
        except SigningKeyInvalid as error:
            raise CommandError(_("A key among the settings is none: run `manage.py check`.")) from error
        self._conclude(read)

    def _tell(self, defect: api.Defect) -> None:
        self.found += 1
        self.stdout.write(defect.text("fr" if (get_language() or "").startswith("fr") else "en"))

    def _conclude(self, read: api.Verification) -> None:
        hours, minutes = divmod(read.milliseconds // 60_000, 60)
        text = _("Read: {rows} rows, {seals} seals, {hours} h {minutes:02} of connection time.")
        self.stdout.write(
            text.format(rows=read.rows, seals=read.seals if read.is_whole else 0, hours=hours, minutes=minutes)
        )
        if self.found:
            text = ngettext("{found} defect.", "{found} defects.", self.found)
            raise CommandError(text.format(found=self.found))
        self.stdout.write(_("All holds.") if read.is_whole else _("All holds; the seals were not checked."))

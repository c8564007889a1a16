"""`utop_import_skills [FILE]`: skills that badges can be aligned with, from ESCO, ROME, DigComp, RNCP and the like."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from openedx_utop.badges.api import SHIPPED_SKILLS, InvalidSkill, import_skills
from openedx_utop.sectors.api import decoded_lines


class Command(BaseCommand):
    """Imports every line of the file, or none and says why."""

    help = _("Import skills from a CSV file, framework;code;name;url")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path, nargs="?", default=SHIPPED_SKILLS, help=_("none: DigComp 2.2, shipped"))

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        """Read, import, report."""
        try:
            done = import_skills(decoded_lines(file.read_bytes()))
        except OSError as error:
            raise CommandError(_("Cannot read %(file)s: %(why)s") % {"file": file, "why": error.strerror}) from error
        except InvalidSkill as error:
            raise CommandError(_("line %(line)d: %(message)s") % {"line": error.line, "message": error}) from error
        counts = {"created": done.created, "updated": done.updated, "unchanged": done.unchanged}
        self.stdout.write(_("Created: {created}, updated: {updated}, unchanged: {unchanged}").format(**counts))

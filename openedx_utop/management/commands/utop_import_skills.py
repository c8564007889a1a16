"""`utop_import_skills [FILE]`: skills that badges can be aligned with, from ESCO, ROME, DigComp, RNCP and the like."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, is_zipfile

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openedx_utop.badges.api import SHIPPED_SKILLS, InvalidSkill, SkillFile, import_skills, is_published
from openedx_utop.sectors.api import decoded_lines


class Command(BaseCommand):
    """Imports every line of the file, or none and says why."""

    help = _("Import skills from a CSV file, framework;code;name;url, or from a file or an archive as it is published")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and whether only to look."""
        parser.add_argument("file", type=Path, nargs="?", default=SHIPPED_SKILLS, help=_("none: DigComp 2.2, shipped"))
        parser.add_argument("--dry-run", action="store_true", help=_("only say what would be done"))

    def handle(self, *_args: Any, file: Path, dry_run: bool, **_options: Any) -> None:
        """Read, import, report."""
        try:
            files = list(_archived(file) if is_zipfile(file) else _alone(file))
            done = import_skills(files, now=timezone.now(), dry_run=dry_run)
        except (OSError, BadZipFile) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise CommandError(_("Cannot read %(file)s: %(why)s") % {"file": file, "why": why}) from error
        except InvalidSkill as error:
            raise CommandError(_("line %(line)d: %(message)s") % {"line": error.line, "message": error}) from error
        if not files:
            raise CommandError(_("The archive holds no file of skills that is known here."))
        words = _("Nothing written. Would be created: {created}, updated: {updated}, unchanged: {unchanged}")
        words = words if dry_run else _("Created: {created}, updated: {updated}, unchanged: {unchanged}")
        counts = {"created": done.created, "updated": done.updated, "unchanged": done.unchanged}
        self.stdout.write(" ".join([words.format(**counts), *_of_absent(done.absent)]))


def _alone(file: Path) -> Iterator[SkillFile]:
    yield SkillFile(file.name, decoded_lines(file.read_bytes()))


def _archived(file: Path) -> Iterator[SkillFile]:
    """Those of its files whose publisher we know; publishers put others beside them."""
    with ZipFile(file) as archive:
        for name in sorted(archive.namelist()):
            if not name.lower().endswith(".csv"):
                continue
            with archive.open(name) as member:
                first = decoded_lines(member.readline())[0]
            if is_published(first):
                yield SkillFile(f"{file.name}/{name}", decoded_lines(archive.read(name)))


def _of_absent(count: int) -> Iterator[str]:
    if count:
        words = ngettext(
            "{count} skill known before is not in it, and stays.",
            "{count} skills known before are not in it, and stay.",
            count,
        )
        yield f"({words.format(count=count)})"

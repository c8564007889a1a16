"""`utop_import_idcc FILE`: rules that lead from companies to sectors; with `--opco`, the OPCO of agreements."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openedx_utop.official_time import official_day
from openedx_utop.sectors.api import SHIPPED_OPCOS, Impact, Table, decoded_lines, impact_of, import_rules


class Command(BaseCommand):
    """Imports every rule of the file, or none and says why."""

    help = _(
        "Import rules from a CSV file, kind;code;sector;valid_from;valid_to;source, or with --opco the OPCO of"
        " collective agreements, idcc;opco;valid_from;valid_to;source"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, what it holds, and whether only to look."""
        parser.add_argument("file", type=Path, nargs="?", help=_("with --opco: none for the short table shipped"))
        parser.add_argument("--opco", action="store_true", help=_("the file tells the OPCO of collective agreements"))
        parser.add_argument("--dry-run", action="store_true", help=_("only say what would be done"))

    def handle(self, *_args: Any, file: Path | None, opco: bool, dry_run: bool, **_options: Any) -> None:
        """Read, import, report."""
        if file is None and not opco:
            raise CommandError(_("Name the file of rules."))
        lines = decoded_lines(_content(file or SHIPPED_OPCOS))
        table, today = Table.OPCOS if opco else Table.SECTORS, official_day(timezone.now())
        report = import_rules(lines, table=table, today=today, dry_run=dry_run)
        for wrong in report.errors:
            self.stderr.write(_("line %(line)d: %(message)s") % {"line": wrong.line, "message": wrong.message})
        if report.errors:
            raise CommandError(_failed(len(report.errors)))
        counts = {"created": report.created, "updated": report.updated, "unchanged": report.unchanged}
        if dry_run:
            self.stdout.write(
                _("Nothing written. Would be created: {created}, updated: {updated}, unchanged: {unchanged}").format(
                    **counts
                )
            )
            self._tell_impact(impact_of(lines, table=table, today=today))
        else:
            self.stdout.write(_("Created: {created}, updated: {updated}, unchanged: {unchanged}").format(**counts))

    def _tell_impact(self, impacts: Sequence[Impact]) -> None:
        """On each day on which something changes, how many would be moved, and in which course from what to what."""
        sentence = _(
            "On {day}, companies that would lead elsewhere: {companies}; learners who would be proposed another trade:"
            " {learners}, of whom {confirmed} hold one and keep it."
        )
        for impact in impacts:
            counts = {"companies": impact.companies, "learners": impact.learners, "confirmed": impact.confirmed}
            self.stdout.write(sentence.format(day=impact.day, **counts))
            for course in impact.courses:
                for move in course.moves:
                    before, after = " / ".join(move.before) or "–", " / ".join(move.after) or "–"
                    self.stdout.write(f"  {course.course_key}: {before} → {after}: {move.learners} ({move.confirmed})")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(_("Cannot read %(file)s: %(why)s") % {"file": file, "why": error.strerror}) from error


def _failed(errors: int) -> str:
    return ngettext("%(errors)d error, nothing was imported.", "%(errors)d errors, nothing was imported.", errors) % {
        "errors": errors
    }

"""`utop_look_up_companies [FILE]`: facts of the public register for a list of companies, or for those that are due."""

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from openedx_utop.organizations.api import (
    FactsStatus,
    LineLookUp,
    RegisterUnavailable,
    due_numbers,
    look_up_each,
    numbers_in,
)

EVERY = 100


class Command(BaseCommand):
    """Run again after an interruption, it asks for nothing that it has already."""

    help = _("Look companies up in the public register: those of a CSV file with a column siret, or those due")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, if any."""
        parser.add_argument("file", type=Path, nargs="?", help=_("without a file: the companies whose facts are old"))

    def handle(self, *_args: Any, file: Path | None, **_options: Any) -> None:
        """Look up, tell how far it is, report."""
        if file is None:
            self._look_up(due_numbers(now=timezone.now()))
            return
        try:
            with file.open("rb") as content:
                self._look_up(numbers_in(content))
        except OSError as error:
            raise CommandError(_("Cannot read %(file)s: %(why)s") % {"file": file, "why": error.strerror}) from error

    def _look_up(self, numbers: Iterable[tuple[int, str]]) -> None:
        counts: Counter[str] = Counter()
        try:
            for done, looked_up in enumerate(look_up_each(numbers, clock=timezone.now), start=1):
                counts[looked_up.status or ""] += 1
                self._tell(looked_up)
                if done % EVERY == 0:
                    self._progress(done)
        except RegisterUnavailable as error:
            self._report(counts)
            raise CommandError(str(error)) from error
        self._report(counts)

    def _tell(self, looked_up: LineLookUp) -> None:
        if looked_up.message:
            self.stderr.write(_("line %(line)d: %(message)s") % {"line": looked_up.line, "message": looked_up.message})

    def _progress(self, done: int) -> None:
        self.stdout.write(_("%(done)d looked up …") % {"done": done})
        sys.stdout.flush()

    def _report(self, counts: Counter[str]) -> None:
        for status in FactsStatus:
            if counts[status]:
                self.stdout.write(_("%(status)s: %(count)d") % {"status": status.label, "count": counts[status]})
        if counts[""]:
            self.stdout.write(_("not a SIRET: %(count)d") % {"count": counts[""]})

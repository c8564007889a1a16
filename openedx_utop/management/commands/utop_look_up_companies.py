"""`utop_look_up_companies [FILE]`: facts of the public register for a list of companies, or for those that are due."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from math import ceil
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from openedx_utop.organizations.api import (
    FactsStatus,
    LineLookUp,
    RegisterUnavailable,
    count_due,
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
            self._look_up(due_numbers(now=timezone.now()), count_due(now=timezone.now()))
            return
        try:
            with file.open("rb") as content:
                total = sum(1 for _number in numbers_in(content))
                content.seek(0)
                self._look_up(numbers_in(content), total)
        except OSError as error:
            raise CommandError(_("Cannot read %(file)s: %(why)s") % {"file": file, "why": error.strerror}) from error

    def _look_up(self, numbers: Iterable[tuple[int, str]], total: int) -> None:
        counts: Counter[str] = Counter()
        started = monotonic()
        try:
            for done, looked_up in enumerate(look_up_each(numbers, clock=timezone.now), start=1):
                counts[looked_up.status or ""] += 1
                self._tell(looked_up)
                if done % EVERY == 0:
                    self._progress(done, total, monotonic() - started)
        except RegisterUnavailable as error:
            self._report(counts)
            raise CommandError(str(error)) from error
        self._report(counts)

    def _tell(self, looked_up: LineLookUp) -> None:
        if looked_up.message:
            self.stderr.write(_("line %(line)d: %(message)s") % {"line": looked_up.line, "message": looked_up.message})

    def _progress(self, done: int, total: int, seconds: float) -> None:
        minutes = ceil(seconds / done * (total - done) / 60)
        progress = {"done": done, "total": total, "minutes": minutes}
        self.stdout.write(_("%(done)d of %(total)d looked up, %(minutes)d min to go") % progress)
        self.stdout.flush()

    def _report(self, counts: Counter[str]) -> None:
        for status in FactsStatus:
            if counts[status]:
                self.stdout.write(_("%(status)s: %(count)d") % {"status": status.label, "count": counts[status]})
        if counts[""]:
            self.stdout.write(_("not a SIRET: %(count)d") % {"count": counts[""]})

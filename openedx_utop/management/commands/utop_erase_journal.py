"""Erase what the law keeps no longer: from the sealed journal a learner's chain at a time, then certificates."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from openedx_utop.attendance.journal import api
from openedx_utop.attestations import api as attestations


class Command(BaseCommand):
    """It can be stopped and run again at any time; what it buries today it erases once that is sealed."""

    help = _(
        "Erase the chains of the attendance journal that were kept long enough, then the certificates that went with"
        " them. Each chain leaves a sealed tombstone, each certificate its number, its dates and its SHA-256."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, how much of it at most, and in whose name."""
        parser.add_argument("--dry-run", action="store_true", help=_("say what would go, and change nothing"))
        parser.add_argument(
            "--limit",
            type=int,
            default=1000,
            help=_("the most chains to erase, chains to bury, and certificates, at once"),
        )
        parser.add_argument("--by", help=_("who runs it, as the tombstones will say; by default the system's account"))

    def handle(self, *args: Any, dry_run: bool, limit: int, by: str | None, **options: Any) -> None:
        """A line per chain that would go, or a line of what was done; exit status 1 if rows do not hold."""
        if dry_run:
            self._tell(limit)
            return
        erased, buried, waiting = 0, 0, 0
        altered: list[int] = []
        for done in api.erase_over(by=by or getpass.getuser(), now=timezone.now(), limit=limit):
            erased, buried, waiting = erased + done.erased, buried + done.buried, waiting + done.waiting
            altered.extend(done.altered)
        text = _("Erased: {erased} chains. Buried, to be erased once sealed: {buried}. Still waiting: {waiting}.")
        self.stdout.write(text.format(erased=erased, buried=buried, waiting=waiting))
        certificates = attestations.erase_documents_over(now=timezone.now(), limit=limit)
        self.stdout.write(_("Certificates erased: {count}.").format(count=certificates.erased))
        if altered:
            text = _("Left, for their rows do not hold: chains {chains}. Run utop_verify_journal.")
            raise CommandError(text.format(chains=", ".join(map(str, altered))))
        if certificates.altered:
            text = _("Left, for they are not what was issued: certificates {numbers}.")
            raise CommandError(text.format(numbers=", ".join(certificates.altered)))

    def _tell(self, limit: int) -> None:
        for number, course in api.buried(limit=limit):
            self.stdout.write(_("Chain {chain}, {course}: buried").format(chain=number, course=course))
        for each in api.over(now=timezone.now(), limit=limit):
            text = _("Chain {chain}, {course}: last sealed on {day}, kept for {years} years")
            self.stdout.write(text.format(chain=each.number, course=each.course, day=each.last, years=each.years))
        for document in attestations.documents_over(now=timezone.now(), limit=limit):
            text = _("Certificate no. {number}, {course}: issued on {day}, kept for {years} years")
            about = {"course": document.course, "day": document.issued_on, "years": document.years}
            self.stdout.write(text.format(number=document.number, **about))

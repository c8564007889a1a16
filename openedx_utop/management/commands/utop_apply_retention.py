"""Delete what the policy of retention keeps no longer."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from openedx_utop.attendance.retention import apply_retention, overdue
from openedx_utop.enrolment import api as enrolment


class Command(BaseCommand):
    """Safe to run at any time and as often as one likes; once a day is enough."""

    help = "Delete what the policy of retention keeps no longer. Evidence is never deleted by it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--dry-run`: only count."""
        parser.add_argument("--dry-run", action="store_true", help="Say what would be deleted, and delete nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        """A line for each kind of row."""
        is_dry = options["dry_run"]
        text = _("{what}, kept for {days} days: {count} deleted")
        if is_dry:
            text = _("{what}, kept for {days} days: {count} would be deleted")
        for kind, count in (overdue if is_dry else apply_retention)(now=timezone.now()):
            self.stdout.write(text.format(what=kind.name, days=kind.days(), count=count))
        count = (enrolment.overdue if is_dry else enrolment.apply_retention)(now=timezone.now())
        what = _("names and addresses of enrolment lists")
        self.stdout.write(text.format(what=what, days=settings.UTOP_LIST_DAYS, count=count))

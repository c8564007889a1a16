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
        for kind, count in (overdue if is_dry else apply_retention)(now=timezone.now()):
            verb = "would be deleted" if is_dry else "deleted"
            self.stdout.write(f"{kind.name}, kept for {kind.days()} days: {count} {verb}")
        count = (enrolment.overdue if is_dry else enrolment.apply_retention)(now=timezone.now())
        verb = "would be erased" if is_dry else "erased"
        days = settings.UTOP_LIST_DAYS
        self.stdout.write(f"{_('names and addresses of enrolment lists')}, kept for {days} days: {count} {verb}")

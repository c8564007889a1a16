"""Create the triggers by which the database refuses to change the journal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections, router
from django.utils.translation import gettext as _

from openedx_utop.attendance.journal.models import JournalRow
from openedx_utop.attendance.journal.protection import protect


class Command(BaseCommand):
    """What the migration could not do for want of a privilege; safe to run again."""

    help = _("Create the triggers that are missing on the journal's tables.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create, or say what the database answered."""
        refusal = protect(connections[router.db_for_write(JournalRow)])
        if refusal:
            raise CommandError(_("The database refused: {refusal}").format(refusal=refusal))
        self.stdout.write(_("The database refuses to change or delete what the journal holds."))

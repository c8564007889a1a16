"""Rules from a file into a table: all of them or none, one import at a time."""

import zlib
from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from openedx_utop.sectors.rulebook.changes import Changes, changes_of
from openedx_utop.sectors.rulebook.data import ImportReport, StaleImport, Table
from openedx_utop.sectors.rulebook.models import RuleImport
from openedx_utop.sectors.rulebook.tables import add, change

# Imports that start together go one after the other; more than a few at once are no operators.
ATTEMPTS = 10


def import_rules(
    lines: Iterable[str], *, today: date, table: Table = Table.SECTORS, dry_run: bool = False
) -> ImportReport:
    """Add the rules of the file and change those it closes or re-sources; rules it does not name stay.

    With any error nothing is written, and every error is listed. `dry_run`: only the report.
    """
    lines = list(lines)
    if dry_run:
        return changes_of(lines, table=table, today=today).report
    content, now = zlib.compress("\n".join(lines).encode()), timezone.now()
    for _attempt in range(ATTEMPTS):
        record = RuleImport(table=table, content=content, sent_at=now)
        try:
            return carry_out(record, lines, today=today, since=edition(), by=None, now=now).report
        except StaleImport:
            continue
    raise StaleImport(stale())


def edition() -> int:
    """The number of the last import that was applied; 0 before the first."""
    return RuleImport.objects.aggregate(last=Max("edition"))["last"] or 0


def carry_out(
    record: RuleImport, lines: Iterable[str], *, today: date, since: int, by: int | None, now: datetime
) -> Changes:
    """Write what the file changes, as the import that follows the edition `since`; nothing if there is an error.

    Raises StaleImport when another import came between.
    """
    try:
        with transaction.atomic():
            # First of all a write: the next edition is claimed before the tables are read.
            record.edition, record.applied_by, record.applied_at = since + 1, by, now
            record.save()
            changes = changes_of(lines, table=record.table_kind, today=today)
            if changes.errors or not (changes.created or changes.updated):
                transaction.set_rollback(True)
                record.edition = None
                return changes
            add(changes.table, changes.created.values())
            change(changes.table, changes.updated.values())
            record.created, record.updated = len(changes.created), len(changes.updated)
            record.save(update_fields=["created", "updated"])
    except IntegrityError as error:
        raise StaleImport(stale()) from error
    return changes


def stale() -> str:
    """That what was looked at is no longer so."""
    return _("The rules have changed in the meantime. Look at what your file would change now, then apply it.")

"""Rules from a file into a table: all of them or none, one import at a time."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from openedx_utop.official_time import official_day
from openedx_utop.sectors.rulebook.changes import Changes, by_line, changes_of, each_change
from openedx_utop.sectors.rulebook.data import (
    ImportReport,
    LineError,
    StaleImport,
    Table,
    UnknownImport,
    UnreadableFile,
)
from openedx_utop.sectors.rulebook.files import decoded_lines
from openedx_utop.sectors.rulebook.models import RuleImport
from openedx_utop.sectors.rulebook.tables import add, change

# Imports that start together go one after the other; more than a few at once are no operators.
ATTEMPTS = 10
MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Preview:
    """What a file would change in a table whose last edition is `since`."""

    table: Table
    since: int
    changes: Changes


def import_rules(
    lines: Iterable[str], *, today: date, table: Table = Table.SECTORS, dry_run: bool = False
) -> ImportReport:
    """Add the rules of the file and change those it closes or re-sources; rules it does not name stay.

    With any error nothing is written, and every error is listed. `dry_run`: only the report.
    """
    lines = list(lines)
    if dry_run:
        return changes_of(lines, table=table, today=today).report
    content, now = _packed(lines), timezone.now()
    for _attempt in range(ATTEMPTS):
        record = RuleImport(table=table, content=content, sent_at=now)
        try:
            return carry_out(record, lines, today=today, since=edition(), by=None, now=now)
        except StaleImport:
            continue
    raise StaleImport(stale())


def receive(content: bytes, *, table: Table, by: int, now: datetime) -> UUID:
    """Keep a file until it is applied; those that nobody applied are forgotten. Raises UnreadableFile."""
    if len(content) > MOST_BYTES:
        sentence = _("The file is larger than %(megabytes)d MB: cut it into several.")
        raise UnreadableFile(sentence % {"megabytes": MOST_BYTES // MEGABYTE})
    if not content.strip():
        raise UnreadableFile(_("The file is empty."))
    RuleImport.objects.filter(edition=None, sent_at__lt=now - KEPT).delete()
    return RuleImport.objects.create(table=table, content=zlib.compress(content), sent_by=by, sent_at=now).uuid


def look_at(import_uuid: UUID, *, today: date) -> Preview:
    """What the file would change; nothing is written. Raises UnknownImport."""
    record, since = _waiting(import_uuid), edition()
    return Preview(record.table_kind, since, changes_of(_lines(record), table=record.table_kind, today=today))


def apply_file(import_uuid: UUID, *, since: int, by: int, now: datetime) -> ImportReport:
    """Apply what was looked at on the edition `since`, once. Raises UnknownImport and StaleImport.

    Call it outside a transaction: the edition must be claimed before anything is read.
    """
    record = _waiting(import_uuid)
    return carry_out(record, _lines(record), today=official_day(now), since=since, by=by, now=now)


def _waiting(import_uuid: UUID) -> RuleImport:
    record = RuleImport.objects.filter(uuid=import_uuid, edition=None).first()
    if record is None:
        raise UnknownImport(_("This file has been applied, or was sent too long ago. Send it again."))
    return record


def _lines(record: RuleImport) -> list[str]:
    return decoded_lines(zlib.decompress(record.content))


def edition() -> int:
    """The number of the last import that was applied; 0 before the first."""
    return RuleImport.objects.aggregate(last=Max("edition"))["last"] or 0


def carry_out(
    record: RuleImport, lines: Sequence[str], *, today: date, since: int, by: int | None, now: datetime
) -> ImportReport:
    """Write what the file changes, as the import that follows the edition `since`; nothing if there is an error.

    Raises StaleImport when another import came between.
    """
    try:
        with transaction.atomic():
            # First of all a write: the next edition is claimed before the tables are read.
            record.edition, record.applied_by, record.applied_at = since + 1, by, now
            record.save()
            report = _written(lines, record.table_kind, today)
            if report.errors or not (report.created or report.updated):
                transaction.set_rollback(True)
                record.edition = None
                return report
            record.created, record.updated = report.created, report.updated
            record.save(update_fields=["created", "updated"])
    except IntegrityError as error:
        raise StaleImport(stale()) from error
    return report


def _written(lines: Sequence[str], table: Table, today: date) -> ImportReport:
    """Write the file portion by portion, up to the first error; the caller undoes what came before it."""
    created = updated = unchanged = 0
    errors: list[LineError] = []
    for part in each_change(lines, table=table, today=today):
        errors += part.errors
        if not errors:
            add(table, part.created.values())
            change(table, part.updated.values())
        created, updated = created + len(part.created), updated + len(part.updated)
        unchanged += part.unchanged
    return ImportReport(0, 0, 0, by_line(errors)) if errors else ImportReport(created, updated, unchanged, ())


def _packed(lines: Iterable[str]) -> bytes:
    packer = zlib.compressobj()
    return b"".join([*(packer.compress(f"{line}\n".encode()) for line in lines), packer.flush()])


def stale() -> str:
    """That what was looked at is no longer so."""
    return _("The rules have changed in the meantime. Look at what your file would change now, then apply it.")

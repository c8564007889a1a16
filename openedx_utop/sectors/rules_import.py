"""Rules from a file into the table, all of them or none."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from openedx_utop.sectors.data import ImportReport, Rule
from openedx_utop.sectors.models import Sector, SectorRule
from openedx_utop.sectors.rules_file import parsed


def import_rules(lines: Iterable[str], *, today: date, dry_run: bool = False) -> ImportReport:
    """Add the rules of the file and change those it closes or re-sources; rules it does not name stay.

    With any error nothing is written, and every error is listed. `dry_run`: only the report.
    """
    sector_ids = dict(Sector.objects.values_list("slug", "pk"))
    rules, errors = parsed(lines, sectors=sector_ids, today=today)
    if errors:
        return ImportReport(created=0, updated=0, unchanged=0, errors=errors)
    with transaction.atomic():
        done = [_stored(rule, sector_ids[rule.sector], dry_run=dry_run) for rule in rules.values()]
    return ImportReport(done.count("created"), done.count("updated"), done.count("unchanged"), errors=())


def _stored(rule: Rule, sector_id: int, *, dry_run: bool) -> str:
    start: dict[str, Any] = {
        "kind": rule.kind,
        "code": rule.code,
        "sector_id": sector_id,
        "valid_from": rule.valid_from,
    }
    facts: dict[str, Any] = {"valid_to": rule.valid_to, "source": rule.source}
    known = SectorRule.objects.filter(**start)
    if known.filter(**facts).exists():
        return "unchanged"
    outcome = "updated" if known.exists() else "created"
    if not dry_run:
        SectorRule.objects.update_or_create(defaults=facts, **start)
    return outcome

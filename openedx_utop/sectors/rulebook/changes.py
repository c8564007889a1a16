"""What a file would change in a table: which rules are new, which end otherwise, what contradicts what."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import chain

from django.utils.translation import gettext as _

from openedx_utop.sectors.models import Sector
from openedx_utop.sectors.rulebook.data import ImportReport, LineError, Rule, Table
from openedx_utop.sectors.rulebook.files import Known, Portion, Start, parsed, portions_of, start_of
from openedx_utop.sectors.rulebook.rules import Rulebook, holds, overlaps
from openedx_utop.sectors.rulebook.tables import Stored, stored, stored_about

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Changes:
    """The lines that change something, by number, and those that cannot be; `updated` are rows as they would be.

    `removed`: by their keys, rules as they are that would hold no longer, unless they are among the updated.
    """

    table: Table
    created: Mapping[int, Rule]
    updated: Mapping[int, Stored]
    unchanged: int
    errors: tuple[LineError, ...]
    removed: Mapping[int, Rule] = field(default_factory=dict)

    @property
    def report(self) -> ImportReport:
        """In numbers."""
        if self.errors:
            return ImportReport(created=0, updated=0, unchanged=0, errors=self.errors)
        return ImportReport(len(self.created), len(self.updated), self.unchanged, errors=())


def changes_of(lines: Iterable[str], *, table: Table, today: date) -> Changes:
    """Hold a file against the table; nothing is written."""
    created: dict[int, Rule] = {}
    updated: dict[int, Stored] = {}
    unchanged, errors = 0, list[LineError]()
    for part in each_change(list(lines), table=table, today=today):
        created |= part.created
        updated |= part.updated
        unchanged += part.unchanged
        errors += part.errors
    return Changes(table, created, updated, unchanged, by_line(errors))


def each_change(lines: Sequence[str], *, table: Table, today: date) -> Iterator[Changes]:
    """The same in portions, so that a long file takes little more memory than its text.

    What one portion changes is nothing that another asks about: it may be written before the next is looked at.
    """
    sectors = frozenset(Sector.objects.values_list("slug", flat=True))
    for portion in portions_of(lines, table):
        yield _changes(lines, portion, table, sectors, today)


def by_line(errors: Iterable[LineError]) -> tuple[LineError, ...]:
    """As they follow in the file."""
    return tuple(sorted(errors, key=lambda error: error.line))


def _changes(lines: Sequence[str], portion: Portion, table: Table, sectors: Collection[str], today: date) -> Changes:
    rows = {start_of(row.rule): row for row in stored_about(table, portion.codes)}
    rules, errors = parsed(lines, portion, table=table, known=_known(rows, sectors, today))
    errors += _overlapping(table, rows, rules)
    created: dict[int, Rule] = {}
    updated: dict[int, Stored] = {}
    seen: set[Start] = set()
    for number, rule in rules.items():
        start = start_of(rule)
        if start in seen:
            continue
        seen.add(start)
        if start not in rows:
            created[number] = rule
        elif rows[start].rule != rule:
            updated[number] = replace(rows[start], rule=rule)
    unchanged = len(rules) - len(created) - len(updated)
    return Changes(table, created, updated, unchanged, by_line(errors))


def rulebook_after(changes: Changes, day: date) -> Rulebook:
    """The rules of a day as they would be."""
    updated = {row.pk: row for row in changes.updated.values()}
    tables = {
        table: (row.rule for row in stored(table))
        if table is not changes.table
        else chain(_rules_after(changes, updated), changes.created.values())
        for table in Table
    }
    return Rulebook(tables[Table.SECTORS], tables[Table.OPCOS], day=day)


def _rules_after(changes: Changes, updated: Mapping[int, Stored]) -> Iterator[Rule]:
    """Those of the table that are there already."""
    for row in stored(changes.table):
        if row.pk in updated or row.pk not in changes.removed:
            yield updated.get(row.pk, row).rule


def days_of_effect(changes: Changes, today: date) -> tuple[date, ...]:
    """Today, then each later day on which a changed rule begins, or has just ended."""
    rules = [*changes.created.values(), *(row.rule for row in changes.updated.values()), *changes.removed.values()]
    turns = {rule.valid_from for rule in rules} | {rule.valid_to + DAY for rule in rules if rule.valid_to}
    return today, *sorted(day for day in turns if day > today)


def _known(rows: Mapping[Start, Stored], sectors: Collection[str], today: date) -> Known:
    running = {start[:3]: start[3] for start, row in rows.items() if holds(row.rule, today)}
    return Known(sectors, running, today)


def _overlapping(table: Table, rows: Mapping[Start, Stored], rules: dict[int, Rule]) -> list[LineError]:
    """Lines that would leave two periods of one rule, or two OPCO of one agreement, on the same day."""
    lines = {start_of(rule): number for number, rule in reversed(rules.items())}
    final = {start: row.rule for start, row in rows.items()} | {start_of(rule): rule for rule in rules.values()}
    return [error for group in _exclusive(table, final.values(), lines) for error in _meeting(group, lines)]


def _exclusive(table: Table, rules: Iterable[Rule], lines: Mapping[Start, int]) -> Iterator[list[Rule]]:
    """The rules of which one alone may hold on a day, where the file has a say."""
    groups: defaultdict[tuple[str, ...], list[Rule]] = defaultdict(list)
    for rule in rules:
        groups[(rule.code,) if table is Table.OPCOS else (rule.kind, rule.code, rule.target)].append(rule)
    return (group for group in groups.values() if len(group) > 1 and any(start_of(rule) in lines for rule in group))


def _meeting(group: list[Rule], lines: Mapping[Start, int]) -> Iterator[LineError]:
    for earlier, later in overlaps(group):
        numbers = [lines.get(start_of(rule)) for rule in (later, earlier)]
        number = next((each for each in numbers if each is not None), None)
        if number is not None:
            other = earlier if numbers[0] is not None else later
            sentence = _("%(code)s already leads to “%(target)s” from %(day)s on: give that rule its last day first")
            values = {"code": other.code, "target": other.target, "day": other.valid_from.isoformat()}
            yield LineError(number, sentence % values)

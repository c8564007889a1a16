"""The two tables as the importer sees them: rows that lead from a code to a target between two dates."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from sys import intern
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from openedx_utop.sectors.models import Sector
from openedx_utop.sectors.rulebook.data import CompanyCodes, Rule, Table
from openedx_utop.sectors.rulebook.models import AgreementOpco, SectorRule
from openedx_utop.sectors.rulebook.rules import IDCC, NAF, OPCO, Rulebook, naf_prefixes, spoken

PORTION = 1_000
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Stored:
    """A row and the rule that it holds."""

    pk: int
    rule: Rule


def stored(table: Table) -> Iterator[Stored]:
    """Every row of a table, read in portions."""
    for row in _cells(table, _rows_of(table)).iterator(chunk_size=PORTION):
        yield Stored(row[0], _rule(table, row[1:]))


def stored_about(table: Table, codes: Collection[str]) -> Iterator[Stored]:
    """The rows of these codes."""
    named = Q(idcc__in=codes) if table is Table.OPCOS else Q(code__in=codes)
    for row in _cells(table, _rows_of(table).filter(named)).iterator(chunk_size=PORTION):
        yield Stored(row[0], _rule(table, row[1:]))


def add(table: Table, rules: Iterable[Rule]) -> None:
    """Insert, by portions, so that a long file needs no more memory than a short one."""
    sector_ids = dict(Sector.objects.values_list("slug", "pk"))
    for portion in portions(rules):
        if table is Table.OPCOS:
            AgreementOpco.objects.bulk_create(map(_agreement_row, portion))
        else:
            SectorRule.objects.bulk_create(_rule_row(rule, sector_ids) for rule in portion)


def change(table: Table, rows: Iterable[Stored]) -> None:
    """Write the last day and the source of these rows, by portions."""
    model: type[Model] = AgreementOpco if table is Table.OPCOS else SectorRule
    for portion in portions(rows):
        changed = [model(pk=row.pk, valid_to=row.rule.valid_to, source=row.rule.source) for row in portion]
        model._default_manager.bulk_update(changed, ["valid_to", "source"], batch_size=PORTION // 4)


def portions(values: Iterable[Value]) -> Iterator[list[Value]]:
    """The values by the thousand."""
    remaining = iter(values)
    while portion := list(islice(remaining, PORTION)):
        yield portion


def rule_of(row: SectorRule | AgreementOpco) -> Rule:
    """What a row says, saved or not."""
    if isinstance(row, AgreementOpco):
        return Rule(IDCC, row.idcc, row.opco, row.valid_from, row.valid_to, row.source)
    return Rule(row.kind, row.code, row.sector.slug, row.valid_from, row.valid_to, row.source)


def whole_rulebook(day: date) -> Rulebook:
    """Every rule of a day."""
    return Rulebook((row.rule for row in stored(Table.SECTORS)), (row.rule for row in stored(Table.OPCOS)), day=day)


def rulebook_about(codes: CompanyCodes, day: date) -> Rulebook:
    """The rules that concern one company; two queries."""
    idccs = spoken(codes.idccs)
    agreements = _found(Table.OPCOS, Q(idcc__in=idccs)) if idccs else []
    opcos = {codes.opco, *(rule.target for rule in agreements)} - {""}
    asked = Q(kind=IDCC, code__in=idccs) | Q(kind=OPCO, code__in=opcos) | Q(kind=NAF, code__in=naf_prefixes(codes.naf))
    return Rulebook(_found(Table.SECTORS, asked), agreements, day=day)


def _found(table: Table, asked: Q) -> list[Rule]:
    return [_rule(table, row[1:]) for row in _cells(table, _rows_of(table).filter(asked))]


def _rows_of(table: Table) -> QuerySet[Any]:
    return AgreementOpco.objects.all() if table is Table.OPCOS else SectorRule.objects.all()


def _cells(table: Table, rows: QuerySet[Any]) -> QuerySet[Any, tuple[Any, ...]]:
    named = ("idcc", "opco") if table is Table.OPCOS else ("kind", "code", "sector__slug")
    return rows.order_by("pk").values_list("pk", *named, "valid_from", "valid_to", "source")


def _rule(table: Table, cells: tuple[Any, ...]) -> Rule:
    *named, valid_from, valid_to, source = cells
    kind, code, target = (IDCC, *named) if table is Table.OPCOS else named
    return Rule(intern(kind), intern(code), intern(target), valid_from, valid_to, intern(source))


def _agreement_row(rule: Rule) -> AgreementOpco:
    return AgreementOpco(
        idcc=rule.code, opco=rule.target, valid_from=rule.valid_from, valid_to=rule.valid_to, source=rule.source
    )


def _rule_row(rule: Rule, sector_ids: Mapping[str, int]) -> SectorRule:
    return SectorRule(
        kind=rule.kind,
        code=rule.code,
        sector_id=sector_ids[rule.target],
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        source=rule.source,
    )

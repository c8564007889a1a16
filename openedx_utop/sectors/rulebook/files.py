"""The operator's two files, with a header or none, dates as 2026-12-31.

Sector rules: `kind;code;sector;valid_from;valid_to;source`. OPCO: `idcc;opco;valid_from;valid_to;source`.
"""

import csv
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from sys import intern
from zlib import crc32

from django.utils.translation import gettext as _

from openedx_utop.organizations.api import InvalidCode, normalise_idcc, normalise_naf, normalise_opco
from openedx_utop.sectors.rulebook.data import LineError, Rule, Table
from openedx_utop.sectors.rulebook.rules import IDCC, NAF, OPCO
from openedx_utop.spreadsheets import decoded

DATED = ("valid_from", "valid_to", "source")
COLUMNS = {Table.SECTORS: ("kind", "code", "sector", *DATED), Table.OPCOS: ("idcc", "opco", *DATED)}
LONGEST_SOURCE = 255
# What comes after is not read; such a line is refused for the length of its source.
LONGEST_LINE = 5_000

# Of a file, whose other lines wait as they were written.
LINES_AT_ONCE = 5_000

Start = tuple[str, str, str, date]
"""Kind, code, target and first day: what tells one rule from another."""


@dataclass(frozen=True)
class Portion:
    """Some lines of a file by their numbers, the codes that they name, and what cuts them into cells."""

    numbers: "array[int]"
    codes: set[str]
    delimiter: str = ";"


@dataclass(frozen=True)
class Known:
    """What a line is held against: the slugs of the sectors, and since when each rule of today has held."""

    sectors: Collection[str]
    running: Mapping[tuple[str, str, str], date]
    today: date


def decoded_lines(content: bytes) -> list[str]:
    """The lines of a file as spreadsheets write it."""
    # Not `splitlines`, which also cuts at the ellipsis of a spreadsheet under Windows.
    return decoded(content).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def start_of(rule: Rule) -> Start:
    """What tells this rule from another."""
    return rule.kind, rule.code, rule.target, rule.valid_from


def portions_of(lines: Sequence[str], table: Table) -> Iterator[Portion]:
    """A file in portions, none of which says anything of another's codes: each can be held against the table alone."""
    delimiter, found = "", [Portion(array("L"), set()) for _ in range(len(lines) // LINES_AT_ONCE + 1)]
    for number, cut, cells in _rows(lines, COLUMNS[table]):
        delimiter, code = cut, _code(cells, table)
        portion = found[crc32(code.encode()) % len(found)]
        portion.numbers.append(number)
        portion.codes.add(intern(code))
    return (replace(portion, delimiter=delimiter) for portion in found if portion.numbers)


def parsed(
    lines: Sequence[str], portion: Portion, *, table: Table, known: Known
) -> tuple[dict[int, Rule], list[LineError]]:
    """The rules of a portion of the lines, by line number, and every error.

    A rule without a first day is the one that holds today, else it starts today.
    """
    rules: dict[int, Rule] = {}
    errors: list[LineError] = []
    first_lines: dict[Start, int] = {}
    for number in portion.numbers:
        cells = _cells(lines[number - 1].removeprefix("\ufeff").strip(), portion.delimiter)
        try:
            rule = _rule(cells, table, known)
            _refuse_contradiction(rule, first_lines.setdefault(start_of(rule), number), rules)
        except ValueError as error:
            errors.append(LineError(number, str(error)))
        else:
            rules[number] = rule
    return rules, errors


def _rows(lines: Iterable[str], columns: tuple[str, ...]) -> Iterator[tuple[int, str, list[str]]]:
    """Each line that says something, with its number; cut at semicolons if the first of them has one, else commas."""
    delimiter = ""
    for number, line in enumerate(lines, start=1):
        text = line.removeprefix("\ufeff").strip()
        if not text or text.startswith("#"):
            continue
        is_first = not delimiter
        delimiter = delimiter or (";" if ";" in text else ",")
        cells = _cells(text, delimiter)
        if not (is_first and [cell.lower() for cell in cells[:2]] == list(columns[:2])):
            yield number, delimiter, cells


def _cells(text: str, delimiter: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([text[:LONGEST_LINE]], delimiter=delimiter))]


def _code(cells: list[str], table: Table) -> str:
    """What the lines of one portion have in common; a line that says no code contradicts no other."""
    kind, code = (IDCC, cells[0]) if table is Table.OPCOS else [*cells, "", ""][:2]
    try:
        return normalised_code(kind.lower(), code)
    except ValueError:
        return ""


def _rule(cells: list[str], table: Table, known: Known) -> Rule:
    columns = COLUMNS[table]
    if len(cells) > len(columns):
        sentence = _("more than %(count)d columns; a text that contains the separator goes between quotation marks")
        raise ValueError(sentence % {"count": len(columns)})
    *named, valid_from, valid_to, source = [*cells, *[""] * len(columns)][: len(columns)]
    kind, code, target = _sector_rule(named, known) if table is Table.SECTORS else _agreement(named)
    if len(source) > LONGEST_SOURCE:
        raise ValueError(_("the source is longer than 255 characters"))
    first = _day(valid_from) or known.running.get((kind, code, target), known.today)
    last = _day(valid_to)
    if last is not None and last < first:
        raise ValueError(_("the last day comes before the first day"))
    # A long file says the same few things over and over.
    return Rule(intern(kind), intern(code), intern(target), first, last, intern(source))


def _sector_rule(named: list[str], known: Known) -> tuple[str, str, str]:
    kind, code, sector = named
    if sector not in known.sectors:
        raise ValueError(_("unknown sector “%(slug)s”") % {"slug": sector})
    return kind.lower(), normalised_code(kind.lower(), code), sector


def _agreement(named: list[str]) -> tuple[str, str, str]:
    idcc, opco = named
    return IDCC, normalised_code(IDCC, idcc), normalised_code(OPCO, opco)


def normalised_code(kind: str, text: str) -> str:
    """The code as companies carry it; raises ValueError with what is wrong."""
    if kind not in NORMALISE:
        raise ValueError(_("unknown kind “%(kind)s”: write idcc, opco or naf") % {"kind": kind})
    code = NORMALISE[kind](text)
    if not code:
        raise InvalidCode(_("the code is missing"))
    return code


def _opco(text: str) -> str:
    slug = normalise_opco(text)
    if text and not slug:
        raise InvalidCode(_("unknown OPCO “%(name)s”") % {"name": text})
    return slug


NORMALISE: dict[str, Callable[[str], str]] = {IDCC: normalise_idcc, OPCO: _opco, NAF: normalise_naf}


@lru_cache
def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("bad date “%(text)s”: write it as 2026-12-31") % {"text": text}) from None


def _refuse_contradiction(rule: Rule, first_line: int, rules: Mapping[int, Rule]) -> None:
    """Two lines for one rule may only say the same."""
    if rules.get(first_line, rule) != rule:
        raise ValueError(_("contradicts line %(line)d") % {"line": first_line})

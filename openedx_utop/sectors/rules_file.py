"""The file of rules: `kind;code;sector;valid_from;valid_to;source`, a header or none, dates as 2026-12-31."""

import csv
from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext as _

from openedx_utop.organizations.api import InvalidCode, normalise_idcc, normalise_naf
from openedx_utop.sectors.data import LineError, Rule
from openedx_utop.sectors.rules import IDCC, NAF

COLUMNS = ("kind", "code", "sector", "valid_from", "valid_to", "source")
NORMALISE = {IDCC: normalise_idcc, NAF: normalise_naf}
LONGEST_SOURCE = 255


def decoded_lines(content: bytes) -> list[str]:
    """The lines of a file in UTF-8, with or without its mark, or in Latin-1 as older spreadsheets write it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.splitlines()


def parsed(
    lines: Iterable[str], *, sectors: Collection[str], today: date
) -> tuple[dict[int, Rule], tuple[LineError, ...]]:
    """The rules by line number, and every error; a rule without a first day starts today."""
    rules: dict[int, Rule] = {}
    errors: list[LineError] = []
    for number, cells in _rows(lines):
        try:
            rule = _rule(cells, sectors, today)
            _refuse_contradiction(rule, rules)
        except ValueError as error:
            errors.append(LineError(number, str(error)))
        else:
            rules[number] = rule
    return rules, tuple(errors)


def _rows(lines: Iterable[str]) -> Iterable[tuple[int, list[str]]]:
    """Each line that says something, with its number; cut at semicolons if the first of them has one, else commas."""
    delimiter = ""
    for number, line in enumerate(lines, start=1):
        text = line.removeprefix("\ufeff").strip()
        if not text or text.startswith("#"):
            continue
        is_first = not delimiter
        delimiter = delimiter or (";" if ";" in text else ",")
        cells = [cell.strip() for cell in next(csv.reader([text], delimiter=delimiter))]
        if not (is_first and cells[0].lower() == COLUMNS[0]):
            yield number, cells


def _rule(cells: list[str], sectors: Collection[str], today: date) -> Rule:
    if len(cells) > len(COLUMNS):
        raise ValueError(_("more than 6 columns; a text that contains the separator goes between quotation marks"))
    kind, code, sector, valid_from, valid_to, source = [*cells, *[""] * len(COLUMNS)][: len(COLUMNS)]
    if sector not in sectors:
        raise ValueError(_("unknown sector “%(slug)s”") % {"slug": sector})
    if len(source) > LONGEST_SOURCE:
        raise ValueError(_("the source is longer than 255 characters"))
    first = _day(valid_from) or today
    last = _day(valid_to)
    if last is not None and last < first:
        raise ValueError(_("the last day comes before the first day"))
    return Rule(kind.lower(), _code(kind.lower(), code), sector, first, last, source)


def _code(kind: str, text: str) -> str:
    if kind not in NORMALISE:
        raise ValueError(_("unknown kind “%(kind)s”: write idcc or naf") % {"kind": kind})
    code = NORMALISE[kind](text)
    if not code:
        raise InvalidCode(_("the code is missing"))
    return code


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("bad date “%(text)s”: write it as 2026-12-31") % {"text": text}) from None


def _refuse_contradiction(rule: Rule, rules: dict[int, Rule]) -> None:
    start = (rule.kind, rule.code, rule.sector, rule.valid_from)
    for number, other in rules.items():
        if (other.kind, other.code, other.sector, other.valid_from) == start and other != rule:
            raise ValueError(_("contradicts line %(line)d") % {"line": number})

"""The list as people paste it: `email;nom;prenom;siret;secteur;niveau`, headed or not, from a spreadsheet or a file."""

import csv
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

from django.utils.translation import gettext as _

from openedx_utop.enrolment.data import BadList, Line
from openedx_utop.spreadsheets import decoded

MOST_BYTES = 1_000_000
MOST_LINES = 5_000
LONGEST_CELL = 255
DELIMITERS = ("\t", ";", ",")
COLUMNS = ("email", "last_name", "first_name", "siret", "sector", "level")
# Without accents, punctuation and capitals; in the order of COLUMNS.
HEADERS = {
    "email": "email|e mail|mail|courriel|adresse email|adresse e mail|adresse electronique|email address",
    "last_name": "nom|nom de famille|last name|surname|family name",
    "first_name": "prenom|first name|given name",
    "siret": "siret|numero siret|n siret",
    "sector": "secteur|metier|filiere|sector|trade",
    "level": "niveau|level",
}
COLUMN = {header: column for column, headers in HEADERS.items() for header in headers.split("|")}


def read_list(content: bytes) -> tuple[Line, ...]:
    """The lines that say something; raises BadList for a list too long to be one, or empty."""
    if len(content) > MOST_BYTES:
        raise BadList(_("This list is larger than 1 MB. Cut it into several lists."))
    lines = lines_of(content)
    if not lines:
        raise BadList(_("The list is empty. Paste one line per person, the e-mail address first."))
    return lines


def lines_of(content: bytes) -> tuple[Line, ...]:
    """The same of a list that was read before, and may have been emptied since."""
    return tuple(_lines(decoded(content).replace("\0", "")))


def without(content: bytes, numbers: Collection[int]) -> bytes:
    """The list with these lines emptied; the others keep their numbers."""
    lines = enumerate(_cut(decoded(content)), start=1)
    return "\n".join("" if number in numbers else line for number, line in lines).encode()


def plain(text: str) -> str:
    """A heading or a name to compare: without accents, capitals and punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(each for each in letters if not unicodedata.combining(each))))


def _lines(text: str) -> Iterator[Line]:
    columns: Sequence[str] | None = None
    count = 0
    for number, cells in _rows(text):
        if not any(cells):
            continue
        if columns is None:
            columns = _columns(cells)
            if columns is not COLUMNS:
                continue
        count += 1
        if count > MOST_LINES:
            raise BadList(_("This list has more than 5,000 lines. Cut it into several lists."))
        yield _line(number, cells, columns)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each line with its number. A line is cut alone: a quotation mark left open spoils no other."""
    lines = _cut(text)
    first = next((line for line in lines if line.strip()), "")
    delimiter = next((each for each in DELIMITERS if each in first), ";")
    for number, line in enumerate(lines, start=1):
        yield number, [_cell(cell) for cell in next(csv.reader([line], delimiter=delimiter), [])]


def _cut(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _cell(text: str) -> str:
    return " ".join(text.split())


def _columns(cells: Sequence[str]) -> Sequence[str]:
    """The columns that the first line names; COLUMNS itself if it names none and is a person already."""
    named = [COLUMN.get(plain(cell), "") for cell in cells]
    return named if "email" in named else COLUMNS


def _line(number: int, cells: Sequence[str], columns: Sequence[str]) -> Line:
    surplus = any(cells[len(columns) :]) or any(len(cell) > LONGEST_CELL for cell in cells)
    said = {name: cell[:LONGEST_CELL] for name, cell in zip(columns, cells, strict=False) if name}
    return Line(number, **said, surplus=surplus)

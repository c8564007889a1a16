"""Skills out of the files that ESCO, ROME and France compétences publish, and of our own four columns."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from openedx_utop.badges.data import InvalidSkill
from openedx_utop.badges.templates import ABSOLUTE_IRI

COLUMNS = ("framework", "code", "name", "url")
LONGEST = (32, 64, 500, 500)
ROME = "https://candidat.francetravail.fr/metierscope/fiche-metier/{code}"
CERTIFICATION = "https://www.francecompetences.fr/recherche/{kind}/{number}/"

# The skills of ROME have no page each: the address of the whole, and which one.
ROME_SKILLS = "https://www.data.gouv.fr/fr/datasets/repertoire-operationnel-des-metiers-et-des-emplois-rome/#{code}"

# Framework, code, name, address.
Row = tuple[str, str, str, str]
Record = Mapping[str, str]


def rows(lines: Iterable[str]) -> Iterator[Row]:
    """The skills of a file, known by the names of its columns. Raises InvalidSkill, which names the line."""
    is_valid = URLValidator(schemes=["http", "https"])
    for number, row in _read(iter(lines)):
        if len(row) != len(COLUMNS) or not all(row):
            raise InvalidSkill(number, _("four columns are expected: framework, code, name, address"))
        if any(len(cell) > longest for cell, longest in zip(row, LONGEST, strict=True)):
            raise InvalidSkill(number, _("a text is too long"))
        framework, code, name, url = row
        try:
            is_valid(url)
        except ValidationError:
            raise InvalidSkill(number, _("“{address}” is no address").format(address=url)) from None
        if not ABSOLUTE_IRI.fullmatch(iri_to_uri(url)):
            raise InvalidSkill(number, _("“{address}” is no address").format(address=url))
        yield framework, code, name, url


def is_published(first: str) -> bool:
    """Whether a file that begins with this line is one whose publisher we know."""
    return _publisher(_header(first)[1]) is not None


def _header(first: str) -> tuple[str, tuple[str, ...]]:
    """What separates the cells, and the names of the columns."""
    delimiter = ";" if ";" in first else ","
    return delimiter, tuple(cell.strip() for cell in next(csv.reader([first], delimiter=delimiter), []))


def _publisher(header: tuple[str, ...]) -> Callable[[Record], Row | None] | None:
    return next((read for wanted, read in PUBLISHED if wanted <= set(header)), None)


def _read(lines: Iterator[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The cells of each skill, with the number of the line that they end on."""
    first = next((line for line in lines if line.strip()), "")
    delimiter, header = _header(first)
    published = _publisher(header)
    # A published file has texts of several lines; in ours a quote that is never closed spoils its own line only.
    if published:
        yield from _published(lines, delimiter, header, published)
        return
    for number, line in enumerate([first, *lines], start=1):
        cells = tuple(cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), []))
        if line.strip() and cells != COLUMNS:
            yield number, cells


def _published(
    lines: Iterator[str], delimiter: str, header: tuple[str, ...], read: Callable[[Record], Row | None]
) -> Iterator[tuple[int, Row]]:
    # With what ends the lines, or words on either side of a break would run together.
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    for cells in reader:
        number = reader.line_num + 1  # after the header
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise InvalidSkill(number, _("this line has not as many columns as the first"))
        row = read({name: cell.strip() for name, cell in zip(header, cells, strict=True)})
        # Some are published without a name.
        if row and row[2]:
            yield number, (*row[:2], _short(row[2]), row[3])


def _short(name: str) -> str:
    """Blocks of competences are published with whole paragraphs for names."""
    longest, text = LONGEST[2], " ".join(name.split())
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _esco(record: Record) -> Row | None:
    """None for what ESCO has given up."""
    if record.get("status") == "obsolete":
        return None
    address = record["conceptUri"]
    return "ESCO", address.rpartition("/")[2], record["preferredLabel"], address


def _rome(record: Record) -> Row:
    code = record["code_rome"]
    return "ROME", code, record["libelle_rome"], ROME.format(code=code)


def _rome_skill(record: Record) -> Row:
    code = record["code_ogr"]
    return "ROME", code, record["libelle_competence"], ROME_SKILLS.format(code=f"competence-{code}")


def _rome_knowledge(record: Record) -> Row:
    code = record["code_ogr_savoir"]
    return "ROME", code, record["libelle_savoir"], ROME_SKILLS.format(code=f"savoir-{code}")


def _block(record: Record) -> Row:
    """A block of competences, on its certification's page: RNCP35521BC01."""
    return "RNCP", record["Bloc_Competences_Code"], record["Bloc_Competences_Libelle"], _page(record["Numero_Fiche"])


def _page(code: str) -> str:
    kind = code.rstrip("0123456789")
    return CERTIFICATION.format(kind=kind.lower(), number=code.removeprefix(kind))


def _certification(record: Record) -> Row | None:
    """None for one that is no longer registered. Codes are RNCP35521 and RS5432."""
    code = record["Numero_Fiche"]
    if record.get("Actif", "") == "INACTIVE":
        return None
    return code.rstrip("0123456789"), code, record["Intitule"], _page(code)


PUBLISHED: tuple[tuple[set[str], Callable[[Record], Row | None]], ...] = (
    ({"conceptUri", "preferredLabel"}, _esco),
    ({"code_rome", "libelle_rome"}, _rome),
    ({"code_ogr", "libelle_competence"}, _rome_skill),
    ({"code_ogr_savoir", "libelle_savoir"}, _rome_knowledge),
    ({"Numero_Fiche", "Intitule"}, _certification),
    ({"Bloc_Competences_Code", "Bloc_Competences_Libelle"}, _block),
)

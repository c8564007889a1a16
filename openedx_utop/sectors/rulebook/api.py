"""The door of the rulebook: the operator's dated data that lead from companies to sectors."""

from datetime import date
from pathlib import Path

from openedx_utop.sectors.rulebook.data import (
    CompanyCodes,
    ImportReport,
    LineError,
    Match,
    Rule,
    StaleImport,
    Table,
    UnknownImport,
    UnreadableFile,
)
from openedx_utop.sectors.rulebook.files import decoded_lines
from openedx_utop.sectors.rulebook.importing import import_rules
from openedx_utop.sectors.rulebook.tables import rulebook_about

__all__ = [
    "SHIPPED_OPCOS",
    "CompanyCodes",
    "ImportReport",
    "LineError",
    "Match",
    "Rule",
    "StaleImport",
    "Table",
    "UnknownImport",
    "UnreadableFile",
    "decoded_lines",
    "import_rules",
    "match",
]

# A few agreements of which the ministry's table of 19 July 2019 tells the OPCO.
SHIPPED_OPCOS = Path(__file__).parent / "shipped" / "idcc_opco.csv"


def match(codes: CompanyCodes, *, day: date) -> Match:
    """The sectors that a company leads to on a day, in any course."""
    return rulebook_about(codes, day).match(codes)

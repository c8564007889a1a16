"""The door of the rulebook: the operator's dated data that lead from companies to sectors."""

from datetime import date
from pathlib import Path

from openedx_utop.sectors.rulebook.changes import Changes, changes_of, days_of_effect, rulebook_after
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
from openedx_utop.sectors.rulebook.importing import (
    MOST_BYTES,
    Preview,
    apply_file,
    import_rules,
    look_at,
    receive,
    stale,
)
from openedx_utop.sectors.rulebook.rules import Rulebook
from openedx_utop.sectors.rulebook.tables import Stored, portions, rule_of, rulebook_about, whole_rulebook

__all__ = [
    "MOST_BYTES",
    "SHIPPED_OPCOS",
    "Changes",
    "CompanyCodes",
    "ImportReport",
    "LineError",
    "Match",
    "Preview",
    "Rule",
    "Rulebook",
    "StaleImport",
    "Stored",
    "Table",
    "UnknownImport",
    "UnreadableFile",
    "apply_file",
    "changes_of",
    "days_of_effect",
    "decoded_lines",
    "import_rules",
    "look_at",
    "match",
    "portions",
    "receive",
    "rule_of",
    "rulebook_after",
    "stale",
    "whole_rulebook",
]

# A few agreements of which the ministry's table of 19 July 2019 tells the OPCO.
SHIPPED_OPCOS = Path(__file__).parent / "shipped" / "idcc_opco.csv"


def match(codes: CompanyCodes, *, day: date) -> Match:
    """The sectors that a company leads to on a day, in any course."""
    return rulebook_about(codes, day).match(codes)

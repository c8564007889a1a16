"""What the rulebook says to others."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openedx_utop.sectors.data import SectorError


class StaleImport(SectorError):
    """The rulebook has changed since the import was looked at."""


class UnknownImport(SectorError):
    """There is no such import, or it has been applied."""


class UnreadableFile(SectorError):
    """The file is too large, or holds nothing."""


class Table(StrEnum):
    """The operator's two tables: what leads to a sector, and which OPCO each collective agreement belongs to."""

    SECTORS = "sectors"
    OPCOS = "opcos"


@dataclass(frozen=True, slots=True)
class Rule:
    """Companies with this IDCC or OPCO, or with a NAF code that starts so, belong to the sector `target`, a slug;
    in the other table, of kind `idcc` alone, the collective agreement belongs to the OPCO `target`.

    `valid_to` is the last day included; None: open.
    """

    kind: str
    code: str
    target: str
    valid_from: date
    valid_to: date | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class CompanyCodes:
    """What of a company the rules look at, normalised: 1979, 55.10Z, `akto`; unknown: empty."""

    idccs: tuple[str, ...] = ()
    opco: str = ""
    naf: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The slugs of the sectors that a company's codes lead to, and the kind of rule that did; "" if none did.

    `missing`: the company's agreements that neither table knows on that day.
    """

    sectors: frozenset[str]
    kind: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class LineError:
    """What is wrong with one line of a file, counted from 1."""

    line: int
    message: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did, in rules; with any error nothing was imported."""

    created: int
    updated: int
    unchanged: int
    errors: tuple[LineError, ...]

"""Lists of participants as Zoom, Teams, BigBlueButton and spreadsheets export them: bytes in, presences out."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openedx_utop.attendance.live.data import BadList
from openedx_utop.attendance.summary import milliseconds
from openedx_utop.spreadsheets import decoded

MOST_BYTES = 1_000_000
MOST_LINES = 10_000
DELIMITERS = "\t;,"

# Without accents, punctuation and capitals; the first of each is ours.
HEADERS = {
    "name": "name|full name|name original name|participant|participant name|display name|nom|nom complet"
    "|nom nom d origine|nom d origine|nom du participant|prenom et nom|nom prenom|last name|surname|nom de famille",
    "first": "first name|given name|prenom",
    "email": "email|e mail|user email|email address|mail|adresse e mail|adresse email|courriel|e mail de l utilisateur"
    "|adresse de messagerie|adresse de courriel",
    "join": "join time|join|joined|joined at|first join|first join time|arrival|heure d arrivee|arrivee"
    "|heure de participation|premiere participation|heure de connexion|date de connexion|heure d entree|entree"
    "|a rejoint a|debut",
    "leave": "leave time|leave|left|left at|last leave|last leave time|departure|heure de depart|depart"
    "|dernier depart|heure de deconnexion|date de deconnexion|heure de sortie|sortie|a quitte a|fin",
    "duration": "duration|duration minutes|total duration minutes|in meeting duration|duree|duree minutes"
    "|duree totale minutes|duree de la reunion|duree en reunion",
}
COLUMN = {header: column for column, headers in HEADERS.items() for header in headers.split("|")}

DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})")
HOUR = re.compile(r"(\d{1,2})[:h](\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*([ap])?", re.IGNORECASE)
OFFSET = re.compile(r":\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})$")
CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})$")
UNITS = re.compile(r"(\d+)\s*(h|m|s)", re.IGNORECASE)
UNIT_SECONDS = {"h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True)
class Participation:
    """A line: who, as written, and the presence `[start, end)` in ms since 1970; `problem` says why there is none."""

    line: int
    name: str
    email: str
    span: tuple[int, int] | None
    problem: str = ""


def participations(data: bytes, *, day: date, zone: ZoneInfo) -> tuple[Participation, ...]:
    """The lines of the file's last table of arrivals, read for a half-day of this day; raises BadList.

    Hours without an offset are of the zone. A date that could be 2 March or 3 February is the half-day's own if one is.
    """
    if len(data) > MOST_BYTES:
        raise BadList(_("The file is larger than 1 MB: export the list of this session alone."))
    text = decoded(data)
    for delimiter in DELIMITERS:
        columns, rows = _last_table(_rows(text, delimiter))
        if columns:
            return tuple(_participation(number, cells, columns, day, zone) for number, cells in rows)
    raise BadList(
        _("No table of arrivals was found: one line of the file names the columns, among them the arrival (Join time).")
    )


def plain(text: str) -> str:
    """A name or a heading to compare: without accents, capitals, punctuation, and what stands in brackets."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(each for each in letters if not unicodedata.combining(each))
    return " ".join(re.findall(r"\w+", kept))


def _rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if len(rows) >= MOST_LINES:
                raise BadList(_("The file has more than 10,000 lines: export the list of this session alone."))
            rows.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise BadList(_("Line {line} cannot be read.").format(line=reader.line_num)) from error
    return rows


def _last_table(rows: Sequence[tuple[int, list[str]]]) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    """The columns and lines under the last heading; Teams writes a summary first, and each coming and going last."""
    columns: dict[str, int] = {}
    lines: list[tuple[int, list[str]]] = []
    for number, cells in rows:
        found = _columns(cells)
        if "join" in found and ("name" in found or "email" in found):
            columns, lines = found, []
        elif columns and len([cell for cell in cells if cell]) > 1:
            lines.append((number, cells))
    return columns, lines


def _columns(cells: Sequence[str]) -> dict[str, int]:
    named = ((COLUMN.get(plain(cell)), index) for index, cell in enumerate(cells))
    found: dict[str, int] = {}
    for column, index in named:
        if column and column not in found:
            found[column] = index
    return found


def _participation(
    number: int, cells: Sequence[str], columns: dict[str, int], day: date, zone: ZoneInfo
) -> Participation:
    said = {name: cells[index] if index < len(cells) else "" for name, index in columns.items()}
    name = f"{said.get('first', '')} {said.get('name', '')}".strip()[:255]
    email = said.get("email", "")[:255]
    try:
        span = _span(said, day, zone)
    except (ValueError, OverflowError) as error:
        return Participation(number, name, email, None, str(error) if isinstance(error, _Unreadable) else _unreadable())
    if not (plain(name) or email):
        return Participation(number, name, email, None, _("neither a name nor an e-mail address"))
    return Participation(number, name, email, span)


class _Unreadable(ValueError):
    """Its message is for people."""


def _unreadable() -> str:
    return _("an hour that cannot be read")


def _span(said: dict[str, str], day: date, zone: ZoneInfo) -> tuple[int, int]:
    start = _instant(said["join"], day, zone)
    if said.get("leave"):
        end = _instant(said["leave"], day, zone)
    elif said.get("duration"):
        end = start + timedelta(seconds=_seconds(said["duration"]))
    else:
        raise _Unreadable(_("no departure and no duration"))
    if end < start:
        raise _Unreadable(_("a departure before the arrival"))
    return milliseconds(start), milliseconds(end)


def _instant(text: str, day: date, zone: ZoneInfo) -> datetime:
    if OFFSET.search(text):
        return datetime.fromisoformat(text).astimezone(UTC)
    hour = HOUR.search(DAY.sub(" ", text, count=1))
    if hour is None:
        raise _Unreadable(_unreadable())
    return datetime(*_day(text, hour[4], day), *_clock(hour), tzinfo=zone).astimezone(UTC)


def _clock(hour: re.Match[str]) -> tuple[int, int, int]:
    hours, half = int(hour[1]), (hour[4] or "").lower()
    if half and hours <= 12:
        hours = hours % 12 + (12 if half == "p" else 0)
    return hours, int(hour[2]), int(hour[3] or 0)


def _day(text: str, half: str | None, expected: date) -> tuple[int, int, int]:
    """Year, month and day: the reading that is the day expected, else month first beside AM and PM, else day first."""
    found = DAY.search(text)
    if found is None:
        return expected.year, expected.month, expected.day
    if found[1]:
        return int(found[1]), int(found[2]), int(found[3])
    first, second, year = int(found[4]), int(found[5]), int(found[6]) + (2000 if len(found[6]) == 2 else 0)
    readings = [(year, second, first), (year, first, second)]
    if half:
        readings.reverse()
    wanted = (expected.year, expected.month, expected.day)
    return wanted if wanted in readings else next(_possible(readings), readings[0])


def _possible(readings: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    return (reading for reading in readings if reading[1] <= 12)


def _seconds(text: str) -> int:
    """« 45 » minutes, « 1 h 05 min », « 1h 5m 3s », « 00:45:10 »."""
    clock = CLOCK.search(text)
    if clock:
        return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])
    units = UNITS.findall(text)
    if units:
        return sum(int(number) * UNIT_SECONDS[unit.lower()] for number, unit in units)
    return round(float(text.replace(",", ".")) * 60)

"""French wording of dates, durations and numbers, as frozen into a document; independent of Django's locale data."""

import re
from datetime import date, datetime
from typing import TypedDict

NO_BREAK_SPACE = "\u00a0"
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
TOWN = re.compile(r"\b\d{5}\s+(\S.*)$", re.MULTILINE)


class Day(TypedDict):
    """A date: ISO 8601, in words, in figures."""

    iso: str
    wording: str
    short: str


class Instant(TypedDict):
    """An instant in the document's time zone: ISO 8601 with its offset, in words."""

    iso: str
    wording: str


class Duration(TypedDict):
    """A duration: whole seconds, `4 h 05`, `4,08 h` and `04:05:10`."""

    seconds: int
    hours_minutes: str
    hundredths: str
    clock: str


def day(value: date) -> Day:
    """`1er mai 2026`, `01/05/2026`."""
    ordinal = "1er" if value.day == 1 else str(value.day)
    wording = f"{ordinal}{NO_BREAK_SPACE}{MONTHS[value.month - 1]}{NO_BREAK_SPACE}{value.year}"
    return {"iso": value.isoformat(), "wording": wording, "short": f"{value:%d/%m/%Y}"}


def instant(value: datetime) -> Instant:
    """`1er mai 2026 à 14 h 05`; `value` is already in the document's time zone."""
    clock = f"{value.hour}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{value.minute:02}"
    return {
        "iso": value.isoformat(timespec="seconds"),
        "wording": f"{day(value.date())['wording']} à {clock}",
    }


def duration(seconds: int) -> Duration:
    """Hours and minutes are cut to the minute, hundredths are rounded half up, the clock is exact."""
    minutes = seconds // 60
    hundredths = (seconds + 18) // 36
    return {
        "seconds": seconds,
        "hours_minutes": f"{minutes // 60}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{minutes % 60:02}",
        "hundredths": f"{hundredths // 100},{hundredths % 100:02}{NO_BREAK_SPACE}h",
        "clock": f"{minutes // 60:02}:{minutes % 60:02}:{seconds % 60:02}",
    }


def decimal(value: float) -> str:
    """At most two decimals, without idle zeros: `7,5`."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def siret(value: str) -> str:
    """Fourteen digits as people read them: `123 456 789 00012`."""
    return NO_BREAK_SPACE.join((value[:3], value[3:6], value[6:9], value[9:])).strip(NO_BREAK_SPACE)


def lines(text: str) -> list[str]:
    """The lines that say something, without the author's list marks."""
    stripped = (line.strip().lstrip("-–•*").strip() for line in text.splitlines())
    return [line for line in stripped if line]


def town(address: str) -> str:
    """The town after the postcode of a French address; empty if there is none."""
    found = TOWN.findall(address)
    return found[-1].strip() if found else ""

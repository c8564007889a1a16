"""What was changed of a session before anything was signed: a row each time, and what a sheet shows of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from openedx_utop.attendance.live.data import HalfDay, Plan, SessionChange
from openedx_utop.attendance.live.models import LiveSession, LiveSessionChange, Modality
from openedx_utop.attendance.live.rules import differences
from openedx_utop.attendance.summary import instant
from openedx_utop.official_time import official_zone

LABELS = {
    "title": _("Title"),
    "modality": _("Modality"),
    "place": _("Place"),
    "link": _("Link (videoconference)"),
    "capacity": _("Number of places"),
    "trainer": _("Trainer"),
    "module": _("Module"),
    "half_days": _("Half-days"),
}
NOTHING = "–"


@dataclass(frozen=True)
class ChangeLine:
    """One line for people: when, who, what, before and after."""

    at: datetime
    by: str
    what: Any
    former: str
    new: str


def note_change(record: LiveSession, plan: Plan, *, by: int, now: datetime) -> None:
    """Keep what this plan changes of the session, which is as it was; nothing if it is the same."""
    if changes := differences(_plan_of(record), plan):
        LiveSessionChange.objects.create(session=record, changes=changes, changed_by=by, changed_at=now)


def changes_of(session_uuid: UUID) -> tuple[SessionChange, ...]:
    """What was changed of a session, the first change first."""
    rows = LiveSessionChange.objects.filter(session__uuid=session_uuid).order_by("pk")
    return tuple(SessionChange(row.changed_by, row.changed_at, row.changes) for row in rows)


def accounts_in(changes: Iterable[SessionChange]) -> set[int]:
    """Who changed something, and who was named trainer before or after."""
    kept = tuple(changes)
    return {each.by for each in kept} | {user for each in kept for user in each.changes.get("trainer", ()) if user}


def change_lines(
    changes: Iterable[SessionChange], name: Callable[[int], str], titles: Mapping[str, str]
) -> tuple[ChangeLine, ...]:
    """A line for each thing that changed; `name` of an account, `titles` of subsections."""
    return tuple(
        ChangeLine(each.at, name(each.by), LABELS[what], *(_text(what, value, name, titles) for value in pair))
        for each in changes
        for what, pair in each.changes.items()
    )


def _plan_of(record: LiveSession) -> Plan:
    return Plan(
        title=record.title,
        modality=record.modality,
        place=record.place,
        link=record.link,
        capacity=record.capacity,
        trainer_id=record.trainer_id,
        module_key=record.module_key,
        half_days=tuple(HalfDay(slot.start, slot.end) for slot in record.slots.all()),
    )


def _text(what: str, value: Any, name: Callable[[int], str], titles: Mapping[str, str]) -> str:
    if value is None or value == "":
        return NOTHING
    if what == "half_days":
        return " ; ".join(_half_day(*map(instant, each)) for each in value)
    if what == "modality":
        return str(Modality(value).label)
    if what == "trainer":
        return name(value)
    return titles.get(value, str(value)) if what == "module" else str(value)


def _half_day(start: datetime, end: datetime) -> str:
    zone = official_zone()
    first, last = start.astimezone(zone), end.astimezone(zone)
    return f"{date_format(first, 'SHORT_DATE_FORMAT')} {first:%H:%M}–{last:%H:%M}"

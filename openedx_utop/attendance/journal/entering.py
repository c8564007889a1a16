"""How closed presences enter the journal: batch after batch, each in one transaction that nobody else writes in."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import CharField, ExpressionWrapper, F, QuerySet

from openedx_utop.attendance.journal.chains import Enrolment, Writer, take_pen
from openedx_utop.attendance.journal.models import NO_LEARNER
from openedx_utop.attendance.journal.places import Places
from openedx_utop.attendance.journal.rules import Presence as Closed
from openedx_utop.attendance.journal.rules import presence_row
from openedx_utop.attendance.models import Presence
from openedx_utop.attendance.summary import milliseconds

BATCH = 4_000
# More would make a row that nobody reads.
PRESENCES_IN_A_ROW = 50


class Live(NamedTuple):
    """A presence as the live table holds it, its keys as text."""

    pk: int
    user_id: int
    course: str
    module: str
    unit: str
    client: str
    start: datetime
    end: datetime
    source: str


class Overtaken(RuntimeError):
    """Presences entered the journal although somebody else holds the pen: the database does not keep transactions."""


def enter_presences(until: datetime) -> Iterator[int]:
    """Enter the presences that ended by then and are not in the journal yet; yields how many, after each batch."""
    places, after = Places(), 0
    while True:
        with transaction.atomic():
            take_pen()
            batch = [Live(*row) for row in _closed(until, after)[:BATCH]]
            if not batch:
                return
            after = batch[-1].pk
            _enter(batch, places)
        yield len(batch)


def live_presences(**conditions: Any) -> QuerySet[Presence, tuple[Any, ...]]:
    """The fields of `Live`; keys stay text, for parsing them would take most of the time."""
    text = {name: ExpressionWrapper(F(f"{name}_key"), CharField()) for name in ("course", "module", "unit")}
    fields = ("pk", "user_id", "course", "module", "unit", "client", "start", "end", "source")
    return Presence.objects.filter(**conditions).annotate(**text).values_list(*fields)


def _closed(until: datetime, after: int) -> QuerySet[Presence, tuple[Any, ...]]:
    # Locked, so that none grows while it is written down.
    presences = live_presences(pk__gt=after, end__lte=until, journaled=False)
    return presences.order_by("pk").select_for_update()


def _enter(batch: list[Live], places: Places) -> None:
    by_enrolment: defaultdict[Enrolment, list[Live]] = defaultdict(list)
    for presence in batch:
        by_enrolment[presence.user_id, presence.course].append(presence)
    writer = Writer(by_enrolment)
    for course in dict.fromkeys(presence.course for presence in batch):
        seen = {(presence.unit, presence.module) for presence in batch if presence.course == course}
        for row in places.news(course, seen):
            places.note(course, writer.add((NO_LEARNER, course), row), row.fields)
    for enrolment, presences in by_enrolment.items():
        closed = sorted((_closed_presence(presence, places) for presence in presences), key=lambda each: each.start)
        for first in range(0, len(closed), PRESENCES_IN_A_ROW):
            writer.add(enrolment, presence_row(closed[first : first + PRESENCES_IN_A_ROW]))
    writer.write()
    numbers = [presence.pk for presence in batch]
    if Presence.objects.filter(pk__in=numbers, journaled=False).update(journaled=True) != len(batch):
        raise Overtaken


def _closed_presence(live: Live, places: Places) -> Closed:
    place = places.number(live.course, live.unit, live.module)
    return Closed(live.pk, place, milliseconds(live.start), milliseconds(live.end), live.client, live.source)

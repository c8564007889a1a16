"""How facts enter the journal: batch after batch, each in one transaction that nobody else writes in."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from operator import attrgetter

from openedx_utop.attendance.journal.chains import Enrolment, Writer, pen
from openedx_utop.attendance.journal.models import NO_LEARNER
from openedx_utop.attendance.journal.places import Places
from openedx_utop.attendance.journal.rules import Presence as Closed
from openedx_utop.attendance.journal.rules import presence_row, record_row
from openedx_utop.attendance.journal.sources import sources
from openedx_utop.attendance.journal.statements import Live, closed_presences, mark_entered
from openedx_utop.attendance.rules import client_tag

BATCH = 4_000
RECORDS = 500
# More would make a row that nobody reads.
PRESENCES_IN_A_ROW = 50
START = attrgetter("start")


class Overtaken(RuntimeError):
    """Presences entered the journal although somebody else holds the pen: the database does not keep transactions."""


def enter_presences(until: datetime) -> Iterator[int]:
    """Enter the presences that ended by then and are not in the journal yet; yields how many, after each batch."""
    places, after = Places(), 0
    while True:
        with pen():
            batch = closed_presences(after=after, until=until, limit=BATCH)
            if not batch:
                return
            after = batch[-1].pk
            _enter(batch, places)
        yield len(batch)


def enter_records(until: datetime) -> Iterator[int]:
    """Enter what else was recorded before then; yields how many, after each batch."""
    for source in sources():
        after = 0
        while True:
            with pen():
                batch = source.waiting(until, after=after, limit=RECORDS)
                if not batch:
                    break
                after = batch[-1].number
                writer = Writer((record.learner, record.course) for record in batch)
                for record in batch:
                    row = record_row(source.kind, record.number, {**record.fields, **record.shown})
                    writer.add((record.learner, record.course), row)
                writer.write()
            yield len(batch)


def _enter(batch: list[Live], places: Places) -> None:
    by_enrolment: defaultdict[Enrolment, list[Live]] = defaultdict(list)
    keys = places.keys({presence.place for presence in batch})
    for presence in batch:
        by_enrolment[presence.user_id, keys[presence.place][0]].append(presence)
    writer = Writer(by_enrolment)
    for course, row in places.news(keys):
        places.note(course, writer.add((NO_LEARNER, course), row), row.fields)
    numbers = places.numbers(keys)
    for enrolment, presences in by_enrolment.items():
        closed = [_closed(presence, numbers[presence.place]) for presence in presences]
        closed.sort(key=START)
        for first in range(0, len(closed), PRESENCES_IN_A_ROW):
            writer.add(enrolment, presence_row(closed[first : first + PRESENCES_IN_A_ROW]))
    writer.write()
    if mark_entered([presence.pk for presence in batch]) != len(batch):
        raise Overtaken


def _closed(live: Live, place: int) -> Closed:
    return Closed(live.pk, place, live.start, live.end, client_tag(live.client), live.source)

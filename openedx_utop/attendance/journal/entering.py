"""How facts enter the journal: batch after batch, each in one transaction that nobody else writes in."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from operator import itemgetter

from openedx_utop.attendance.journal.chains import Writer, entered_until, pen, remember
from openedx_utop.attendance.journal.models import NO_LEARNER
from openedx_utop.attendance.journal.places import Places
from openedx_utop.attendance.journal.rules import Presence, record_row
from openedx_utop.attendance.journal.sources import sources
from openedx_utop.attendance.journal.standing import Enrolment, Standing
from openedx_utop.attendance.journal.statements import Live, closed_presences, mark_entered, waiting_presences
from openedx_utop.attendance.journal.tombstones import closing
from openedx_utop.attendance.rules import CLIENT_CHARACTERS

BATCH = 4_000
RECORDS = 500
# More would make a row that nobody reads.
PRESENCES_IN_A_ROW = 50
START = itemgetter(2)


class Overtaken(RuntimeError):
    """Presences entered the journal although somebody else holds the pen: the database does not keep transactions."""


def enter_presences(until: datetime, standing: Standing, *, now: datetime) -> Iterator[int]:
    """Enter the presences that ended by then and are not in the journal yet; yields how many, after each batch.

    Learner by learner, so that what one of them did that night is one row, whoever else was there meanwhile.
    """
    places, waiting = Places(), waiting_presences(after=entered_until(), until=until)
    for first in range(0, len(waiting), BATCH):
        with pen(standing):
            # Another run may have entered some since.
            batch = closed_presences(waiting[first : first + BATCH], until=until)
            count = len(batch)
            if batch:
                _enter(batch, places, standing)
            del batch
        yield count
    with pen(standing):
        remember(now)


def enter_records(until: datetime, standing: Standing) -> Iterator[int]:
    """Enter what else was recorded before then; yields how many, after each batch."""
    for source in sources():
        after = 0
        # Most nights there is nothing of most kinds, and the pen costs more than to look.
        while source.waiting(until, after=after, limit=1):
            with pen(standing):
                batch = source.waiting(until, after=after, limit=RECORDS)
                if not batch:
                    break
                after = batch[-1].number
                waits = closing(((record.learner, record.course) for record in batch), standing)
                batch = [record for record in batch if (record.learner, record.course) not in waits]
                writer = Writer(standing, ((record.learner, record.course) for record in batch))
                for record in batch:
                    row = record_row(source.kind, record.number, {**record.fields, **record.shown})
                    writer.add((record.learner, record.course), row)
                writer.write()
            yield len(batch)


def _enter(batch: list[Live], places: Places, standing: Standing) -> None:
    keys = places.keys({place for _pk, _user, place, *_rest in batch})
    courses = {place: course for place, (course, *_rest) in keys.items()}
    if waits := closing(((user_id, courses[place]) for _pk, user_id, place, *_rest in batch), standing):
        batch = [presence for presence in batch if (presence[1], courses[presence[2]]) not in waits]
    if not batch:
        return
    writer = Writer(standing, [(user_id, courses[place]) for _pk, user_id, place, *_rest in batch])
    for course, row in places.news(keys):
        places.note(course, writer.add((NO_LEARNER, course), row), row.fields)
    for enrolment, presences in _by_enrolment(batch, courses, places.numbers(keys)).items():
        presences.sort(key=START)
        for first in range(0, len(presences), PRESENCES_IN_A_ROW):
            writer.add_presences(enrolment, presences[first : first + PRESENCES_IN_A_ROW])
    writer.write()
    if mark_entered([pk for pk, *_rest in batch]) != len(batch):
        raise Overtaken


def _by_enrolment(
    batch: list[Live], courses: Mapping[int, str], numbers: Mapping[int, int]
) -> dict[Enrolment, list[Presence]]:
    found: defaultdict[Enrolment, list[Presence]] = defaultdict(list)
    for pk, user_id, place, client, start, end, source in batch:
        closed = (pk, numbers[place], start, end, client[:CLIENT_CHARACTERS], source)
        found[user_id, courses[place]].append(closed)
    return found

"""How rows are added to the chains."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max

from openedx_utop.attendance.journal.models import NO_LEARNER, JournalPen, JournalSeal
from openedx_utop.attendance.journal.rules import PRESENCE, Presence, Row, append, append_presences
from openedx_utop.attendance.journal.standing import Enrolment, Standing
from openedx_utop.attendance.journal.statements import Values, first_waiting, insert_rows, last_presence
from openedx_utop.attendance.memory import collector_paused


@contextmanager
def pen(standing: Standing) -> Iterator[None]:
    """A transaction in which nobody else writes into the journal, and all of it is known; waits for whoever does."""
    # Made outside: several that insert it at once would wait for each other inside.
    JournalPen.objects.get_or_create(pk=1)
    try:
        with collector_paused(), transaction.atomic():
            JournalPen.objects.filter(pk=1).update(taken=F("taken") + 1)
            standing.catch_up()
            yield
    except BaseException:
        # What it says of rows that were not committed is wrong.
        standing.forget()
        raise


def entered_until() -> int:
    """Every presence up to this number is in the journal, and none with such a number is still to come."""
    return JournalPen.objects.values_list("entered_until", flat=True).filter(pk=1).first() or 0


def remember(now: datetime) -> None:
    """Once a day, note how far every presence has entered; whoever calls holds the pen.

    Numbers are given before transactions are committed, in any order: only those given a day ago have all come.
    """
    held = JournalPen.objects.get(pk=1)
    if held.seen_at is not None and now - held.seen_at < timedelta(days=1):
        return
    waiting = first_waiting(after=held.entered_until)
    held.entered_until = min(held.seen_until, held.seen_until if waiting is None else waiting - 1)
    held.seen_until, held.seen_at = last_presence(), now
    held.save()


def next_seal() -> int:
    """The number of the seal to come."""
    return (JournalSeal.objects.aggregate(last=Max("number"))["last"] or 0) + 1


class Writer:
    """Adds rows to the chains of some enrolments and of their courses; whoever uses it holds the pen."""

    def __init__(self, standing: Standing, enrolments: Iterable[Enrolment]) -> None:
        """Begins the chains that are not there, those of courses before those of their learners."""
        known = tuple(enrolments)
        standing.begin([*((NO_LEARNER, course) for _learner, course in known), *known])
        self._standing = standing
        self._seal = next_seal()
        self._rows: list[Values] = []

    def add(self, enrolment: Enrolment, row: Row) -> int:
        """Add a row to a chain; returns its place there."""
        number, head = self._standing.of(enrolment)
        content, following = append(head, row, seal=self._seal)
        self._standing.move(number, following)
        self._rows.append((number, head.rows, row.kind, row.fact, content, following.hash))
        return head.rows

    def add_presences(self, enrolment: Enrolment, presences: Sequence[Presence]) -> None:
        """Add a row of presences, in order of time, to a learner's chain; it tells of the first one's live record."""
        number, head = self._standing.of(enrolment)
        content, following = append_presences(head, presences, seal=self._seal)
        self._standing.move(number, following)
        self._rows.append((number, head.rows, PRESENCE, presences[0][0], content, following.hash))

    def write(self) -> None:
        """Put everything that was added into the database."""
        insert_rows(self._rows)
        self._standing.all_is_known()

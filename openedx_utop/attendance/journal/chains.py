"""Where the chains stand, and how rows are added to them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F, Max

from openedx_utop.attendance.journal.check_journal import beginning
from openedx_utop.attendance.journal.models import NO_LEARNER, JournalPen, JournalSeal
from openedx_utop.attendance.journal.rules import PRESENCE, Head, Presence, Row, append, append_presences
from openedx_utop.attendance.journal.statements import Values, heads_after, heads_of, insert_chains, insert_rows

CHAINS_AT_ONCE = 5_000

# A learner's number, 0 for none, and a course's key.
Enrolment = tuple[int, str]


@contextmanager
def pen() -> Iterator[None]:
    """A transaction in which nobody else writes into the journal; waits for whoever does."""
    # Made outside: several that insert it at once would wait for each other inside.
    JournalPen.objects.get_or_create(pk=1)
    with transaction.atomic():
        JournalPen.objects.filter(pk=1).update(taken=F("taken") + 1)
        yield


def next_seal() -> int:
    """The number of the seal to come."""
    return (JournalSeal.objects.aggregate(last=Max("number"))["last"] or 0) + 1


class Writer:
    """Adds rows to the chains of some enrolments and of their courses; whoever uses it holds the pen."""

    def __init__(self, enrolments: Iterable[Enrolment]) -> None:
        """Begins the chains that are not there, those of courses before those of their learners."""
        known = tuple(enrolments)
        courses = {(NO_LEARNER, course) for _learner, course in known}
        self._chains = {**_begun(courses), **_begun(known)}
        self._seal = next_seal()
        self._rows: list[Values] = []

    def add(self, enrolment: Enrolment, row: Row) -> int:
        """Add a row to a chain; returns its place there."""
        number, head = self._chains[enrolment]
        content, following = append(head, row, seal=self._seal)
        self._chains[enrolment] = (number, following)
        self._rows.append((number, head.rows, row.kind, row.fact, content, following.hash))
        return head.rows

    def add_presences(self, enrolment: Enrolment, presences: Sequence[Presence]) -> None:
        """Add a row of presences, in order of time, to a learner's chain; it tells of the first one's live record."""
        number, head = self._chains[enrolment]
        content, following = append_presences(head, presences, seal=self._seal)
        self._chains[enrolment] = (number, following)
        self._rows.append((number, head.rows, PRESENCE, presences[0].number, content, following.hash))

    def write(self) -> None:
        """Put everything that was added into the database."""
        insert_rows(self._rows)


def heads() -> Iterator[tuple[int, Head]]:
    """Where every chain stands, in the order in which they began."""
    after = 0
    while some := heads_after(after, CHAINS_AT_ONCE):
        after = some[-1][0]
        for number, _learner, _course, position, head in some:
            if head is not None:
                yield number, Head(position + 1, bytes(head))


def _begun(enrolments: Iterable[Enrolment]) -> dict[Enrolment, tuple[int, Head]]:
    wanted = dict.fromkeys(enrolments)
    found = _found(wanted)
    if missing := [enrolment for enrolment in wanted if enrolment not in found]:
        insert_chains(missing)
        found = _found(wanted)
    return found


def _found(wanted: Iterable[Enrolment]) -> dict[Enrolment, tuple[int, Head]]:
    learners = tuple({learner for learner, _course in wanted})
    return {
        (learner, course): (number, _head(learner, course, position, head))
        for number, learner, course, position, head in heads_of(learners)
    }


def _head(learner: int, course: str, position: int | None, head: bytes | None) -> Head:
    if position is None or head is None:
        return Head(0, beginning(course, learner or None))
    return Head(position + 1, bytes(head))

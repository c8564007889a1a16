"""Where the chains stand, and how rows are added to them."""

from collections.abc import Iterable, Iterator

from django.db.models import CharField, ExpressionWrapper, F, Max, OuterRef, QuerySet, Subquery

from openedx_utop.attendance.journal.check_journal import beginning
from openedx_utop.attendance.journal.models import NO_LEARNER, JournalChain, JournalPen, JournalRow, JournalSeal
from openedx_utop.attendance.journal.rules import Head, Row, append

# A learner's number, 0 for none, and a course's key.
Enrolment = tuple[int, str]


def take_pen() -> None:
    """Wait until nobody else writes into the journal; called first in a transaction, whose end lays the pen down."""
    if not JournalPen.objects.filter(pk=1).update(taken=F("taken") + 1):
        JournalPen.objects.get_or_create(pk=1)
        JournalPen.objects.filter(pk=1).update(taken=F("taken") + 1)


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
        self._rows: list[JournalRow] = []

    def add(self, enrolment: Enrolment, row: Row) -> int:
        """Add a row to a chain; returns its place there."""
        number, head = self._chains[enrolment]
        content, following = append(head, row, seal=self._seal)
        self._chains[enrolment] = (number, following)
        self._rows.append(
            JournalRow(
                chain_id=number,
                position=head.rows,
                kind=row.kind,
                fact=row.fact,
                content=content,
                hash=following.hash,
            )
        )
        return head.rows

    def write(self) -> None:
        """Put everything that was added into the database."""
        JournalRow.objects.bulk_create(self._rows)


def heads() -> Iterator[tuple[int, Head]]:
    """Where every chain stands, in the order in which they began."""
    for number, _enrolment, head in _read(JournalChain.objects.order_by("pk")):
        if head.rows:
            yield number, head


def _begun(enrolments: Iterable[Enrolment]) -> dict[Enrolment, tuple[int, Head]]:
    wanted = dict.fromkeys(enrolments)
    found = _found(wanted)
    missing = [
        JournalChain(user_id=learner, course_key=course) for learner, course in wanted if (learner, course) not in found
    ]
    if missing:
        JournalChain.objects.bulk_create(missing)
        found = _found(wanted)
    return found


def _found(wanted: Iterable[Enrolment]) -> dict[Enrolment, tuple[int, Head]]:
    learners, courses = {learner for learner, _course in wanted}, {course for _learner, course in wanted}
    chains = JournalChain.objects.filter(user_id__in=learners, course_key__in=courses)
    return {enrolment: (number, head) for number, enrolment, head in _read(chains)}


def _read(chains: QuerySet[JournalChain]) -> Iterator[tuple[int, Enrolment, Head]]:
    last = JournalRow.objects.filter(chain=OuterRef("pk")).order_by("-position")
    read = chains.annotate(
        course=ExpressionWrapper(F("course_key"), CharField()),
        position=Subquery(last.values("position")[:1]),
        head=Subquery(last.values("hash")[:1]),
    ).values_list("pk", "user_id", "course", "position", "head")
    for number, learner, course, position, head in read.iterator():
        if head is None:
            yield number, (learner, course), Head(0, beginning(course, learner or None))
        else:
            yield number, (learner, course), Head(position + 1, bytes(head))

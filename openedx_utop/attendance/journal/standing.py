"""Where every chain stands, held in memory for as long as one run lasts: a night reads it once, not per row."""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from math import inf

from openedx_utop.attendance.journal.check_journal import beginning
from openedx_utop.attendance.journal.rules import Head
from openedx_utop.attendance.journal.statements import (
    Values,
    chains_after,
    heads_between,
    insert_chains,
    last_chain,
    last_row,
    rows_after,
    tombstones,
)

CHAINS_AT_ONCE = 5_000

# A learner's number, 0 for none, and a course's key.
Enrolment = tuple[int, str]


class Standing:
    """The number and the head of each chain. What others added meanwhile is read by `catch_up`, under the pen."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Know nothing, as if nothing had been read: after a transaction that failed."""
        self._numbers: dict[Enrolment, int] = {}
        self._heads: dict[int, Head] = {}
        self._courses: dict[str, str] = {}
        self._last_chain = self._last_row = 0

    def catch_up(self) -> None:
        """Read what is not known yet; whoever calls holds the pen until what they add is committed."""
        if not self._last_chain:
            self._read()
        self._read_chains()
        for number, position, head in rows_after(self._last_row):
            self._heads[number] = Head(position + 1, bytes(head))
        self.all_is_known()

    def all_is_known(self) -> None:
        """Say that every row there is was told by `move`, or read."""
        self._last_row = last_row()

    def begin(self, enrolments: Iterable[Enrolment]) -> None:
        """Begin the chains that are not there yet, in this order."""
        if missing := [enrolment for enrolment in dict.fromkeys(enrolments) if enrolment not in self._numbers]:
            insert_chains(missing)
            self._read_chains()

    def of(self, enrolment: Enrolment) -> tuple[int, Head]:
        """The number of a chain that was begun, and its head."""
        number = self._numbers[enrolment]
        return number, self._heads[number]

    def numbers(self, enrolments: Iterable[Enrolment]) -> dict[int, Enrolment]:
        """Those of these chains that were begun, by number."""
        return {self._numbers[one]: one for one in enrolments if one in self._numbers}

    def move(self, number: int, head: Head) -> None:
        """Rows were added to a chain: this is its head now."""
        self._heads[number] = head

    def heads(self) -> Iterator[tuple[int, Head]]:
        """Every chain that has a row, in the order in which they began."""
        return ((number, head) for number, head in self._heads.items() if head.rows)

    def _read(self) -> None:
        # Read first: what comes while the rest is read is then read again.
        self._last_row, last = last_row(), last_chain()
        buried = deque(tombstones())
        for first in range(0, last, CHAINS_AT_ONCE):
            for number, learner, course, position, head in heads_between(first, min(first + CHAINS_AT_ONCE, last)):
                self._remember(buried, until=number)
                known = None if head is None else Head(position + 1, bytes(head))
                self._know(number, learner, course, known)
        self._remember(buried)

    def _remember(self, buried: "deque[Values]", until: float = inf) -> None:
        """Keep the heads of chains that were erased, in their places: seals go on counting them."""
        while buried and buried[0][0] <= until:
            number, tombstone = buried.popleft()
            if number < until:
                fields = json.loads(bytes(tombstone))
                self._heads[number] = Head(fields["rows"], bytes.fromhex(fields["head"]))

    def _read_chains(self) -> None:
        for number, learner, course in chains_after(self._last_chain):
            self._know(number, learner, course, None)

    def _know(self, number: int, learner: int, course: str, head: Head | None) -> None:
        # One object for one course, however many learners it has.
        course = self._courses.setdefault(course, course)
        self._numbers[learner, course] = self._last_chain = number
        self._heads[number] = head or Head(0, beginning(course, learner or None))

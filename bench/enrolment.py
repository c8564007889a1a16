"""What applying a list of people costs, beside writing the same rows without a thought, and how it grows.

All times are of the processor, on SQLite in memory.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import uuid4

from opaque_keys.edx.keys import CourseKey

from bench.figures import Figure
from openedx_utop.enrolment.api import Desk, apply_list, dry_run
from openedx_utop.enrolment.models import EnrolmentLine, EnrolmentList, Invitation, Seat
from openedx_utop.organizations.models import Provider
from openedx_utop.training.models import TrainingAction

COURSE = CourseKey.from_string("course-v1:Bench+LIST+2026")
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
DESK = Desk(user_id=1, course_key=COURSE, company="90000000100017", company_name="Bench", is_staff=False)
LINES, MOST = 1000, 5000
ROUNDS = 5


def figures() -> Iterator[Figure]:
    """A list of a thousand lines, tried and applied; the longest that is taken, in time and in memory."""
    provider = Provider.objects.create(name="Bench", siret="90000004300010")
    TrainingAction.objects.create(
        course_key=COURSE, provider=provider, title="Bench", starts_on=date(2026, 1, 5), ends_on=date(2026, 6, 30)
    )
    _seconds(lambda: _apply(10))
    applied, longest = _best(LINES), _best(MOST)
    tried = min(_seconds(lambda: dry_run(DESK, _content(LINES), now=NOW)) for _ in range(ROUNDS))
    floor = min(_floor() for _ in range(ROUNDS))
    print(f"  {LINES / applied:.0f} lines/s applied, {LINES / tried:.0f} tried", file=sys.stderr)
    yield Figure("enrolment.applied_vs_floor", floor / applied, 0.2)
    yield Figure("enrolment.tried_vs_applied", tried / applied, 0.6, less_is_better=True)
    yield Figure("enrolment.applying_growth", (longest / MOST) / (applied / LINES), 1.5, less_is_better=True)
    yield Figure("enrolment.longest_list_megabytes", _megabytes(), 20, less_is_better=True)


def _content(lines: int) -> bytes:
    rows = (f"person{number}@example.org;Exemple;Camille;90000000100017;;débutant" for number in range(lines))
    return "\n".join(rows).encode()


def _apply(lines: int) -> None:
    apply_list(DESK, _content(lines), form_id=uuid4(), now=NOW)


def _best(lines: int) -> float:
    """Seconds, on empty tables each time."""
    return min(_seconds(lambda: _apply(lines)) for _ in range(ROUNDS) if _emptied())


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _floor() -> float:
    """The rows of an applied list, read before and written again."""
    _emptied()
    _apply(LINES)
    source = EnrolmentList.objects.get()
    seats, lines = list(Seat.objects.all()), list(EnrolmentLine.objects.all())
    invitations = list(Invitation.objects.all())
    EnrolmentLine.objects.all().delete()
    Seat.objects.all().delete()

    def write() -> None:
        Seat.objects.bulk_create(seats)
        EnrolmentLine.objects.bulk_create(lines)
        Invitation.objects.bulk_create(invitations)

    seconds = _seconds(write)
    source.delete()
    return seconds


def _megabytes() -> float:
    _emptied()
    tracemalloc.start()
    _apply(MOST)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1_000_000


def _emptied() -> bool:
    EnrolmentLine.objects.all().delete()
    Seat.objects.all().delete()
    EnrolmentList.objects.all().delete()
    return True

"""The door to the sealed journal."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.journal import exporting, sealing, verifying
from openedx_utop.attendance.journal.check_journal import check_witness
from openedx_utop.attendance.journal.data import DayNotOver, Defect, LaterDaySealed, SealFacts, Term, Verification
from openedx_utop.attendance.journal.entering import enter_presences, enter_records
from openedx_utop.attendance.journal.erasing import buried_chains, erase_over
from openedx_utop.attendance.journal.models import NO_LEARNER, JournalChain, JournalSeal
from openedx_utop.attendance.journal.portions import check_in_portions
from openedx_utop.attendance.journal.rules import PRESENCE, closed_until
from openedx_utop.attendance.journal.standing import Standing
from openedx_utop.attendance.journal.strangers import check_strangers, check_unread
from openedx_utop.attendance.journal.tombstones import Over, chains_over, held, term
from openedx_utop.attendance.memory import collector_paused
from openedx_utop.attendance.summary import instant, milliseconds
from openedx_utop.official_time import official_day
from openedx_utop.signing_keys import SigningKeyMissing, known_multikeys

__all__ = [
    "DayNotOver",
    "Defect",
    "LaterDaySealed",
    "SealFacts",
    "Standing",
    "Term",
    "Verification",
    "buried",
    "day_to_seal",
    "enter",
    "erase_over",
    "export",
    "held",
    "over",
    "seal",
    "seals",
    "term",
    "verify",
]

SEALS_AT_ONCE = 1000


def day_to_seal(now: datetime) -> date:
    """Yesterday, where the documents are."""
    return official_day(now) - timedelta(days=1)


def enter(day: date, *, now: datetime, standing: Standing | None = None) -> Iterator[int]:
    """Write what is over by the end of this day into the journal; yields how many facts, after each batch.

    It can be stopped and started again at any time, and by several at once. `standing` spares a `seal` that follows,
    given the same, to read every chain again. Raises DayNotOver and LaterDaySealed.
    """
    standing = standing or Standing()
    sealing.refuse_unsealable(day, now=now)
    until = closed_until(milliseconds(sealing.day_end(day)), milliseconds(now))
    yield from enter_records(sealing.day_end(day), standing)
    yield from enter_presences(instant(until), standing, now=now)


def seal(day: date, *, now: datetime, standing: Standing | None = None) -> SealFacts:
    """Sign the journal as it stands for this day; a day that is sealed stays as it is.

    Raises DayNotOver, LaterDaySealed, SigningKeyMissing and SigningKeyInvalid.
    """
    return sealing.seal(day, now=now, standing=standing or Standing())


def seals(*, after: int = 0) -> tuple[SealFacts, ...]:
    """The seals that follow number `after`, a thousand at most."""
    records = JournalSeal.objects.filter(number__gt=after).order_by("number")[:SEALS_AT_ONCE]
    return tuple(sealing.facts(record) for record in records)


def verify(
    on_defect: Callable[[Defect], None],
    *,
    course_key: CourseKey | None = None,
    user_id: int | None = None,
    published: Iterable[dict[str, Any]] = (),
    processes: int | None = None,
) -> Verification:
    """Read the journal again, against its seals and the live records; tells each defect as it is found.

    Of one course or learner only, the chains are read without the seals. `published`: seals as `seals.json` had them.
    `processes`: how many share a large journal; by default one for each processor. Raises SigningKeyInvalid.
    """
    chains: dict[str, Any] = {"course_key": course_key} if course_key else {}
    live = {**chains, **({"user_id": user_id} if user_id else {})}
    if user_id:
        chains["user_id__in"] = [NO_LEARNER, user_id]
    checker = verifying.LiveChecker(verifying.last_seal())
    found = [
        verifying.check_chains(checker, **chains) if live else check_in_portions(checker, processes),
        verifying.check_records(**live),
        check_strangers(checker, now=timezone.now(), **live),
    ]
    if not live:
        found.append(check_unread(checker, now=timezone.now()))
        found.append(checker.seals(verifying.read_seals(), _known_keys()))
    with collector_paused():
        for defect in chain.from_iterable([*found, check_witness(verifying.read_seals(), published)]):
            on_defect(defect)
    present = sum(length for (*_who, kind, _module), length in checker.milliseconds.items() if kind == PRESENCE)
    return Verification(rows=checker.rows, seals=checker.last_seal, milliseconds=present, is_whole=not live)


def over(*, now: datetime, limit: int) -> Iterator[Over]:
    """The chains whose time is over and that have no tombstone yet, so many at most."""
    return islice(chain.from_iterable(chains_over(now=now)), limit)


def buried(*, limit: int) -> tuple[tuple[int, str], ...]:
    """Number and course of the chains that have a tombstone and are still there, so many at most."""
    return tuple((each.pk, str(each.course_key)) for each in buried_chains()[:limit])


def export(folder: Path, *, course_key: CourseKey | None = None, user_id: int | None = None) -> None:
    """Write the journal, its seals, the public keys and the auditor's checker into a folder.

    Of one course or learner only, what is theirs, each chain with its proof that the last seal holds it.
    Raises SigningKeyInvalid.
    """
    conditions: dict[str, Any] = {"course_key": course_key} if course_key else {}
    if user_id:
        courses = JournalChain.objects.filter(user_id=user_id).values("course_key")
        conditions |= {"user_id__in": [NO_LEARNER, user_id], "course_key__in": courses}
    if conditions:
        exporting.export_extract(folder, _known_keys(), **conditions)
    else:
        exporting.export(folder, _known_keys())


def _known_keys() -> tuple[str, ...]:
    try:
        return known_multikeys()
    except SigningKeyMissing:
        return ()

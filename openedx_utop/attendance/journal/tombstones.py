"""Chains that were kept long enough: their tombstones enter the courses' own chains, and nothing is added to them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Subquery
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.corrections.api import unanswered, waiting
from openedx_utop.attendance.corrections.models import ContestAnswer, CorrectionDecision
from openedx_utop.attendance.journal.chains import Writer, pen
from openedx_utop.attendance.journal.check_journal import beginning
from openedx_utop.attendance.journal.data import Erasure, Term
from openedx_utop.attendance.journal.models import NO_LEARNER, JournalChain, JournalRow, JournalSeal
from openedx_utop.attendance.journal.rules import (
    TOMBSTONE,
    Altered,
    Counted,
    counted,
    seal_of,
    tombstone_row,
)
from openedx_utop.attendance.journal.standing import Enrolment, Standing
from openedx_utop.attendance.models import Presence
from openedx_utop.attendance.summary import milliseconds
from openedx_utop.official_time import official_day
from openedx_utop.training.api import action_for, policies

AT_ONCE = 100


@dataclass(frozen=True)
class Over:
    """A learner's chain that was kept for so many years; `last_seal`: the last one that found it longer, that day."""

    number: int
    learner: int
    course: str
    last_seal: int
    last: date
    years: int


def chains_over(*, now: datetime) -> Iterator[list[Over]]:
    """The chains whose time is over and that have no tombstone yet, some at a time; none that is under contest."""
    days = dict(JournalSeal.objects.values_list("number", "day"))
    courses = JournalChain.objects.filter(user_id=NO_LEARNER).order_by("pk")
    for course_key in courses.values_list("course_key", flat=True):
        kept, today = term(course_key), official_day(now)
        open_to = {number for number, day in days.items() if kept.is_over(day, today)}
        disputed = contested(course_key) | _lately_settled(course_key) if open_to else set()
        for batch in _portions(course_key) if open_to else ():
            found = [
                Over(number, learner, str(course_key), seal, days[seal], kept.years)
                for number, learner, seal in batch
                if seal in open_to and learner not in disputed
            ]
            active = _active({each.learner for each in found}, course_key)
            yield [each for each in found if each.learner not in active]


def bury(chains: Collection[Over], standing: Standing, *, by: str, now: datetime) -> Erasure:
    """Enter the tombstones of these chains, but of those whose rows do not hold: they stay, as a proof.

    One that grew meanwhile, or that has a tombstone already, is left alone.
    """
    entered, altered = 0, []
    with pen(standing):
        writer = Writer(standing, {(NO_LEARNER, each.course) for each in chains})
        buried = set(_tombstones([each.number for each in chains]).values_list("fact", flat=True))
        for chain in chains:
            heads = heads_of(chain.number, chain.learner, chain.course)
            if heads is None:
                altered.append(chain.number)
            elif chain.number not in buried and heads[-1][0] == chain.last_seal:
                row = tombstone_row(chain.number, heads, at=milliseconds(now), years=chain.years, by=by)
                writer.add((NO_LEARNER, chain.course), row)
                entered += 1
        writer.write()
    return Erasure(buried=entered, altered=tuple(altered))


def contested(course_key: CourseKey) -> set[int]:
    """The learners of the course with a contest or a correction that waits for somebody."""
    return {each.user_id for each in unanswered(course_key)} | {each.user_id for each in waiting(course_key)}


def _lately_settled(course_key: CourseKey) -> set[int]:
    """Those of whom an answer or a decision is not in the journal yet: with it, their chain is kept anew."""
    answers = ContestAnswer.objects.filter(_is_outside("answer"), contest__course_key=course_key)
    decisions = CorrectionDecision.objects.filter(_is_outside("decision"), correction__course_key=course_key)
    return {
        *answers.values_list("contest__user_id", flat=True),
        *decisions.values_list("correction__user_id", flat=True),
    }


def _is_outside(kind: str) -> Any:
    return ~Exists(JournalRow.objects.filter(kind=kind, fact=OuterRef("pk")))


def closing(enrolments: Iterable[Enrolment], standing: Standing) -> set[Enrolment]:
    """Those whose chain has a tombstone and is still there: what else is told of them begins another, after it."""
    if not JournalRow.objects.filter(kind=TOMBSTONE).exists():
        # Most nights there is none, and a night may have a million presences.
        return set()
    numbers = standing.numbers(enrolments)
    return {numbers[number] for number in _tombstones(list(numbers)).values_list("fact", flat=True)}


def heads_of(number: int, learner: int, course: str) -> Counted | None:
    """How the seals counted a chain, by its rows; None if they do not follow from each other, or are none."""
    rows = JournalRow.objects.filter(chain=number).order_by("position").values_list("content", "hash")
    kept = ((bytes(content), bytes(stored)) for content, stored in rows)
    try:
        return counted(beginning(course, learner), kept) or None
    except (Altered, KeyError, TypeError, ValueError):
        return None


def _tombstones(numbers: Collection[int]) -> Any:
    return JournalRow.objects.filter(kind=TOMBSTONE, fact__in=numbers)


def held(course_key: CourseKey, learners: Collection[int]) -> set[int]:
    """Those of these learners who have a chain in the course, or will have one again, or with whom somebody is busy."""
    chains = JournalChain.objects.filter(course_key=course_key, user_id__in=learners)
    busy = contested(course_key) | _lately_settled(course_key)
    return {*chains.values_list("user_id", flat=True), *busy.intersection(learners), *_active(learners, course_key)}


def term(course_key: CourseKey) -> Term:
    """For how long the evidence of a course is kept."""
    action = action_for(course_key)
    if action is None:
        # Who paid for it cannot be told any more.
        return Term(settings.UTOP_JOURNAL_EU_YEARS, date.min)
    is_eu_funded = any(policy.is_eu_funded for policy in policies(action))
    years = settings.UTOP_JOURNAL_EU_YEARS if is_eu_funded else settings.UTOP_JOURNAL_YEARS
    return Term(years, action.ends_on)


def _portions(course_key: CourseKey) -> Iterator[list[tuple[int, int, int]]]:
    """Number, learner and last seal of a course's chains without tombstone, in portions."""
    rows = JournalRow.objects.filter(chain=OuterRef("pk")).order_by("-position").values("content")[:1]
    tombstone = JournalRow.objects.filter(kind=TOMBSTONE, fact=OuterRef("pk"))
    chains = JournalChain.objects.filter(~Exists(tombstone), course_key=course_key, user_id__gt=NO_LEARNER)
    chains, after = chains.annotate(last=Subquery(rows)).order_by("pk"), 0
    while batch := list(chains.filter(pk__gt=after).values_list("pk", "user_id", "last")[:AT_ONCE]):
        after = batch[-1][0]
        yield [(number, learner, seal_of(bytes(last or b""))) for number, learner, last in batch]


def _active(learners: Collection[int], course_key: CourseKey) -> set[int]:
    """Those with time that is not in the journal yet."""
    waits = Presence.objects.filter(user_id__in=learners, place__course_key=course_key, journaled=False)
    return set(waits.values_list("user_id", flat=True))

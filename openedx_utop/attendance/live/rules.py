"""When a half-day can be signed, with which code, and what of it was attended. Instants in ms since 1970, or aware."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from openedx_utop.attendance.live.data import BadPlan, HalfDay, Plan, Spans
from openedx_utop.attendance.summary import milliseconds

# A code is shown for five minutes and taken for five more: whoever starts to type it has the time.
CODE_SECONDS = 300
CODES_VALID = 2
CODE_DIGITS = 6

GRACE_BEFORE = timedelta(minutes=15)
GRACE_AFTER = timedelta(minutes=30)

# Wrong codes in ten minutes: whoever mistypes has five; a whole room, or a crowd that guesses, has sixty.
ATTEMPTS_SECONDS = 600
ATTEMPTS_PER_LEARNER = 5
ATTEMPTS_PER_SLOT = 60

# Signatures are per half-day, so a longer one is two, and so is one that goes on after lunch.
LONGEST_HALF_DAY = timedelta(hours=6)
NOON, MORNINGS_END = time(12), time(14)
MOST_HALF_DAYS = 40


def code_periods(now: datetime) -> tuple[int, ...]:
    """The numbers of the periods whose codes are taken now, that of the code on show first."""
    current = int(now.timestamp()) // CODE_SECONDS
    return tuple(current - earlier for earlier in range(CODES_VALID))


def code_seconds_left(now: datetime) -> int:
    """How long the code on show stays on show."""
    return CODE_SECONDS - int(now.timestamp()) % CODE_SECONDS


def code_from(digest: bytes) -> str:
    """Six digits of a digest that nobody can foresee."""
    return f"{int.from_bytes(digest, 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def may_sign(half_day: HalfDay, now: datetime) -> bool:
    """Whether a learner can sign for themselves: from fifteen minutes before the half-day to thirty after it."""
    return half_day.start - GRACE_BEFORE <= now < half_day.end + GRACE_AFTER


def attempts_period(now: datetime) -> int:
    """The number of the ten minutes in which wrong codes are counted together."""
    return int(now.timestamp()) // ATTEMPTS_SECONDS


def attempts_seconds_left(now: datetime) -> int:
    """How long until wrong codes are counted anew."""
    return ATTEMPTS_SECONDS - int(now.timestamp()) % ATTEMPTS_SECONDS


def attended(presences: Iterable[tuple[int, int]], *, start: int, end: int) -> Spans:
    """What of the half-day was attended: the union of the presences, within it; in order, disjoint, none empty."""
    clipped = sorted((max(start, begin), min(end, finish)) for begin, finish in presences)
    united: list[tuple[int, int]] = []
    for begin, finish in clipped:
        if begin >= finish:
            continue
        if united and begin <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], finish))
        else:
            united.append((begin, finish))
    return tuple(united)


def check_plan(plan: Plan, zone: tzinfo) -> None:
    """Raise BadPlan, with a sentence for whoever enters the session, if it cannot be held or signed in this zone."""
    if not plan.title.strip():
        raise BadPlan("title", _("Give the session a title."))
    if plan.modality == "remote_live" and not plan.link:
        raise BadPlan("link", _("Give the link of the videoconference."))
    if plan.modality != "remote_live" and not plan.place.strip():
        raise BadPlan("place", _("Say where the session takes place."))
    if plan.capacity is not None and plan.capacity < 1:
        raise BadPlan("capacity", _("A session has one place at least; leave the field empty for no limit."))
    _check_half_days(plan.half_days, zone)


def differences(former: Plan, plan: Plan) -> dict[str, list[Any]]:
    """What another plan changes of a session, as JSON has it: `[former value, new value]` of each thing."""
    before, after = _values(former), _values(plan)
    return {what: [before[what], after[what]] for what in before if before[what] != after[what]}


def _values(plan: Plan) -> dict[str, Any]:
    return {
        "title": plan.title.strip(),
        "modality": str(plan.modality),
        "place": plan.place.strip(),
        "link": plan.link,
        "capacity": plan.capacity,
        "trainer": plan.trainer_id,
        "module": str(plan.module_key) if plan.module_key else None,
        "half_days": sorted([milliseconds(each.start), milliseconds(each.end)] for each in plan.half_days),
    }


def _check_half_days(half_days: Sequence[HalfDay], zone: tzinfo) -> None:
    if not half_days:
        raise BadPlan("half_days", _("Give at least one half-day: its day, its start and its end."))
    if len(half_days) > MOST_HALF_DAYS:
        raise BadPlan("half_days", _("A session has 40 half-days at most: enter the rest as another session."))
    for each in half_days:
        _check_half_day(each, zone)
    for earlier, later in pairwise(sorted(half_days, key=lambda each: each.start)):
        if later.start < earlier.end:
            raise BadPlan("half_days", _("Two half-days of the session overlap."))


def _check_half_day(half_day: HalfDay, zone: tzinfo) -> None:
    start, end = half_day.start.astimezone(zone), half_day.end.astimezone(zone)
    if half_day.end <= half_day.start:
        raise BadPlan("half_days", _("A half-day ends after its start."))
    if half_day.end - half_day.start > LONGEST_HALF_DAY:
        raise BadPlan("half_days", _("A half-day lasts six hours at most: each half-day is signed on its own."))
    if start.time() < NOON and end > datetime.combine(start.date(), MORNINGS_END, tzinfo=zone):
        raise BadPlan("half_days", _("A half-day that begins before noon ends by 2 p.m.: enter the rest as another."))

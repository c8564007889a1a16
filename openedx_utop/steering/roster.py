"""The learners of an action, sorted by need of attention and cut into pages by the database."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, F, FloatField, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower
from django.db.models.lookups import GreaterThan, LessThan
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.api import course_times, last_presence
from openedx_utop.attendance.assistance.api import last_contacts
from openedx_utop.compat import platform
from openedx_utop.official_time import official_zone
from openedx_utop.sectors.api import learner_levels, learner_sectors, of_level, sector_slug
from openedx_utop.steering.data import NO_SECTOR, NOTHING_DONE, Filter, LearnerRow, Order, Question, Roster
from openedx_utop.steering.models import Progress
from openedx_utop.steering.progress import progress_of
from openedx_utop.steering.rules import (
    BEHIND,
    BEHIND_WEIGHT,
    INACTIVE,
    INACTIVE_WEIGHT,
    Attention,
    Yardstick,
    yardstick,
)
from openedx_utop.training.api import Action, action_for

PAGE = 25
# An export is read in portions of so many learners.
PORTION = 500
# In place of the share of a path that is finished.
FINISHED = 2.0

LISTED: dict[Filter, Collection[Attention]] = {
    Filter.EVERYBODY: tuple(Attention),
    Filter.INACTIVE: INACTIVE,
    Filter.BEHIND: BEHIND,
    Filter.ON_TRACK: (Attention.ON_TRACK,),
    Filter.FINISHED: (Attention.FINISHED,),
}
ORDERS: dict[Order, tuple[Any, ...]] = {
    Order.ATTENTION: (F("attention").desc(), F("last_presence").asc(nulls_first=True), "pk"),
    Order.NAME: (Lower("full_name"), "pk"),
    Order.PRESENCE: (F("last_presence").asc(nulls_first=True), "pk"),
    Order.PROGRESS: (F("done").asc(nulls_first=True), "pk"),
}


def yardstick_of(action: Action, *, now: datetime) -> Yardstick:
    """What the action's learners are held against, by the settings."""
    return yardstick(
        action,
        now=now,
        zone=official_zone(),
        inactive_days=settings.UTOP_INACTIVE_DAYS,
        grace_days=settings.UTOP_BEHIND_DAYS,
    )


def roster(action: Action, question: Question, *, page: int, now: datetime) -> Roster:
    """One page of the learners asked for; a page that does not exist is the nearest that does.

    The number of queries does not depend on how many learners there are.
    """
    against = yardstick_of(action, now=now)
    counts = _counts(_matching(action, question, against))
    pages = max(1, -(-counts[question.only] // PAGE))
    page = min(max(page, 1), pages)
    learners = _listed(action, question, against)[(page - 1) * PAGE : page * PAGE]
    return Roster(tuple(_rows(action, list(learners), now)), counts, page, pages, against)


def learner_row(action: Action, user_id: int, *, now: datetime) -> LearnerRow | None:
    """The list's line of one learner; None if they are not in it."""
    learners = _matching(action, Question(), yardstick_of(action, now=now)).filter(pk=user_id)
    return next(_rows(action, list(learners), now), None)


def attention_counts(course_key: CourseKey, *, now: datetime) -> dict[Filter, int] | None:
    """How many learners each filter would list; None if the course has no training action."""
    action = action_for(course_key)
    return _counts(_matching(action, Question(), yardstick_of(action, now=now))) if action else None


def whole_roster(action: Action, question: Question, *, now: datetime) -> Iterator[LearnerRow]:
    """Every learner asked for, read in portions."""
    learners = _listed(action, question, yardstick_of(action, now=now))
    portion: list[Any] = []
    for learner in learners.iterator(chunk_size=PORTION):
        portion.append(learner)
        if len(portion) == PORTION:
            yield from _rows(action, portion, now)
            portion = []
    yield from _rows(action, portion, now)


def _listed(action: Action, question: Question, against: Yardstick) -> QuerySet[Any]:
    learners = _matching(action, question, against)
    if question.only is not Filter.EVERYBODY:
        learners = learners.filter(attention__in=LISTED[question.only])
    if question.order is Order.PROGRESS:
        learners = learners.alias(done=_done(action.course_key))
    return learners.order_by(*ORDERS[question.order])


def _matching(action: Action, question: Question, against: Yardstick) -> QuerySet[Any]:
    """The learners of this sector and level whose name or address has this text, with their need of attention."""
    learners = platform().learners(action.course_key)
    if text := question.text.strip():
        learners = learners.filter(
            Q(full_name__icontains=text) | Q(username__icontains=text) | Q(email__icontains=text)
        )
    if question.sector:
        slug = None if question.sector == NO_SECTOR else question.sector
        learners = learners.annotate(sector=sector_slug(action.course_key, OuterRef("pk")))
        learners = learners.filter(sector__isnull=True) if slug is None else learners.filter(sector=slug)
    if question.level:
        learners = of_level(learners, action.course_key, question.level)
    # The database works out an expression anew wherever it stands, so each of these stands as seldom as can be.
    seen = last_presence(action.course_key, OuterRef("pk"))
    attention = _attention(_done(action.course_key), seen, against)
    ranked: QuerySet[Any] = learners.annotate(last_presence=seen, attention=attention)
    return ranked


def _done(course_key: CourseKey) -> Subquery:
    """The share of the path that is done, NULL for nothing, and more than all of it once the path is finished."""
    kept = Progress.objects.filter(user_id=OuterRef("pk"), course_key=course_key)
    done = Case(When(is_finished=True, then=Value(FINISHED)), default=F("share"), output_field=FloatField())
    return Subquery(kept.annotate(done=done).values("done")[:1])


def _attention(done: Subquery, seen: Any, against: Yardstick) -> Case:
    """`rules.attention`, in SQL."""
    share = Coalesce(done, 0.0)
    is_behind = LessThan(share, against.due_share) & Q(enrolled_at__lt=against.latecomer_since)
    levels = Value(Attention.ON_TRACK.value) + _weight(BEHIND_WEIGHT, is_behind)
    if against.can_be_inactive:
        levels += _weight(INACTIVE_WEIGHT, LessThan(Coalesce(seen, F("enrolled_at")), against.inactive_before))
    return Case(
        When(GreaterThan(share, 1.0), then=Value(Attention.FINISHED.value)),
        default=levels,
        output_field=IntegerField(),
    )


def _weight(weight: int, condition: Any) -> Case:
    return Case(When(condition, then=Value(weight)), default=Value(0), output_field=IntegerField())


def _counts(learners: QuerySet[Any]) -> dict[Filter, int]:
    """How many learners each filter would list, in one query."""
    by_attention = dict(learners.order_by().values_list("attention").annotate(number=Count("pk")))
    return {only: sum(by_attention.get(each, 0) for each in listed) for only, listed in LISTED.items()}


def _rows(action: Action, learners: list[Any], now: datetime) -> Iterator[LearnerRow]:
    """The details of these learners, each kind in a constant number of queries."""
    course_key, user_ids = action.course_key, [learner.pk for learner in learners]
    sectors, progress = learner_sectors(course_key, user_ids), progress_of(course_key, user_ids)
    levels = learner_levels(course_key, user_ids)
    times, contacts = course_times(user_ids, course_key), last_contacts(course_key, user_ids)
    for learner in learners:
        yield LearnerRow(
            user_id=learner.pk,
            name=learner.full_name or learner.username,
            email=learner.email,
            sector=sectors.get(learner.pk),
            level=levels.get(learner.pk),
            last_presence=learner.last_presence,
            silent_days=_days_since(learner.last_presence, now) if learner.last_presence else None,
            connection_seconds=times[learner.pk].total_seconds,
            certified_seconds=times[learner.pk].certified_seconds,
            certified_live_seconds=times[learner.pk].certified_live_seconds,
            progress=progress.get(learner.pk, NOTHING_DONE),
            attention=Attention(learner.attention),
            last_contact=contacts.get(learner.pk),
        )


def _days_since(instant: datetime, now: datetime) -> int:
    """Whole days; none yet for a half-day that is signed and about to begin."""
    return max(0, (now - instant).days)

"""The live hours that count: what standing signatures prove."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, Min, OuterRef, QuerySet, Subquery
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.live.data import LiveHours
from openedx_utop.attendance.live.models import LiveSignature, LiveSlot, SigningMethod, TrainerSignature
from openedx_utop.attendance.models import Presence
from openedx_utop.attendance.summary import instant
from openedx_utop.left_behind import left_behind
from openedx_utop.official_time import official_day
from openedx_utop.training.data import PolicyFacts, Sessions
from openedx_utop.training.rules import policy_in_force


def live_hours(user_id: int, course_key: CourseKey) -> tuple[LiveHours, ...]:
    """The learner's signed hours in the course, in order of time, in one query; those of one half-day never overlap."""
    return live_hours_of([user_id], course_key)[user_id]


def live_hours_of(user_ids: Collection[int], course_key: CourseKey) -> dict[int, tuple[LiveHours, ...]]:
    """The signed hours of each of these learners, in one query; a learner without any has an empty tuple."""
    return _by_learner(user_ids, LiveSignature.objects.filter(slot__session__course_key=course_key))


def live_hours_elsewhere(user_ids: Collection[int], course_key: CourseKey) -> dict[int, tuple[LiveHours, ...]]:
    """Their signed hours in all other courses: nobody is in two places."""
    return _by_learner(user_ids, LiveSignature.objects.exclude(slot__session__course_key=course_key))


def attended_sessions(user_id: int, course_key: CourseKey, policies: Sequence[PolicyFacts]) -> Sessions:
    """What the learner signed of the sessions that are not cancelled, in two queries.

    A session is attended once each of its half-days is signed, by the trainer too where the day's policy asks for it.
    """
    planned = LiveSlot.objects.filter(session__course_key=course_key, session__cancelled_at=None)
    trained = Exists(TrainerSignature.objects.filter(slot=OuterRef("pk")))
    slots = {slot.pk: slot for slot in planned.annotate(trained=trained)}
    mine = LiveSignature.objects.filter(user_id=user_id, slot__session__course_key=course_key)
    signed = {row.slot_id for row in standing(mine)} & {pk for pk, slot in slots.items() if _counts(slot, policies)}
    left = {slot.session_id for slot in slots.values() if slot.pk not in signed}
    sessions = {slot.session_id for slot in slots.values()}
    return Sessions(half_days=len(signed), attended=len(sessions - left), planned=len(sessions))


def last_attended(course_key: CourseKey, learner: OuterRef) -> Subquery:
    """When the last half-day began that a learner signed, NULL for none, for use inside a query over learners."""
    later = LiveSignature.objects.filter(slot=OuterRef("slot"), user_id=OuterRef("user_id"), rank__gt=OuterRef("rank"))
    signed = LiveSignature.objects.filter(~Exists(later), user_id=learner, slot__session__course_key=course_key)
    kept = signed.exclude(method=SigningMethod.CANCELLED)
    return Subquery(kept.order_by("-slot__start").values("slot__start")[:1])


def signed_since(user_id: int, course_key: CourseKey, since: datetime) -> bool:
    """Whether a half-day of theirs was signed, or cancelled, or first signed by a trainer, after this instant.

    One of another course, too, if it was held before and while something was recorded in this one: it may win over it.
    """
    mine = LiveSignature.objects.filter(user_id=user_id, slot__session__course_key=course_key)
    if mine.filter(signed_at__gt=since).exists():
        return True
    slots = LiveSlot.objects.filter(session__course_key=course_key, signatures__user_id=user_id)
    if slots.annotate(trained_at=Min("trainer_signatures__signed_at")).filter(trained_at__gt=since).exists():
        return True
    late = LiveSlot.objects.filter(signatures__user_id=user_id, signatures__signed_at__gt=since, start__lt=since)
    elsewhere = late.exclude(session__course_key=course_key).distinct()
    presences = Presence.objects.filter(user_id=user_id, place__course_key=course_key)
    recorded: tuple[QuerySet[Any], ...] = (slots, presences)
    return any(rows.filter(start__lt=each.end, end__gt=each.start).exists() for each in elsewhere for rows in recorded)


def last_signed(*, now: datetime) -> dict[int, datetime]:
    """When a half-day of each learner was last signed, cancelled or signed by a trainer, in whichever course.

    Of those whose certificates may have been left behind by it.
    """
    found: dict[int, datetime] = {}
    for at in ("signed_at", "slot__trainer_signatures__signed_at"):
        late = LiveSignature.objects.filter(left_behind(at, now=now)).order_by()
        for user_id, last in late.values_list("user_id").annotate(last=Max(at)):
            found[user_id] = max(last, found.get(user_id, last))
    return found


def _counts(slot: Any, policies: Sequence[PolicyFacts]) -> bool:
    return slot.trained or not policy_in_force(policies, official_day(slot.start)).requires_trainer_signature


def _by_learner(user_ids: Collection[int], signatures: QuerySet[LiveSignature]) -> dict[int, tuple[LiveHours, ...]]:
    trained = TrainerSignature.objects.filter(slot=OuterRef("slot"))
    rows = signatures.filter(user_id__in=user_ids).annotate(trainer_signed=Exists(trained))
    found: dict[int, list[LiveHours]] = {user_id: [] for user_id in user_ids}
    for row in standing(rows.select_related("slot__session")):
        found[row.user_id].extend(_hours(row))
    return {user_id: tuple(sorted(hours, key=lambda each: each.start)) for user_id, hours in found.items()}


def last_rows(rows: QuerySet[LiveSignature]) -> list[LiveSignature]:
    """The row that holds for each learner and half-day, one that cancels included."""
    return list({(row.slot_id, row.user_id): row for row in rows.order_by("rank")}.values())


def standing(rows: QuerySet[LiveSignature]) -> list[LiveSignature]:
    """The same without those that cancel, which prove nothing."""
    return [row for row in last_rows(rows) if row.method != SigningMethod.CANCELLED]


def _hours(row: LiveSignature) -> Iterator[LiveHours]:
    session = row.slot.session
    for start, end in row.intervals:
        yield LiveHours(
            slot_uuid=row.slot.uuid,
            start=instant(start),
            end=instant(end),
            modality=session.modality,
            title=session.title,
            module_key=session.module_key,
            trainer_signed=row.trainer_signed,  # type: ignore[attr-defined]
        )
